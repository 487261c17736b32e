"""Activity with real clicks and keys."""

from __future__ import annotations

import json
import time

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from ostiary.domain.call import CallFilter, CallRow, Outcome
from ostiary.ui.models.calls import MOST_KEPT
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.theme import Theme
from tests.ui.activity_cases import call, calls, detail


@pytest.fixture
def page(qtbot: QtBot) -> ActivityPage:
    page = ActivityPage(Theme())
    qtbot.addWidget(page)
    page.resize(1000, 500)
    with qtbot.waitExposed(page):
        page.show()
    return page


def button(page: ActivityPage, name: str) -> QPushButton:
    return next(found for found in page.findChildren(QPushButton) if found.accessibleName() == name)


def chooser(page: ActivityPage, name: str) -> QComboBox:
    return next(found for found in page.findChildren(QComboBox) if found.accessibleName() == name)


def at_bottom(page: ActivityPage) -> bool:
    bar = page.table.verticalScrollBar()
    return bar.maximum() > 0 and bar.value() == bar.maximum()


def click_row(page: ActivityPage, row: int) -> None:
    place = page.table.visualRect(page.model.index(row, 3)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def show_detail(page: ActivityPage, row: CallRow) -> None:
    """Answer with the call, and let the pane find its place."""
    page.show_detail(detail(row))
    QGuiApplication.processEvents()


def test_an_empty_log_teaches_what_will_appear(page: ActivityPage) -> None:
    assert not page.table.isVisible()
    assert page._no_calls.isVisible()


def test_the_table_follows_its_end_until_the_person_scrolls_up(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 100))
    qtbot.waitUntil(lambda: at_bottom(page))
    page.add_rows(calls(101, 50))
    qtbot.waitUntil(lambda: page.model.rowCount() == 150 and at_bottom(page))

    page.table.verticalScrollBar().setValue(320)
    page.add_rows(calls(151, 50))
    qtbot.waitUntil(lambda: page.model.rowCount() == 200)
    assert page.table.verticalScrollBar().value() == 320
    assert button(page, "Go to the newest call").text() == "↓ 50 new"

    QTest.mouseClick(button(page, "Go to the newest call"), Qt.MouseButton.LeftButton)
    assert at_bottom(page)
    assert not button(page, "Go to the newest call").isVisible()


def test_a_click_on_a_row_asks_for_it_and_shows_it_in_full(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 5))
    with qtbot.waitSignal(page.detail_wanted) as wanted:
        click_row(page, 2)
    assert wanted.args == [3]
    show_detail(page, call(3))
    assert page.pane.isVisible()
    arguments = next(body for body in page.findChildren(QPlainTextEdit) if body.accessibleName() == "Arguments")
    assert '  "path": "~/Projects/site/config.toml",' in arguments.toPlainText()


def test_the_keyboard_walks_opens_and_closes(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 5))
    page.table.setFocus()
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.detail_wanted) as wanted:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert wanted.args == [2]
    show_detail(page, call(2))
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.pane.isVisible()


def test_a_detail_that_comes_after_the_pane_was_closed_is_dropped(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 5))
    click_row(page, 2)
    show_detail(page, call(3))
    QTest.mouseClick(button(page, "Close"), Qt.MouseButton.LeftButton)
    show_detail(page, call(3))
    assert not page.pane.isVisible()


def test_an_open_call_that_ends_is_asked_for_again(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows((call(1, Outcome.RUNNING),))
    click_row(page, 0)
    show_detail(page, call(1, Outcome.RUNNING))
    with qtbot.waitSignal(page.detail_wanted) as wanted:
        page.add_rows((call(1, Outcome.OK),))
    assert wanted.args == [1]


def test_copy_gives_json_that_another_program_reads(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 5))
    click_row(page, 2)
    show_detail(page, call(3))
    QTest.mouseClick(button(page, "Copy as JSON"), Qt.MouseButton.LeftButton)
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["id"] == 3
    assert copied["arguments"]["path"] == "~/Projects/site/config.toml"


def test_a_chosen_filter_holds_at_once_and_asks_the_log_for_the_rest(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 50))
    with qtbot.waitSignal(page.rows_wanted) as wanted:
        chooser(page, "Server").setCurrentText("github")
    assert wanted.args == [CallFilter(server="github"), 0]
    assert {page.model.row_at(row).server for row in range(page.model.rowCount())} == {"github"}


def test_typing_into_the_search_asks_once_when_the_person_pauses(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1, 50))
    asked: list[CallFilter] = []
    page.rows_wanted.connect(lambda wanted, _: asked.append(wanted))
    search = page.findChild(QLineEdit)
    assert search is not None
    QTest.keyClicks(search, "issue")
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [CallFilter(text="issue")]


def test_a_filter_without_a_match_says_so_and_can_be_cleared(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(tuple(call(number, Outcome.OK) for number in range(1, 6)))
    outcomes = chooser(page, "Outcome")
    outcomes.setCurrentIndex(outcomes.findData(Outcome.CUT_OFF))
    assert page._no_match.isVisible()
    QTest.mouseClick(button(page, "Clear filters"), Qt.MouseButton.LeftButton)
    assert page.model.rowCount() == 5
    assert page.table.isVisible()


def test_scrolling_to_the_top_asks_once_for_older_calls(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(500, 100))
    asked: list[int] = []
    page.rows_wanted.connect(lambda _, before: asked.append(before))
    bar = page.table.verticalScrollBar()
    qtbot.waitUntil(lambda: at_bottom(page))
    bar.setValue(0)
    bar.setValue(40)
    bar.setValue(0)
    assert asked == [500]

    page.prepend_rows(calls(400, 100))
    assert page.model.row_at(0).id == 400
    assert page.table.rowAt(0) == 100, "what the person was reading moved"


def test_no_older_calls_are_asked_for_when_memory_is_full(qtbot: QtBot, page: ActivityPage) -> None:
    page.set_rows(calls(1_000, MOST_KEPT))
    asked: list[int] = []
    page.rows_wanted.connect(lambda _, before: asked.append(before))
    page.table.verticalScrollBar().setValue(0)
    assert asked == []


def test_every_control_has_a_name(page: ActivityPage) -> None:
    for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView):
        for widget in page.findChildren(kind):
            # Buttons inside another control (the clear button, the table's corner) are part of it.
            inner = isinstance(widget.parent(), QLineEdit | QTableView)
            assert inner or widget.accessibleName(), f"{widget} has no name"


def test_ten_thousand_calls_arrive_while_the_window_lives(
    qtbot: QtBot, page: ActivityPage, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tuple(msgspec.structs.replace(call(number), outcome=Outcome.RUNNING) for number in range(1, 10_001))
    page.add_rows(rows[:1])
    qtbot.waitUntil(page.table.isVisible)
    longest, last = 0.0, time.perf_counter()
    page.add_rows(rows[1:])
    while page.model.rowCount() < len(rows):
        QGuiApplication.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert at_bottom(page)
    with capsys.disabled():
        print(f" longest stall at 10,000 rows: {longest * 1000:.0f} ms ", end="")
