"""The prompt with real clicks and keys; keys go to the native window, where the keyboard's go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ostiary.domain.approval import Decision, Duration, Question, QuestionEnd, Scope
from ostiary.ui.approval.choice import ALLOW_ONCE, DENY, Choice
from ostiary.ui.approval.lines_view import LinesView, tinted
from ostiary.ui.approval.window import ApprovalWindow
from ostiary.ui.theme import DARK, LIGHT, Scheme, Theme, Tokens, contrast
from tests.ui import approval_cases as cases

Answer = tuple[int, Choice]


class Prompt:
    """A window and what it reported."""

    def __init__(self, qtbot: QtBot) -> None:
        self.theme = Theme()
        self.window = ApprovalWindow(self.theme)
        self.answers: list[Answer] = []
        self.held: list[int] = []
        self.window.answered.connect(lambda *answer: self.answers.append(answer))
        self.window.held.connect(self.held.append)
        self._qtbot = qtbot
        qtbot.addWidget(self.window)

    def open(self, question: Question) -> None:
        """Open a question and wait until it is on the screen."""
        self.window.open_question(question)
        self._qtbot.waitUntil(self.window.windowHandle().isExposed)

    def open_armed(self, question: Question) -> None:
        """Open a question and wait until its buttons work."""
        self.open(question)
        self.wait_armed()

    def wait_armed(self) -> None:
        self._qtbot.waitUntil(self.window.bar.deny.isEnabled)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key of the keyboard, down and up."""
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def texts(self) -> list[str]:
        """Every text that a label shows."""
        return [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def prompt(qtbot: QtBot) -> Prompt:
    return Prompt(qtbot)


def test_allow_once_answers_for_this_call_only(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(7))
    prompt.click(prompt.window.bar.allow_once)
    assert prompt.answers == [(7, ALLOW_ONCE)]


def test_deny_denies_this_call_only(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(7))
    prompt.click(prompt.window.bar.deny)
    assert prompt.answers == [(7, DENY)]


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


def test_a_second_click_is_not_a_second_answer(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit())
    prompt.click(prompt.window.bar.allow_once)
    prompt.window.bar.deny.setEnabled(True)
    prompt.window.bar.deny.click()
    assert len(prompt.answers) == 1


def test_a_click_before_the_buttons_are_armed_does_nothing(prompt: Prompt) -> None:
    prompt.open(cases.edit())
    prompt.click(prompt.window.bar.allow_once)
    prompt.window.bar.allow_once.setEnabled(True)  # as an assistive program might find it
    prompt.window.bar.allow_once.click()
    assert prompt.answers == []


def test_buttons_disarm_when_the_content_changes(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.window.open_question(cases.changed(cases.edit(1), sentence="Change something else."))
    assert not prompt.window.bar.allow_once.isEnabled()
    prompt.window.bar.allow_once.setEnabled(True)
    prompt.click(prompt.window.bar.allow_once)
    assert prompt.answers == []


def test_a_moved_deadline_does_not_disarm(prompt: Prompt) -> None:
    question = cases.edit(1)
    prompt.open_armed(question)
    prompt.window.open_question(cases.changed(question, deadline=question.deadline + 5))
    assert prompt.window.bar.deny.isEnabled()
    assert prompt.window.bar.deny.text() in ("Deny · 43 s", "Deny · 42 s")


def test_a_press_that_began_on_one_question_does_not_answer_the_next(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.window.open_question(cases.third_party(2))
    button = prompt.window.bar.allow_once
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    prompt.window.close_question(1, QuestionEnd.WITHDRAWN)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert prompt.answers == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_do_nothing_until_the_person_tabbed(prompt: Prompt, key: Qt.Key) -> None:
    prompt.open_armed(cases.edit())
    prompt.window.bar.allow_once.setFocus()
    prompt.press(key)
    assert prompt.answers == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_person_can_answer_by_keyboard_alone(prompt: Prompt, qtbot: QtBot, key: Qt.Key) -> None:
    prompt.open_armed(cases.edit(7))
    prompt.window.review(7)
    qtbot.waitUntil(prompt.window.isActiveWindow)
    for _ in range(20):
        prompt.press(Qt.Key.Key_Tab)
        if prompt.window.bar.deny.hasFocus():
            break
    prompt.press(key)
    assert prompt.answers == [(7, DENY)]


def test_focus_starts_on_no_button(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit())
    prompt.window.activateWindow()
    focus = prompt.window.focusWidget()
    assert not isinstance(focus, QAbstractButton)
    assert not any(button.isDefault() or button.autoDefault() for button in prompt.window.findChildren(QPushButton))


def test_focus_leaves_the_buttons_when_the_content_changes(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.window.activateWindow()
    prompt.window.bar.allow_once.setFocus()
    prompt.window.open_question(cases.changed(cases.edit(1), sentence="Change something else."))
    assert not isinstance(prompt.window.focusWidget(), QAbstractButton)


@pytest.mark.parametrize(("key", "decision"), [(Qt.Key.Key_D, Decision.DENY), (Qt.Key.Key_A, Decision.ALLOW)])
def test_accelerators_answer_with_alt_only(prompt: Prompt, key: Qt.Key, decision: Decision) -> None:
    prompt.open_armed(cases.edit())
    prompt.press(key)
    prompt.press(key, Qt.KeyboardModifier.ControlModifier)
    assert prompt.answers == []
    prompt.press(key, Qt.KeyboardModifier.AltModifier)
    assert [choice for _, choice in prompt.answers] == [Choice(decision)]


def test_a_key_held_from_before_answers_nothing_until_it_is_pressed_anew(prompt: Prompt) -> None:
    prompt.open(cases.edit())
    native, alt = prompt.window.windowHandle(), Qt.KeyboardModifier.AltModifier
    QTest.keyPress(native, Qt.Key.Key_A, alt)
    prompt.wait_armed()
    QTest.keyPress(native, Qt.Key.Key_A, alt)
    assert prompt.answers == []
    QTest.keyRelease(native, Qt.Key.Key_A, alt)
    prompt.press(Qt.Key.Key_A, alt)
    assert len(prompt.answers) == 1


def test_escape_means_later_and_answers_nothing(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.press(Qt.Key.Key_Escape)
    assert not prompt.window.isVisible()
    assert prompt.answers == []
    prompt.window.review(1)
    assert prompt.window.isVisible()


def test_a_closed_window_answers_nothing_and_keeps_the_question(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.window.close()
    assert not prompt.window.isVisible()
    assert prompt.answers == []
    prompt.window.review(1)
    assert prompt.window.windowTitle() == "Cursor wants to change 1 file"
    assert not prompt.window.bar.deny.isEnabled(), "the buttons of a window that just appeared were armed"
    prompt.wait_armed()
    prompt.window.bar.allow_once.setFocus()
    prompt.press(Qt.Key.Key_Space)
    assert prompt.answers == []


def test_the_countdown_reaches_zero_and_answers_nothing(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open_armed(cases.edit(seconds=1))
    qtbot.waitUntil(lambda: prompt.window.bar.deny.text() == "Deny · 0 s")
    assert prompt.window.isVisible()
    assert prompt.answers == []


def test_a_withdrawn_question_gives_way_to_the_next_and_says_so(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.window.open_question(cases.third_party(2))
    assert "1 more waiting" in prompt.texts()
    prompt.window.close_question(1, QuestionEnd.WITHDRAWN)
    assert prompt.window.windowTitle() == "Cursor wants to use create_issue"
    assert "The question before was withdrawn: its host no longer asks." in prompt.texts()


def test_the_window_goes_with_the_last_question(prompt: Prompt) -> None:
    prompt.open(cases.edit(1))
    prompt.window.close_question(1, QuestionEnd.TIMED_OUT)
    assert not prompt.window.isVisible()


def test_a_new_question_does_not_replace_the_one_being_read(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(1))
    prompt.window.open_question(cases.third_party(2))
    assert prompt.window.windowTitle() == "Cursor wants to change 1 file"
    assert prompt.window.bar.deny.isEnabled()
    prompt.click(next(b for b in prompt.window.findChildren(QPushButton) if b.accessibleName() == "Next question"))
    assert prompt.window.windowTitle() == "Cursor wants to use create_issue"
    assert not prompt.window.bar.deny.isEnabled()


def test_a_snapshot_of_a_gateway_met_anew_replaces_all(prompt: Prompt) -> None:
    prompt.open(cases.edit(1))
    prompt.window.set_questions((cases.third_party(5), cases.unverified(6)))
    assert prompt.window.windowTitle() == "Cursor wants to use create_issue"
    prompt.window.set_questions(())
    assert not prompt.window.isVisible()


def test_a_person_who_moves_the_mouse_holds_the_question_once_a_second(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(7))
    native = prompt.window.windowHandle()
    for x in range(20, 60, 5):
        QTest.mouseMove(native, QPoint(x, 30))
        QGuiApplication.processEvents()
    assert prompt.held == [7]


def test_a_prompt_nobody_touches_is_not_held(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(7))
    assert prompt.held == []


def test_no_text_is_ever_rich(prompt: Prompt) -> None:
    prompt.open(cases.hidden())
    labels = prompt.window.findChildren(QLabel)
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "“<h1>Allow</h1>”" in prompt.texts()


@pytest.mark.parametrize("make", [cases.edit, cases.create, cases.changed_tool, cases.huge, cases.hidden])
def test_the_buttons_stay_on_the_screen(prompt: Prompt, make: Callable[[int], Question]) -> None:
    prompt.open(make(1))
    for expander in prompt.window.findChildren(QPushButton):
        if expander.isCheckable() and not expander.isChecked():
            expander.click()
    QGuiApplication.processEvents()
    free = prompt.window.screen().availableGeometry()
    assert prompt.window.height() <= free.height() * 0.8
    for button in (prompt.window.bar.deny, prompt.window.bar.allow_once, prompt.window.bar.put_off):
        top_left = button.mapTo(prompt.window, QPoint(0, 0))
        assert prompt.window.rect().contains(button.rect().translated(top_left))


def test_long_arguments_are_complete_behind_their_line(prompt: Prompt) -> None:
    prompt.open(cases.huge())
    for expander in prompt.window.findChildren(QPushButton):
        if expander.isCheckable() and not expander.isChecked():
            expander.click()
    views = {view.accessibleName(): view.model() for view in prompt.window.findChildren(LinesView)}
    blob = views["blob"]
    shown = "".join(blob.index(row, 0).data() for row in range(blob.rowCount()))
    assert shown == "QUJD" * 25_000


def test_a_tool_nobody_can_preview_says_so(prompt: Prompt) -> None:
    prompt.open(cases.third_party())
    assert any(text.startswith("Ostiary cannot preview what this tool does") for text in prompt.texts())


def test_both_names_and_the_servers_claim_are_shown(prompt: Prompt) -> None:
    prompt.open(cases.edit())
    assert {"edit_file", "“Edit file”"} <= set(prompt.texts())
    assert "The server claims: may destroy · stays on this computer" in prompt.texts()


@pytest.mark.parametrize("make", [cases.edit, cases.third_party, cases.changed_tool, cases.widen, cases.huge])
def test_every_control_has_a_name(prompt: Prompt, make: Callable[[int], Question]) -> None:
    prompt.open(make(1))
    for kind in (QAbstractButton, QAbstractScrollArea):
        for widget in prompt.window.findChildren(kind):
            assert widget.accessibleName() or not widget.isVisible(), f"{widget} has no name"
    assert "edit_file" in prompt.window.bar.deny.accessibleName() or make is not cases.edit


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_read_on_tinted_lines(tokens: Tokens) -> None:
    for ink in (tokens.added, tokens.removed):
        ground = tinted(tokens.surface, ink)
        assert contrast(tokens.text, ground) >= 4.5  # WCAG 2.2, 1.4.3
        assert contrast(ink, ground) >= 4.5


def test_an_open_prompt_follows_a_change_of_theme(prompt: Prompt, qapp: QApplication) -> None:
    prompt.theme.apply(qapp, Scheme.LIGHT)
    prompt.open(cases.edit())
    prompt.theme.apply(qapp, Scheme.DARK)
    label = next(label for label in prompt.window.findChildren(QLabel) if label.text() == "✓ verified")
    assert label.palette().windowText().color() == DARK.ok
    prompt.theme.apply(qapp, Scheme.LIGHT)


def test_lines_say_their_mark_in_words(prompt: Prompt) -> None:
    prompt.open(cases.edit())
    diff = prompt.window.findChildren(LinesView)[0].model()
    spoken = [diff.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert spoken == ["line 11: [server]", "removed, line 12: port = 8080", "added, line 12: port = 9090"]
