"""Undoing a write from its call in the page Activity: offered where it can be, told how it went, wished for once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AllowNext, Done, UndoCall
from ostiary.domain.call import CallDetail
from ostiary.domain.errors import OstiaryError, RefusedError
from ostiary.ui.call_wishes import CallWishes
from ostiary.ui.pages import activity_words
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.pages.activity_detail import CallDetailPane
from ostiary.ui.pages.rules import RulesPage
from ostiary.ui.parts.later import Later
from ostiary.ui.theme import Theme
from tests.support.call_rows import call_row
from tests.support.front import Front
from tests.support.slow_gateway import SlowGateway

ACTIVITY = 3


class CallsOnShow:
    """The page Activity over a gateway that answers late; every call in it can be undone."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        self.gateway = SlowGateway()
        self.page = ActivityPage(theme, self.gateway)
        self.pane = self.page.pane
        self.failures: list[OstiaryError] = []
        rules = Later(lambda: cast("RulesPage", QWidget()))  # which nobody goes to here
        self._wishes = CallWishes(self.page, rules, self.gateway, lambda _: None, parent)
        self._wishes.failed.connect(self.failures.append)

    def open(self, number: int) -> None:
        """Until it stands there: the log answers at once."""
        self.page.open_call(number)
        self.page.show_detail(CallDetail(row=call_row(number), undo=f"change-{number}"))

    def said(self) -> str:
        return "\n".join(label.text() for label in self.pane.findChildren(QLabel) if not label.isHidden())


@pytest.fixture
def calls(qtbot: QtBot, dressed: Theme) -> Iterator[CallsOnShow]:
    with_parent = QObject()
    calls = CallsOnShow(dressed, with_parent)
    qtbot.addWidget(calls.page)
    yield calls
    with_parent.deleteLater()


def opened(front: Front, number: int) -> CallDetailPane:
    activity = front.application.activity
    front.show_place(ACTIVITY)
    activity.table.opened.emit(number)
    front.wait(lambda: activity.pane.shown is not None and activity.pane.shown.row.id == number)
    return activity.pane


def test_a_write_is_undone_by_a_click_and_has_nothing_left_to_undo(front: Front) -> None:
    pane = opened(front, 1)

    front.click(pane.undo)

    assert not pane.undo.isEnabled()
    front.wait(lambda: activity_words.UNDONE in front.words(pane))
    assert not pane.undo.isVisible()
    assert front.asked.count(UndoCall(id=1)) == 1


def test_a_call_with_nothing_to_undo_does_not_offer_it(front: Front) -> None:
    assert not opened(front, 2).undo.isVisible()


def test_a_refusal_is_told_and_the_wish_can_be_made_again(front: Front) -> None:
    pane = opened(front, 1)
    front.click(pane.undo)
    front.wait(lambda: not pane.undo.isVisible())

    pane.undo_wanted.emit(1)

    front.wait(lambda: "changed after that change was made" in front.words(pane))
    assert pane.undo.isEnabled()


def test_what_became_of_one_call_is_not_told_below_another(front: Front) -> None:
    pane = opened(front, 2)

    pane.show_undone(1)

    assert activity_words.UNDONE not in front.words(pane)


def test_an_answer_that_comes_late_is_not_told_below_another_call(calls: CallsOnShow) -> None:
    calls.open(1)
    calls.pane.allow_next_wanted.emit(1)
    calls.open(2)

    calls.gateway.answer(Done(), calls.gateway.asked.index(AllowNext(id=1)))

    assert activity_words.ALLOWED_NEXT not in calls.said()


def test_a_refusal_of_a_call_that_is_no_longer_on_show_is_told_elsewhere(calls: CallsOnShow) -> None:
    refused = RefusedError("Nothing was undone", "It changed meanwhile.")
    calls.open(1)
    calls.pane.undo.click()
    calls.open(2)

    calls.gateway.refuse(refused, calls.gateway.asked.index(UndoCall(id=1)))

    assert "Nothing was undone" not in calls.said()
    assert calls.failures == [refused]


def test_a_call_that_is_shown_again_while_it_is_being_undone_cannot_be_undone_twice(calls: CallsOnShow) -> None:
    calls.open(1)
    calls.pane.undo.click()
    calls.open(2)
    assert calls.pane.undo.isEnabled()
    calls.open(1)

    calls.pane.undo.click()

    assert calls.gateway.asked.count(UndoCall(id=1)) == 1
    calls.gateway.refuse(RefusedError("Nothing was undone"), calls.gateway.asked.index(UndoCall(id=1)))
    assert calls.pane.undo.isEnabled()


def test_what_was_told_of_a_call_stays_while_its_row_changes(calls: CallsOnShow) -> None:
    calls.open(1)
    calls.pane.allow_next_wanted.emit(1)
    calls.gateway.answer(Done())

    calls.open(1)

    assert activity_words.ALLOWED_NEXT in calls.said()
