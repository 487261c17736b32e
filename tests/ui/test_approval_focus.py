"""On a real desktop: a prompt that appears never takes the keyboard from what the person is typing into."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AnswerQuestion
from ostiary.domain.approval import Decision, QuestionEnd
from ostiary.ui import words
from ostiary.ui.approval.choice import ALLOW_ONCE, DENY, Choice
from ostiary.ui.approval.window import ApprovalWindow
from ostiary.ui.theme import Theme
from tests.support.desktop import Screenshot, Xdotool, wait_on_screen
from tests.support.front import Front
from tests.support.keys import Keys, said
from tests.support.typist import WAIT_MS, Typist
from tests.ui import approval_cases as cases

pytestmark = pytest.mark.desktop

TYPED: Final = "the quick brown fox jumps over the lazy dog and does not look up " * 2
KEY_DELAY_MS: Final = 15
IN_ORDER: Final = (
    "What is asked",
    "Changes to /home/robin/Projects/website/config.toml",
    "All arguments (1)",
    "Who is asking",
    "Deny edit_file for Cursor",
    "Allow once edit_file for Cursor",
    "Allow edit_file for Cursor for longer",
    "Later",
)
"""From what only says something to what answers: the keyboard never begins on an answer."""


@pytest.fixture
def typist(qtbot: QtBot) -> Iterator[Typist]:
    typist = Typist(qtbot)
    yield typist
    typist.end()


@pytest.fixture
def window(qtbot: QtBot) -> ApprovalWindow:
    window = ApprovalWindow(Theme())
    qtbot.addWidget(window)
    return window


def test_not_one_key_of_a_person_who_types_elsewhere_reaches_a_prompt(
    qtbot: QtBot, window: ApprovalWindow, typist: Typist, xdotool: Xdotool
) -> None:
    answers: list[int] = []
    held: list[int] = []
    window.answered.connect(lambda number, *_: answers.append(number))
    window.held.connect(held.append)
    with subprocess.Popen(["xdotool", "type", "--delay", str(KEY_DELAY_MS), TYPED]):
        qtbot.waitUntil(lambda: len(typist.said) > 10, timeout=WAIT_MS)
        window.open_question(cases.edit(1))
        window.open_question(cases.third_party(2))
        qtbot.waitUntil(window.bar.deny.isEnabled)
        window.close_question(1, QuestionEnd.WITHDRAWN)
        window.hide()
        window.open_question(cases.unverified(3))
        qtbot.waitUntil(lambda: typist.has(TYPED), timeout=WAIT_MS)
        qtbot.waitUntil(window.bar.deny.isEnabled)
        xdotool("key", "Return", "key", "space")
        qtbot.waitUntil(lambda: typist.said[-1] == repr(f"{TYPED}\n "), timeout=WAIT_MS)

    assert window.isVisible()
    assert not window.isActiveWindow()
    assert "lost" not in typist.said
    assert (answers, held) == ([], [])


def test_a_menu_that_the_person_has_open_elsewhere_stays_open_and_keeps_its_keys(
    qtbot: QtBot, window: ApprovalWindow, typist: Typist, xdotool: Xdotool
) -> None:
    answers: list[int] = []
    window.answered.connect(lambda number, *_: answers.append(number))
    xdotool("key", "Menu")
    qtbot.waitUntil(lambda: "menu" in typist.said, timeout=WAIT_MS)
    window.open_question(cases.edit(1))
    window.open_question(cases.third_party(2))
    qtbot.waitUntil(window.bar.deny.isEnabled)
    assert "menu gone" not in typist.said

    xdotool("key", "Down", "key", "Down", "key", "Return")
    qtbot.waitUntil(lambda: "chosen two" in typist.said, timeout=WAIT_MS)
    xdotool("key", "x")
    qtbot.waitUntil(lambda: typist.has("x"), timeout=WAIT_MS)

    assert not window.isActiveWindow()
    assert answers == []


def test_the_keyboard_goes_through_the_prompt_in_order_and_is_back_where_it_was_once_it_closes(
    front: Front, xdotool: Xdotool
) -> None:
    keys, prompt = Keys(front), front.application.prompt
    keys.show("folders")
    before = keys.tab_to(words.ADD_FOLDER)
    prompt.review(1)
    front.wait(lambda: prompt.isActiveWindow() and prompt.bar.deny.isEnabled())
    steps = ["", *["Tab"] * (len(IN_ORDER) - 1)]
    assert [name_after(front, xdotool, step) for step in steps] == [*IN_ORDER]
    xdotool("key", "Escape")
    front.wait(front.window.isActiveWindow)
    assert QApplication.focusWidget() is before

    prompt.review(1)
    front.wait(lambda: prompt.isActiveWindow() and prompt.bar.deny.isEnabled())
    xdotool("key", "alt+d")
    front.wait_asked(AnswerQuestion(id=1, decision=Decision.DENY))
    front.wait(front.window.isActiveWindow)
    assert prompt.isHidden()
    assert QApplication.focusWidget() is before


def test_a_person_who_was_writing_elsewhere_writes_on_there_once_the_prompt_has_closed(
    qtbot: QtBot, window: ApprovalWindow, typist: Typist, xdotool: Xdotool
) -> None:
    window.open_question(cases.edit(1))
    window.review(1)
    qtbot.waitUntil(lambda: typist.said[-1] == "lost", timeout=WAIT_MS)
    window.close_question(1, QuestionEnd.WITHDRAWN)
    qtbot.waitUntil(lambda: typist.said[-1] == "focus", timeout=WAIT_MS)
    xdotool("key", "x")
    qtbot.waitUntil(lambda: typist.has("x"), timeout=WAIT_MS)


def name_after(front: Front, xdotool: Xdotool, key: str) -> str:
    """Of what has the keyboard once it has moved; without a key, of what has it first."""
    before = QApplication.focusWidget()
    if key:
        xdotool("key", key)
        front.wait(partial(has_moved, before))
    now = QApplication.focusWidget()
    assert now is not None
    return said(now)


def has_moved(before: QWidget | None) -> bool:
    return QApplication.focusWidget() is not before


def test_a_longer_permission_is_chosen_by_keys_once_the_person_has_gone_there(
    qtbot: QtBot, window: ApprovalWindow, xdotool: Xdotool
) -> None:
    answers: list[Choice] = []
    window.answered.connect(lambda _, choice: answers.append(choice))
    window.open_question(cases.edit(1))
    window.review(1)
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.bar.deny.isEnabled())
    while QApplication.focusWidget() is not window.bar.allow_for:
        before = QApplication.focusWidget()
        xdotool("key", "Tab")
        qtbot.waitUntil(partial(has_moved, before))
    xdotool("key", "Return")
    qtbot.waitUntil(window.bar.menu.isVisible)
    xdotool("key", "Down", "key", "Right", "key", "Escape", "key", "Escape")
    qtbot.waitUntil(lambda: not window.bar.menu.isVisible())
    assert (answers, window.isVisible()) == ([], True)

    xdotool("key", "Return")
    qtbot.waitUntil(window.bar.menu.isVisible)
    xdotool("key", "Down", "key", "Right", "key", "Return")
    qtbot.waitUntil(lambda: bool(answers))
    offer = cases.edit(1).offers[0]
    assert answers == [Choice(Decision.ALLOW, offer.scope, offer.durations[0], offer.folder)]


def test_a_prompt_that_is_asked_for_gets_the_keyboard(qtbot: QtBot, window: ApprovalWindow, typist: Typist) -> None:
    window.open_question(cases.edit(1))
    qtbot.waitUntil(window.windowHandle().isExposed)
    window.review(1)
    qtbot.waitUntil(window.isActiveWindow)


def test_a_click_of_the_person_answers(
    qtbot: QtBot, window: ApprovalWindow, typist: Typist, xdotool: Xdotool, screenshot: Screenshot
) -> None:
    window.open_question(cases.edit(1))
    qtbot.waitUntil(window.bar.allow_once.isEnabled)
    screenshot("approval-edit", window)
    middle = window.bar.allow_once.mapToGlobal(window.bar.allow_once.rect().center())

    with qtbot.waitSignal(window.answered) as answered:
        xdotool("mousemove", middle.x(), middle.y(), "click", 1)

    assert answered.args == [1, ALLOW_ONCE]


def test_keys_of_the_keyboard_answer_after_tab_and_not_before(
    qtbot: QtBot, window: ApprovalWindow, xdotool: Xdotool
) -> None:
    answers: list[Choice] = []
    window.answered.connect(lambda _, choice: answers.append(choice))
    window.open_question(cases.edit(1))
    window.review(1)
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.bar.deny.isEnabled())
    window.bar.allow_once.setFocus()
    xdotool("key", "Return", "key", "space")
    xdotool("key", "shift+Tab")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not window.bar.allow_once)
    assert answers == []
    window.bar.deny.setFocus()
    xdotool("key", "Return")
    qtbot.waitUntil(lambda: answers == [DENY])


def test_the_prompt_stays_above_and_on_the_screen_in_use(qtbot: QtBot, window: ApprovalWindow, typist: Typist) -> None:
    window.open_question(cases.edit(1))
    qtbot.waitUntil(window.windowHandle().isExposed)
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    state = subprocess.run(
        ["xprop", "-id", str(int(window.winId())), "_NET_WM_STATE"], capture_output=True, text=True, check=True
    )
    assert "_NET_WM_STATE_ABOVE" in state.stdout
    wait_on_screen(qtbot, window)
