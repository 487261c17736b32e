"""Activity with real clicks and keys."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from ostiary.control.messages import IndexCalls
from ostiary.domain.approval import Decision
from ostiary.domain.call import CallFilter, CallRow, Outcome
from ostiary.ui.models.calls import Column
from ostiary.ui.pages import activity_words as words
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.pages.activity_filters import WIDEST_PX
from ostiary.ui.theme import Theme
from tests.support.call_book import Asked, CallBook
from tests.support.labels import said
from tests.ui.activity_cases import call, calls, detail


class Log:
    """The log behind the page, and what the page asked of it."""

    def __init__(self, qtbot: QtBot, book: CallBook) -> None:
        self._qtbot = qtbot
        self.book = book
        self.ask = Asked(book, lambda answer: QTimer.singleShot(0, answer))

    @property
    def sought(self) -> list[CallFilter]:
        """What was looked for, in order."""
        return [one.filter for one in self.ask.commands if isinstance(one, IndexCalls) and not one.before]

    def show(self, page: ActivityPage, rows: tuple[CallRow, ...]) -> None:
        """The log holds these, and the page has begun anew and painted them."""
        self.book.note(rows)
        page.restart(rows)
        self.wait(page)

    def happen(self, page: ActivityPage, rows: tuple[CallRow, ...]) -> None:
        """Calls are written down, then told."""
        self.book.note(rows)
        page.add_rows(rows)

    def wait(self, page: ActivityPage) -> None:
        """Until all that is in view is there."""
        self._qtbot.waitUntil(lambda: page.feed.is_quiet and _is_painted(page))


def _is_painted(page: ActivityPage) -> bool:
    page.table.viewport().grab()
    first = max(0, page.table.rowAt(0))
    return page.model.rowCount() == 0 or page.model.line_at(first) is not None


@pytest.fixture
def log(qtbot: QtBot) -> Iterator[Log]:
    with closing(CallBook()) as book:
        yield Log(qtbot, book)


@pytest.fixture
def page(qtbot: QtBot, log: Log) -> ActivityPage:
    page = ActivityPage(Theme(), log.ask)
    qtbot.addWidget(page)
    page.resize(1000, 500)
    with qtbot.waitExposed(page):
        page.show()
    log.show(page, ())
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


def painted_ids(page: ActivityPage) -> list[int]:
    lines = [page.model.line_at(line) for line in range(page.model.rowCount())]
    return [line.row.id for line in lines if line is not None]


def alike(first: int, count: int) -> tuple[CallRow, ...]:
    return tuple(replace(call(4, Outcome.OK), id=number) for number in range(first, first + count))


def show_detail(page: ActivityPage, row: CallRow) -> None:
    """Answer with the call, and let the pane find its place."""
    page.show_detail(detail(row))
    QGuiApplication.processEvents()


def test_an_empty_log_teaches_what_will_appear(page: ActivityPage, log: Log) -> None:
    assert not page.table.isVisible()
    assert page._no_calls.isVisible()


def test_the_table_follows_its_end_until_the_person_scrolls_up(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 100))
    qtbot.waitUntil(lambda: at_bottom(page))
    log.happen(page, calls(101, 50))
    qtbot.waitUntil(lambda: page.model.rowCount() == 150 and at_bottom(page))

    page.table.verticalScrollBar().setValue(320)
    log.happen(page, calls(151, 50))
    qtbot.waitUntil(lambda: page.model.rowCount() == 200)
    assert page.table.verticalScrollBar().value() == 320
    assert button(page, "Go to the newest call").text() == "↓ 50 new"

    QTest.mouseClick(button(page, "Go to the newest call"), Qt.MouseButton.LeftButton)
    assert at_bottom(page)
    assert not button(page, "Go to the newest call").isVisible()


def test_a_click_on_a_row_asks_for_it_and_shows_it_in_full(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 5))
    with qtbot.waitSignal(page.detail_wanted) as wanted:
        click_row(page, 2)
    assert wanted.args == [3]
    show_detail(page, call(3))
    assert page.pane.isVisible()
    arguments = next(body for body in page.findChildren(QPlainTextEdit) if body.accessibleName() == "Arguments")
    assert '  "path": "~/Projects/site/config.toml",' in arguments.toPlainText()


def test_the_keyboard_walks_opens_and_closes(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 5))
    page.table.setFocus()
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.detail_wanted) as wanted:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert wanted.args == [2]
    show_detail(page, call(2))
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.pane.isVisible()


def test_a_detail_that_comes_after_the_pane_was_closed_is_dropped(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 5))
    click_row(page, 2)
    show_detail(page, call(3))
    QTest.mouseClick(button(page, "Close"), Qt.MouseButton.LeftButton)
    show_detail(page, call(3))
    assert not page.pane.isVisible()


def test_an_open_call_that_ends_is_asked_for_again(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, (call(1, Outcome.RUNNING),))
    click_row(page, 0)
    show_detail(page, call(1, Outcome.RUNNING))
    with qtbot.waitSignal(page.detail_wanted) as wanted:
        log.happen(page, (call(1, Outcome.OK),))
    assert wanted.args == [1]


def test_copy_gives_json_that_another_program_reads(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 5))
    click_row(page, 2)
    show_detail(page, call(3))
    QTest.mouseClick(button(page, "Copy as JSON"), Qt.MouseButton.LeftButton)
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["id"] == 3
    assert copied["arguments"]["path"] == "~/Projects/site/config.toml"


def test_a_chosen_filter_shows_all_that_the_log_has_of_it(page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 400))
    chooser(page, "Server").setCurrentText("github")
    log.wait(page)
    assert log.sought[-1] == CallFilter(server="github")
    assert {number % 4 for number in painted_ids(page)} == {2}
    assert page.model.rowCount() == 100
    assert "100 calls match" in said(page)


@pytest.mark.parametrize(
    ("name", "choice", "expected"),
    [
        ("Tool", "outline", CallFilter(tool="outline")),
        ("Decision", "Denied", CallFilter(decision=Decision.DENY)),
        ("Outcome", "▲ Failed", CallFilter(outcome=Outcome.FAILED)),
    ],
)
def test_each_filter_asks_for_what_it_says(
    page: ActivityPage, log: Log, name: str, choice: str, expected: CallFilter
) -> None:
    log.show(page, calls(1, 50))
    chooser(page, name).setCurrentText(choice)
    assert log.sought[-1] == expected


def test_typing_into_the_search_looks_through_bodies_once_when_the_person_pauses(
    qtbot: QtBot, page: ActivityPage, log: Log
) -> None:
    log.book.note(calls(1, 50))
    log.book.note((call(51),), arguments='{"note":"needle in the arguments"}')
    asked = len(log.sought)
    search = page.findChild(QLineEdit)
    assert search is not None
    QTest.keyClicks(search, "Needle")
    qtbot.waitUntil(lambda: len(log.sought) > asked)
    assert log.sought[asked:] == [CallFilter(anywhere="Needle")]
    log.wait(page)
    assert painted_ids(page) == [51]


def test_a_filter_without_a_match_says_so_and_can_be_cleared(page: ActivityPage, log: Log) -> None:
    log.show(page, tuple(call(number, Outcome.OK) for number in range(1, 6)))
    outcomes = chooser(page, "Outcome")
    outcomes.setCurrentIndex(outcomes.findData(Outcome.CUT_OFF))
    log.wait(page)
    assert page._no_match.isVisible()
    QTest.mouseClick(button(page, "Clear filters"), Qt.MouseButton.LeftButton)
    log.wait(page)
    assert page.model.rowCount() == 5
    assert page.table.isVisible()


def test_the_oldest_of_many_calls_is_a_key_away_and_so_is_the_newest(
    qtbot: QtBot, page: ActivityPage, log: Log
) -> None:
    log.show(page, calls(1, 30_000))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: page.model.line_at(0) is not None)
    assert page.table.rowAt(0) == 0
    assert button(page, "Go to the newest call").isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_End)
    assert at_bottom(page)


def test_what_the_person_reads_stays_in_place_while_older_calls_are_found(
    qtbot: QtBot, page: ActivityPage, log: Log
) -> None:
    log.book.note(calls(1, 40_000))
    log.ask.holds = True
    page.restart()
    log.ask.let_go()
    log.ask.holds = True
    qtbot.waitUntil(lambda: page.model.rowCount() > 1_000)
    page.table.verticalScrollBar().setValue(320)
    below = page.model.rowCount() - page.table.rowAt(0)
    log.ask.let_go()
    qtbot.waitUntil(lambda: page.feed.is_whole)
    assert page.model.rowCount() - page.table.rowAt(0) == below


def test_a_click_on_the_mark_and_the_arrow_keys_open_and_close_repeats(page: ActivityPage, log: Log) -> None:
    log.show(page, alike(1, 4))
    assert painted_ids(page) == [4]
    assert page.model.index(0, Column.TOOL).data().startswith("▸ ×4")

    mark = page.table.visualRect(page.model.index(0, Column.TOOL)).topLeft() + QPoint(12, 12)
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=mark)
    assert painted_ids(page) == [4, 1, 2, 3, 4]
    assert page.model.index(0, Column.TOOL).data().startswith("▾ ×4")
    assert not page.pane.isVisible()

    page.table.setFocus()
    page.table.selectRow(2)
    QTest.keyClick(page.table, Qt.Key.Key_Left)
    assert painted_ids(page) == [4]
    assert page.table.currentIndex().row() == 0
    QTest.keyClick(page.table, Qt.Key.Key_Right)
    assert painted_ids(page) == [4, 1, 2, 3, 4]


def test_repeats_can_stand_one_by_one(page: ActivityPage, log: Log) -> None:
    log.show(page, alike(1, 4))
    QTest.mouseClick(page.filters.groups, Qt.MouseButton.LeftButton, pos=QPoint(8, page.filters.groups.height() // 2))
    log.wait(page)
    assert painted_ids(page) == [1, 2, 3, 4]


def test_a_search_can_be_stopped_and_tells_how_far_it_came(page: ActivityPage, log: Log) -> None:
    log.book.note(calls(1, 30_000))
    log.ask.holds = True
    page.restart()
    assert "Searching…" in said(page)
    QTest.mouseClick(page.foot.stop, Qt.MouseButton.LeftButton)
    log.ask.let_go()
    log.wait(page)
    assert "in the newest 5" in said(page)
    QTest.mouseClick(page.foot.go_on, Qt.MouseButton.LeftButton)
    log.wait(page)
    assert "30,000 calls" in said(page)


def test_a_call_is_shown_as_its_messages(page: ActivityPage, log: Log) -> None:
    log.show(page, calls(1, 5))
    click_row(page, 2)
    show_detail(page, call(3))
    QTest.mouseClick(page.pane.raw, Qt.MouseButton.LeftButton)
    shown = next(body for body in page.findChildren(QPlainTextEdit) if body.accessibleName() == words.MESSAGES)
    assert shown.isVisible()
    request, answer = (json.loads(text) for text in shown.toPlainText().split("\n\n"))
    assert (request["method"], request["params"]["name"]) == ("tools/call", call(3).tool)
    assert answer["result"]["content"][0]["text"] == "Changed 3 lines."


def test_every_control_has_a_name(page: ActivityPage, log: Log) -> None:
    for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView):
        for widget in page.findChildren(kind):
            # Buttons inside another control (the clear button, the table's corner) are part of it.
            inner = isinstance(widget.parent(), QLineEdit | QTableView)
            assert inner or widget.accessibleName(), f"{widget} has no name"


def test_ten_thousand_calls_arrive_while_the_window_lives(
    qtbot: QtBot, page: ActivityPage, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tuple(replace(call(number), outcome=Outcome.RUNNING) for number in range(1, 10_001))
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


def test_beginning_anew_shows_what_the_log_says_and_not_what_still_waited(page: ActivityPage, log: Log) -> None:
    ended = call(4, Outcome.OK)
    log.show(page, (ended,))

    page.add_rows((replace(ended, outcome=Outcome.RUNNING),))
    page.restart()
    log.wait(page)

    assert [row.outcome for row in page.model.held()] == [Outcome.OK]


def test_beginning_anew_asks_again_for_the_call_that_is_open(qtbot: QtBot, page: ActivityPage, log: Log) -> None:
    log.show(page, (call(4),))
    page.open_call(4)

    with qtbot.waitSignal(page.detail_wanted) as asked:
        page.restart()

    assert asked.args == [4]


def test_a_tool_with_a_long_name_leaves_the_other_filters_their_room(page: ActivityPage, log: Log) -> None:
    log.show(page, (replace(call(1), tool="a_very_long_name_" * 8),))
    tool = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == "Tool")
    assert tool.count() == 2
    assert tool.sizeHint().width() > WIDEST_PX
    assert tool.width() <= WIDEST_PX


def test_a_call_that_a_person_comes_for_is_shown_and_marked_though_charts_were_there(
    page: ActivityPage, log: Log
) -> None:
    log.show(page, calls(1, 5))
    page.charts_button.click()
    page.open_call(2)
    show_detail(page, call(2))
    assert page.pane.isVisible()
    assert page.table.hasFocus()
    (line,) = page.table.selectionModel().selectedRows()
    assert line.row() == page.model.row_of(2)

    page.open_call(999)
    assert page.table.selectionModel().selectedRows() == []
