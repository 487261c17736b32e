"""What of Activity is in view where the room is short, and what is told of what is cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolTip
from pytestqt.qtbot import QtBot

from ostiary.ui.models.calls import Column
from ostiary.ui.pages.activity import SHARES, ActivityPage
from ostiary.ui.pages.activity_table import WIDTHS
from ostiary.ui.parts.text import plain_tip
from ostiary.ui.theme import Theme
from tests.support.call_book import Asked, CallBook
from tests.ui.activity_cases import call, detail

PATH = "/home/robin/<b>" + "a-long-name/" * 20


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[ActivityPage]:
    """Three calls in the narrowest window."""
    rows = tuple(replace(call(number), item=PATH) for number in (1, 2, 3))
    with closing(CallBook(rows)) as book:
        page = ActivityPage(Theme(), Asked(book, lambda answer: QTimer.singleShot(0, answer)))
        qtbot.addWidget(page)
        page.resize(360, 640)
        with qtbot.waitExposed(page):
            page.show()
        page.restart(rows)
        qtbot.waitUntil(lambda: page.feed.is_quiet and is_painted(page))
        yield page


def is_painted(page: ActivityPage) -> bool:
    page.table.viewport().grab()
    return page.model.line_at(0) is not None


def outcomes(page: ActivityPage) -> QComboBox:
    return next(found for found in page.findChildren(QComboBox) if found.accessibleName() == "Outcome")


def point_at(page: ActivityPage, column: Column) -> None:
    """The pointer rests on a cell of the first line until it is told what it is on."""
    at = page.table.visualRect(page.model.index(0, column)).center()
    viewport = page.table.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))


def test_filters_fold_where_the_width_is_short_and_say_how_many_are_set(page: ActivityPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.filters.fold.isVisible)
    assert not outcomes(page).isVisible()
    QTest.mouseClick(page.filters.fold, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(outcomes(page).isVisible)
    outcomes(page).setCurrentIndex(1)
    page.filters.failures.click()
    assert page.filters.fold.text() == "Filters · 2"
    page.resize(1000, 640)
    qtbot.waitUntil(lambda: not page.filters.fold.isVisible())
    assert outcomes(page).isVisible()


def test_what_is_cut_in_a_cell_is_told_whole_and_never_as_markup(page: ActivityPage, qtbot: QtBot) -> None:
    page.resize(1000, 640)
    qtbot.waitUntil(lambda: not page.table.isColumnHidden(Column.TIME))
    point_at(page, Column.ITEM)
    assert QToolTip.text() == plain_tip(PATH)
    point_at(page, Column.TIME)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_detail_gets_its_share_below_the_table_too(page: ActivityPage, qtbot: QtBot) -> None:
    page.open_call(2)
    page.show_detail(detail(call(2)))
    table, pane = SHARES[Qt.Orientation.Vertical]
    qtbot.waitUntil(lambda: abs(page.pane.height() / page.table.height() - pane / table) < 0.1)


def test_a_tools_name_has_its_room_again_once_the_window_is_wide_again(page: ActivityPage, qtbot: QtBot) -> None:
    page.resize(200, 640)
    qtbot.waitUntil(lambda: page.table.isColumnHidden(Column.ITEM))
    page.resize(1000, 640)
    qtbot.waitUntil(lambda: not page.table.isColumnHidden(Column.ITEM))
    assert page.table.columnWidth(Column.TOOL) == WIDTHS[Column.TOOL]
    assert page.table.columnWidth(Column.ITEM) > WIDTHS[Column.ITEM]
