"""Undoing a write from its call in the page Activity: offered where it can be, told how it went, wished for once."""

from __future__ import annotations

from ostiary.control.messages import UndoCall
from ostiary.ui.pages import activity_words
from ostiary.ui.pages.activity_detail import CallDetailPane
from tests.support.front import Front

ACTIVITY = 3


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
