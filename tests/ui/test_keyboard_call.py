"""A call's detail by the keyboard alone: each of its buttons is reached, pressed, and seen to do what it says."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import AllowNext, SetToolState, UndoCall
from ostiary.domain.server import ToolState
from ostiary.ui import words as common
from ostiary.ui.pages import activity_words as words
from ostiary.ui.pages.activity_detail import CallDetailPane
from tests.support.front import Front
from tests.support.keys import Keys

DEEDS = (UndoCall, AllowNext, SetToolState)
OLDEST, NEWEST = Qt.Key.Key_Home, Qt.Key.Key_End


@pytest.fixture
def keys(front: Front) -> Keys:
    return Keys(front)


def open_call(front: Front, keys: Keys, which: Qt.Key) -> CallDetailPane:
    """From the table, which is left by the keys alone from then on."""
    activity = front.application.activity
    keys.show("activity")
    front.wait(lambda: bool(activity.table.model().index(0, 0).data()))
    keys.tab_to(words.CALLS)
    keys.press(which)
    keys.press(Qt.Key.Key_Return)
    front.wait(activity.pane.isVisible)
    return activity.pane


def press(keys: Keys, name: str) -> QWidget:
    """Go there and press it; gives what has the keyboard then."""
    keys.tab_to(name)
    keys.press(Qt.Key.Key_Space)
    return keys.at


def test_a_denied_call_is_allowed_next_time_its_tool_asks_and_it_is_read_and_copied(front: Front, keys: Keys) -> None:
    pane = open_call(front, keys, NEWEST)
    assert words.MESSAGES_MEAN not in front.words(pane)
    raw = press(keys, words.SHOW_MESSAGES)
    assert '"jsonrpc"' in front.words(pane)
    keys.press(Qt.Key.Key_Space)
    assert keys.at is raw
    assert '"jsonrpc"' not in front.words(pane)

    press(keys, words.ALLOW_NEXT)
    front.wait_asked(AllowNext(id=3))
    front.wait(lambda: words.ALLOWED_NEXT in front.words(pane))
    press(keys, words.ALWAYS_ASK)
    front.wait_asked(SetToolState(name="files", own_name="read_text_file", state=ToolState.ASKS))
    front.wait(lambda: words.ASKS_NOW in front.words(pane))

    press(keys, words.COPY_JSON)
    assert json.loads(QGuiApplication.clipboard().text())["id"] == 3
    assert press(keys, common.CLOSE) is front.application.activity.table
    assert pane.isHidden()


def test_a_write_is_undone_once_and_the_rule_that_let_it_pass_is_looked_at(front: Front, keys: Keys) -> None:
    pane = open_call(front, keys, OLDEST)
    press(keys, words.UNDO)
    keys.press(Qt.Key.Key_Space)  # of a hand that presses twice
    front.wait(lambda: words.UNDONE in front.words(pane))
    assert [type(asked) for asked in front.asked if isinstance(asked, DEEDS)] == [UndoCall]
    press(keys, words.rule_link(7))
    front.wait(front.application.rules.page.isVisible)
    assert front.application.rules.page.isAncestorOf(keys.at)
