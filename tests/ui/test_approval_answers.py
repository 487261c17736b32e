"""Answers that reach further than one call: the menu, the second step before *always*, several calls at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from ostiary.domain.approval import Argument, Decision, Duration, QuestionEnd, Scope
from ostiary.ui.approval.choice import ALLOW_ONCE, DENY, Choice
from tests.ui import approval_cases as cases
from tests.ui.approval_prompt import Prompt


@pytest.fixture
def prompt(qtbot: QtBot) -> Prompt:
    return Prompt(qtbot)


def choose(prompt: Prompt, qtbot: QtBot, scope: int, duration: int) -> None:
    """Through the menu and its submenu, with the mouse."""
    prompt.click(prompt.window.bar.allow_for)
    menu = prompt.window.bar.menu
    qtbot.waitUntil(menu.isVisible)
    action = menu.actions()[scope]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    times = action.menu()
    assert isinstance(times, QMenu)
    qtbot.waitUntil(times.isVisible)
    when = times.actionGeometry(times.actions()[duration]).center()
    QTest.mouseClick(times, Qt.MouseButton.LeftButton, pos=when)


@pytest.mark.parametrize(
    ("scope", "duration", "choice"),
    [
        (0, 0, Choice(Decision.ALLOW, Scope.ARGUMENTS, Duration.FIVE_MINUTES)),
        (1, 1, Choice(Decision.ALLOW, Scope.FOLDER, Duration.HOUR, "/home/ada/Projects/site")),
        (2, 3, Choice(Decision.ALLOW, Scope.TOOL, Duration.UNTIL_QUIT)),
        (3, 2, Choice(Decision.ALLOW, Scope.SERVER, Duration.UNTIL_DISCONNECT)),
    ],
)
def test_the_menu_allows_as_far_and_as_long_as_was_chosen(
    prompt: Prompt, qtbot: QtBot, scope: int, duration: int, choice: Choice
) -> None:
    prompt.open_armed(cases.edit(7))
    choose(prompt, qtbot, scope, duration)
    assert prompt.answers == [(7, choice)]


def test_always_takes_a_second_step_that_arms_anew_and_leads_back(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open_armed(cases.edit(7))
    bar = prompt.window.bar
    choose(prompt, qtbot, 2, 4)
    qtbot.waitUntil(bar.always.isVisible)
    assert not bar.always.yes.isEnabled()
    assert not bar.allow_once.isVisible()
    prompt.click(bar.always.back)
    assert bar.allow_once.isVisible()
    assert prompt.answers == []
    prompt.wait_armed()
    choose(prompt, qtbot, 2, 4)
    qtbot.waitUntil(bar.always.yes.isEnabled)
    prompt.click(bar.always.yes)
    assert prompt.answers == [(7, Choice(Decision.ALLOW, Scope.TOOL, Duration.ALWAYS))]


def test_what_always_would_mean_is_gone_with_its_question(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open_armed(cases.edit(7))
    choose(prompt, qtbot, 2, 4)
    qtbot.waitUntil(prompt.window.bar.always.isVisible)
    prompt.window.close_question(7, QuestionEnd.TIMED_OUT)
    prompt.window.open_question(cases.create(8))
    assert not prompt.window.bar.always.isVisible()
    assert prompt.window.bar.deny.isVisible()


def test_calls_of_one_tool_are_answered_together_and_only_those_that_stand_there(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open(cases.edit(1))
    assert not prompt.window.group.isVisible()
    prompt.window.open_question(cases.changed(cases.edit(2), arguments=()))
    prompt.window.open_question(cases.third_party(3))
    assert prompt.window.group.ids == (1, 2)
    assert not prompt.window.group.allow.isEnabled()
    qtbot.waitUntil(prompt.window.group.allow.isEnabled)
    prompt.click(prompt.window.group.allow)
    assert prompt.answers == [(1, ALLOW_ONCE), (2, ALLOW_ONCE)]


def test_calls_with_a_warning_are_denied_together_and_allowed_one_by_one(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open(cases.edit(1))
    prompt.window.open_question(cases.changed(cases.edit(2), warnings=("It may hold secrets.",)))
    assert not prompt.window.group.allow.isVisible()
    qtbot.waitUntil(prompt.window.group.deny.isEnabled)
    prompt.click(prompt.window.group.deny)
    assert prompt.answers == [(1, DENY), (2, DENY)]


def test_calls_that_do_not_stand_there_in_full_are_allowed_one_by_one(prompt: Prompt) -> None:
    large = Argument(name="text", text="x" * 200_000)
    prompt.open(cases.changed(cases.third_party(1), paths=(), arguments=(large,), warnings=()))
    prompt.window.open_question(cases.changed(cases.third_party(2), paths=(), arguments=(), warnings=()))
    assert prompt.window.group.ids == (1, 2)
    assert not prompt.window.group.allow.isVisible()
    assert prompt.window.screen().availableGeometry().contains(prompt.window.frameGeometry())
    assert prompt.window.rect().contains(prompt.window.bar.geometry())


def test_one_more_call_in_a_group_disarms_its_buttons(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open(cases.edit(1))
    prompt.window.open_question(cases.edit(2))
    qtbot.waitUntil(prompt.window.group.deny.isEnabled)
    prompt.window.open_question(cases.edit(3))
    prompt.click(prompt.window.group.deny)
    assert prompt.answers == []
    qtbot.waitUntil(prompt.window.group.deny.isEnabled)
    prompt.click(prompt.window.group.deny)
    assert prompt.answers == [(1, DENY), (2, DENY), (3, DENY)]


def test_another_caller_or_tool_belongs_to_no_group(prompt: Prompt) -> None:
    prompt.open(cases.edit(1))
    prompt.window.open_question(cases.unverified(2))
    prompt.window.open_question(cases.create(3))
    assert prompt.window.group.ids == ()


def test_no_menu_is_offered_without_a_wider_scope(prompt: Prompt) -> None:
    prompt.open(cases.unverified())
    assert not prompt.window.bar.allow_for.isVisible()


def test_a_second_click_answers_no_question_twice(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open(cases.edit(1))
    prompt.window.open_question(cases.edit(2))
    qtbot.waitUntil(prompt.window.group.allow.isEnabled)

    prompt.click(prompt.window.group.allow)
    prompt.click(prompt.window.group.allow)
    prompt.click(prompt.window.group.deny)
    prompt.click(prompt.window.bar.deny)

    assert prompt.answers == [(1, ALLOW_ONCE), (2, ALLOW_ONCE)]


def test_a_question_that_was_answered_cannot_be_answered_again_by_going_away_and_back(
    prompt: Prompt, qtbot: QtBot
) -> None:
    prompt.open(cases.edit(1))
    prompt.window.open_question(cases.edit(2))
    prompt.window.open_question(cases.third_party(3))
    prompt.wait_armed()
    prompt.click(prompt.window.bar.deny)

    prompt.window.review(3)
    prompt.wait_armed()
    prompt.window.review(1)
    qtbot.waitUntil(prompt.window.group.deny.isEnabled)

    assert not prompt.window.bar.deny.isEnabled()
    assert prompt.answers == [(1, DENY)]


def test_a_group_answers_those_of_it_that_have_no_answer_yet(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open(cases.edit(1))
    prompt.window.open_question(cases.edit(2))
    prompt.wait_armed()
    prompt.click(prompt.window.bar.allow_once)

    prompt.click(prompt.window.group.deny)

    assert prompt.answers == [(1, ALLOW_ONCE), (2, DENY)]


def test_the_number_of_an_ended_question_says_nothing_about_the_next_gateways(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.click(prompt.window.bar.deny)
    prompt.window.set_questions(())

    prompt.open_armed(cases.create(1))
    prompt.click(prompt.window.bar.deny)

    assert prompt.answers == [(1, DENY), (1, DENY)]


def test_the_menu_of_a_question_goes_with_it(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open_armed(cases.edit(7))
    prompt.click(prompt.window.bar.allow_for)
    qtbot.waitUntil(prompt.window.bar.menu.isVisible)

    prompt.window.close_question(7, QuestionEnd.TIMED_OUT)

    assert not prompt.window.bar.menu.isVisible()
