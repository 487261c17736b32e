"""The prompt with real clicks and keys; keys go to the native window, where the keyboard's go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from ostiary.domain.approval import Decision, Question, QuestionEnd
from ostiary.ui.approval.choice import ALLOW_ONCE, DENY, Choice
from ostiary.ui.approval.labels import PlainLabel
from ostiary.ui.approval.lines_view import LinesView, tinted
from ostiary.ui.approval.wording import TOOL_TITLE_LONGEST
from ostiary.ui.theme import DARK, LIGHT, Scheme, Tokens, contrast
from tests.ui import approval_cases as cases
from tests.ui.approval_prompt import Prompt


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


def test_a_long_title_leaves_the_tools_name_its_width_and_the_rest_its_place(prompt: Prompt) -> None:
    name = "delete_everything_in_every_folder_of_the_project"
    prompt.open(cases.changed(cases.third_party(), tool=name, tool_title="Harmless " * 2_000))
    labels = {label.text(): label for label in prompt.window.findChildren(PlainLabel) if label.isVisible()}
    title = next(label for text, label in labels.items() if text.startswith("“Harmless"))
    assert labels[name].height() < 2 * labels[name].fontMetrics().lineSpacing()
    assert len(title.text()) <= TOOL_TITLE_LONGEST + 2


def test_the_menu_of_a_question_goes_with_it(prompt: Prompt, qtbot: QtBot) -> None:
    prompt.open(cases.edit(1))
    menus = len(prompt.window.findChildren(QMenu))
    for number in range(2, 5):
        prompt.open(cases.edit(number))
        prompt.window.close_question(number - 1, QuestionEnd.WITHDRAWN)
    qtbot.waitUntil(lambda: len(prompt.window.findChildren(QMenu)) == menus)


def test_a_prompt_nobody_touches_is_not_held(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit(7))
    assert prompt.held == []


def test_deny_and_allow_once_are_equal_in_size_and_dress(prompt: Prompt) -> None:
    prompt.open_armed(cases.edit())
    deny, allow = prompt.window.bar.deny, prompt.window.bar.allow_once
    assert deny.size() == allow.size()
    assert deny.property("role") == allow.property("role")
    assert deny.palette().buttonText() == allow.palette().buttonText()


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
