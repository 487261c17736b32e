"""Each page by the keyboard alone: every control is reached by Tab, seen to have it, and does what it is for."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from ostiary.control.messages import (
    AddRoot,
    ApplyHostChange,
    DisableServer,
    RemoveRoot,
    RevokeGrant,
    SetToolState,
)
from ostiary.domain.root import RootMode
from ostiary.domain.server import ToolState
from ostiary.ui import words
from ostiary.ui.pages import host_words, rule_words
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.theme import Scheme
from tests.support.front import Front
from tests.support.keys import PAGES, Keys, controls, looks, said

SAME_ROW_PX = 8


@pytest.fixture
def keys(front: Front) -> Keys:
    return Keys(front)


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_every_control_and_goes_around(front: Front, keys: Keys, page: str) -> None:
    keys.show(page)
    reached = keys.round()
    missed = controls(front.window) - set(reached)
    assert [said(widget) or repr(widget) for widget in missed] == []


@pytest.mark.parametrize("page", PAGES)
def test_whatever_has_the_keyboard_can_be_seen_to_have_it(front: Front, keys: Keys, page: str) -> None:
    keys.show(page)
    same = []
    for widget in keys.round():
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        with_it = looks(widget)
        widget.clearFocus()
        if widget.isVisible() and looks(widget) == with_it:
            same.append(said(widget) or repr(widget))
    assert same == []


@pytest.mark.parametrize("page", ["servers", "hosts", "folders", "rules", "secrets"])
def test_tab_goes_down_the_page(front: Front, keys: Keys, page: str) -> None:
    keys.show(page)
    page_of = front.application.servers.parentWidget()
    assert page_of is not None
    tops = [widget.mapTo(front.window, QPoint()).y() for widget in keys.round() if page_of.isAncestorOf(widget)]
    assert [one for one, other in itertools.pairwise(tops) if other < one - SAME_ROW_PX] == []


def test_a_server_is_switched_opened_set_and_left(front: Front, keys: Keys) -> None:
    keys.show("servers")
    row = keys.tab_to("Files, Running")
    keys.press(Qt.Key.Key_Space)
    front.wait_asked(DisableServer(name="files"))
    keys.press(Qt.Key.Key_Return)
    detail = front.application.servers.page.findChild(ServerDetail)
    assert detail is not None
    front.wait(detail.isVisible)
    keys.tab_to("read_text_file: Asks")
    keys.press(Qt.Key.Key_Space)
    front.wait_asked(SetToolState(name="files", own_name="read_text_file", state=ToolState.ASKS))
    keys.press(Qt.Key.Key_Escape)
    assert not detail.isVisible()
    assert keys.at is row


def test_a_host_is_connected(front: Front, keys: Keys) -> None:
    keys.show("hosts")
    keys.tab_to(f"Cursor: {host_words.CONNECT}")
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: host_words.WRITE_CHANGE in front.words(front.application.hosts.page))
    keys.tab_to(host_words.WRITE_CHANGE)
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: any(isinstance(asked, ApplyHostChange) for asked in front.asked))


def test_a_folder_is_made_read_only_removed_and_put_back(front: Front, keys: Keys) -> None:
    path = "/home/robin/Projects/website"
    keys.show("folders")
    keys.tab_to(f"website: {words.READ_ONLY}")
    keys.press(Qt.Key.Key_Space)
    front.wait_asked(AddRoot(path=path, mode=RootMode.READ_ONLY))
    keys.tab_to(f"{words.REMOVE} website")
    keys.press(Qt.Key.Key_Space)
    front.wait_asked(RemoveRoot(path=path))
    front.wait(front.application.folders.page.undo.isVisible)
    keys.tab_to(words.PUT_BACK)
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: [root.label for root in front.application.mirror.roots].count("website") == 1)


def test_a_call_is_searched_opened_and_closed(front: Front, keys: Keys) -> None:
    activity = front.application.activity
    keys.show("activity")
    QTest.keyClick(front.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert keys.at is activity.search
    front.wait(lambda: bool(activity.table.model().index(0, 0).data()))
    assert keys.tab_to("Calls") is activity.table
    keys.press(Qt.Key.Key_Home)
    keys.press(Qt.Key.Key_Return)
    front.wait(activity.pane.isVisible)
    keys.press(Qt.Key.Key_Escape)
    front.wait(lambda: not activity.pane.isVisible())


def test_a_question_is_reviewed(front: Front, keys: Keys) -> None:
    keys.show("approvals")
    keys.tab_to(words.REVIEW)
    keys.press(Qt.Key.Key_Space)
    front.wait(front.application.prompt.isVisible)


def test_a_rule_is_revoked(front: Front, keys: Keys) -> None:
    keys.show("rules")
    keys.tab_to(f"{rule_words.REVOKE}")
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: any(isinstance(asked, RevokeGrant) for asked in front.asked))


def test_the_theme_is_changed(front: Front, keys: Keys) -> None:
    keys.show("settings")
    keys.tab_to("Theme")
    keys.press(Qt.Key.Key_Right)
    keys.press(Qt.Key.Key_Right)
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: front.application.own.preferences.scheme is Scheme.DARK)
