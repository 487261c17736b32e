"""What opens within a page, by the keyboard alone: no control is missed, Esc closes it, and the way back is kept."""

from __future__ import annotations

from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from ostiary.control.messages import Diagnose, RemoveSecret, SetMode, SetSecret
from ostiary.domain.approval import GateMode
from ostiary.ui import words
from ostiary.ui.pages import doctor_words, host_words
from tests.support.front import Front
from tests.support.keys import Keys, controls, said

FORMS: Final = (
    ("servers", "Add a server", "Name"),
    ("hosts", "Bring in servers…", "From my hosts"),
    ("hosts", "Cursor: Connect…", "Cursor: Cancel"),
    ("hosts", "Claude Desktop: What it sees…", "Tools of Files"),
    ("secrets", "Add a secret", "Name"),
    ("secrets", "GITHUB_TOKEN: Set…", "New value of GITHUB_TOKEN"),
    ("secrets", "Remove GITHUB_TOKEN", "Cancel"),
)
"""A page, what opens something there, and a control of what it opens."""
FILTERS: Final = ("All hosts", "All servers", "All tools", "All decisions", "All outcomes", "Any time")


@pytest.fixture
def keys(front: Front) -> Keys:
    return Keys(front)


def open_form(front: Front, keys: Keys, page: str, opener: str, first: str) -> QWidget:
    """Gives what opened it."""
    keys.show(page)
    found = keys.tab_to(opener)
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: shows(front, first))
    return found


def shows(front: Front, name: str) -> bool:
    return any(said(widget).startswith(name) for widget in controls(front.window))


@pytest.mark.parametrize(("page", "opener", "first"), FORMS, ids=[opener for _, opener, _ in FORMS])
def test_tab_reaches_every_control_of_what_opens_and_is_not_caught(
    front: Front, keys: Keys, page: str, opener: str, first: str
) -> None:
    open_form(front, keys, page, opener, first)
    reached = keys.round()
    assert [said(widget) or repr(widget) for widget in controls(front.window) - set(reached)] == []


@pytest.mark.parametrize(("page", "opener", "first"), FORMS, ids=[opener for _, opener, _ in FORMS])
def test_esc_closes_what_is_open_and_leads_back(front: Front, keys: Keys, page: str, opener: str, first: str) -> None:
    found = open_form(front, keys, page, opener, first)
    keys.tab_to(first)
    keys.press(Qt.Key.Key_Escape)
    assert not shows(front, first)
    assert keys.at is found
    assert front.asked == [] or page == "hosts"  # a host's change is planned, and only looked at


def test_a_secret_is_added_set_anew_and_removed(front: Front, keys: Keys) -> None:
    open_form(front, keys, "secrets", words.ADD_SECRET, "Name")
    QTest.keyClicks(keys.at, "NEW_TOKEN")
    keys.press(Qt.Key.Key_Tab)
    QTest.keyClicks(keys.at, "first")
    keys.press(Qt.Key.Key_Return)
    front.wait_asked(SetSecret(name="NEW_TOKEN", value="first"))
    front.wait(lambda: shows(front, "NEW_TOKEN: Set…"))
    keys.tab_to("NEW_TOKEN: Set…")
    keys.press(Qt.Key.Key_Space)
    QTest.keyClicks(keys.at, "second")
    keys.press(Qt.Key.Key_Return)
    front.wait_asked(SetSecret(name="NEW_TOKEN", value="second"))
    assert said(keys.at) == "NEW_TOKEN: Set…"
    keys.tab_to("Remove NEW_TOKEN")
    keys.press(Qt.Key.Key_Space)
    assert said(keys.at) == words.CANCEL
    QTest.keyClick(keys.at, Qt.Key.Key_Backtab)
    keys.press(Qt.Key.Key_Space)
    front.wait_asked(RemoveSecret(name="NEW_TOKEN"))


def test_the_doctor_looks_again_unfolds_and_writes_a_report(front: Front, keys: Keys) -> None:
    page = front.application.doctor
    keys.show("doctor")
    front.wait(lambda: shows(front, doctor_words.AGAIN))
    looks_before = front.asked.count(Diagnose())
    keys.tab_to(doctor_words.AGAIN)
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: front.asked.count(Diagnose()) > looks_before)
    front.wait(lambda: "The keyring is unlocked." not in front.words(page))
    keys.tab_to("What is in order")
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: "The keyring is unlocked." in front.words(page))
    keys.tab_to(doctor_words.SAVE)
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: page.findChild(QFileDialog) is not None)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    front.wait(dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_folder_is_added_without_dragging(front: Front, keys: Keys) -> None:
    keys.show("folders")
    keys.tab_to(words.ADD_FOLDER)
    keys.press(Qt.Key.Key_Space)
    dialog = front.application.folders.page.findChild(QFileDialog)
    assert dialog is not None
    front.wait(dialog.isVisible)


def test_what_a_host_sees_is_changed_and_the_tree_is_folded(front: Front, keys: Keys) -> None:
    open_form(front, keys, "hosts", f"Claude Desktop: {host_words.SEES}", "Tools of Files")
    keys.tab_to("Tools of Files")
    keys.press(Qt.Key.Key_Right)
    front.wait(lambda: shows(front, "read_text_file"))
    keys.press(Qt.Key.Key_Left)
    assert not shows(front, "read_text_file")


def test_calls_are_filtered_and_charts_are_walked(front: Front, keys: Keys) -> None:
    activity = front.application.activity
    keys.show("activity")
    front.wait(lambda: bool(activity.table.model().index(0, 0).data()))
    for name in FILTERS:
        keys.tab_to(name)
    keys.tab_to("All outcomes")
    keys.press(Qt.Key.Key_Down)
    front.wait(lambda: activity.filters.value().outcome is not None)
    keys.press(Qt.Key.Key_Up)
    keys.tab_to("Charts")
    keys.press(Qt.Key.Key_Space)
    front.wait(lambda: activity.charts.is_counted)
    assert keys.tab_to("How long tools take") is activity.charts.latency
    keys.press(Qt.Key.Key_Right)
    assert "p50" in activity.charts.latency.marked


def test_everything_is_blocked(front: Front, keys: Keys) -> None:
    keys.show("approvals")
    keys.tab_to(words.MODES[GateMode.BLOCK_ALL])
    keys.press(Qt.Key.Key_Space)
    front.wait_asked(SetMode(mode=GateMode.BLOCK_ALL))
