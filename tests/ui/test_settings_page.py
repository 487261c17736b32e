"""The Settings page through real clicks: what is kept, what counts at once, and what is confirmed first."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AnyCommand, ChangeHouseRules
from ostiary.domain.approval import Duration, Scope
from ostiary.domain.errors import UsageError
from ostiary.domain.house_rules import HouseRules, Writes
from ostiary.ui.login.entry import LoginState
from ostiary.ui.pages import settings_words as words
from ostiary.ui.pages.settings import PAGES, SettingsPage
from ostiary.ui.pages.settings_gate import GateSettings
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.preferences import Language, Notify, PreferencesFile, Shortcut
from ostiary.ui.sidebar import Entry
from ostiary.ui.theme import Scheme, Theme
from tests.support import fake_world
from tests.support.front import Front
from tests.support.own_settings import own_settings
from tests.support.slow_gateway import SlowGateway

V = TypeVar("V")


@pytest.fixture
def page(front: Front) -> SettingsPage:
    """The page, once it knows the gateway's rules."""
    front.window.show_page(front.application.settings)
    page = front.application.settings.page
    front.wait(page.gate.countdown.isEnabled)
    return page


def kept(tmp_path: Path) -> PreferencesFile:
    """The preferences as the next start would find them."""
    file = PreferencesFile(tmp_path / "tray.json")
    file.load()
    return file


def changes(front: Front) -> list[AnyCommand]:
    return [command for command in front.asked if isinstance(command, ChangeHouseRules)]


def pick(front: Front, within: QWidget, word: str) -> None:
    front.click(front.button(within, word))


def choose(drop_down: DropDown[V], text: str) -> None:
    """With the keyboard, as a person who types the beginning of a word."""
    drop_down.setFocus()
    place = drop_down.findText(text)
    assert place >= 0, f"{text!r} is not offered"
    drop_down.setCurrentIndex(place)
    drop_down.activated.emit(place)


def cuts(drop_down: DropDown[Any]) -> bool:
    """Whether one of its words is wider than the place for it."""
    option, style = QStyleOptionComboBox(), drop_down.style()
    drop_down.initStyleOption(option)
    place = QStyle.SubControl.SC_ComboBoxEditField
    room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, place, drop_down).width()
    all_words = [drop_down.itemText(place) for place in range(drop_down.count())]
    return max(drop_down.fontMetrics().horizontalAdvance(word) for word in all_words) > room


def test_theme_counts_at_once_and_at_the_next_start(front: Front, page: SettingsPage, tmp_path: Path) -> None:
    pick(front, page.own.scheme, words.SCHEMES[Scheme.DARK])
    assert QApplication.palette().window().color().lightness() < 80
    assert kept(tmp_path).current.scheme is Scheme.DARK
    pick(front, page.own.scheme, words.SCHEMES[Scheme.LIGHT])
    assert QApplication.palette().window().color().lightness() > 200


def test_start_at_login_is_switched_on_and_off(front: Front, page: SettingsPage, tmp_path: Path) -> None:
    front.click(page.own.at_login)
    assert page.own.at_login.isChecked()
    assert own_settings(tmp_path).login is LoginState.ON
    front.click(page.own.at_login)
    assert own_settings(tmp_path).login is LoginState.OFF


def test_entry_of_another_copy_is_told_and_not_shown_as_on(front: Front, page: SettingsPage, tmp_path: Path) -> None:
    (tmp_path / "autostart").mkdir()
    (tmp_path / "autostart" / "ostiary.desktop").write_text("[Desktop Entry]\nExec=/old/ostiary\n")
    front.show_place(0)
    front.window.show_page(front.application.settings)
    assert not page.own.at_login.isChecked()
    assert words.AT_LOGIN_OTHER in front.words(page)


def test_login_entry_that_cannot_be_written_is_told_and_stays_off(
    front: Front, page: SettingsPage, tmp_path: Path
) -> None:
    (tmp_path / "autostart").touch()
    front.click(page.own.at_login)
    assert "could not be changed" in front.words(page)
    assert not page.own.at_login.isChecked()


def test_language_counts_after_a_restart_that_is_offered(front: Front, page: SettingsPage, tmp_path: Path) -> None:
    choose(page.own.language, "Deutsch")
    assert kept(tmp_path).current.language is Language.GERMAN
    assert page.own.restart.isVisible()
    choose(page.own.language, words.LANGUAGES[Language.SYSTEM])
    assert not page.own.restart.isVisible()


def test_choice_that_cannot_be_saved_is_told_and_goes_back(front: Front, page: SettingsPage, tmp_path: Path) -> None:
    (tmp_path / "tray.json").mkdir()
    choose(page.prompt.notify, words.NOTIFIES[Notify.NEVER])
    assert "could not be saved" in front.words(page)
    assert page.prompt.notify.currentText() == words.NOTIFIES[Notify.ALWAYS]


def test_answer_that_the_person_wants_first_stands_first_where_a_question_offers_it(
    front: Front, page: SettingsPage, tmp_path: Path
) -> None:
    choose(page.prompt.scope, words.FIRST_SCOPES[Scope.TOOL])
    choose(page.prompt.duration, words.FIRST_DURATIONS[Duration.HOUR])
    assert kept(tmp_path).current.shortcut == Shortcut(scope=Scope.TOOL, duration=Duration.HOUR)
    menu = front.application.prompt.bar.menu
    menu.offer(fake_world.question())
    assert "edit_file" in menu.actions()[0].text()
    assert "For 1 hour" in menu.actions()[0].text()

    choose(page.prompt.scope, words.FIRST_SCOPES[Scope.ARGUMENTS])  # which that question does not offer
    menu.offer(fake_world.question())
    assert menu.actions()[0].menu() is not None


def test_countdown_and_what_the_log_keeps_are_told_to_the_gateway(front: Front, page: SettingsPage) -> None:
    choose(page.gate.countdown, words.seconds(30))
    front.wait_asked(ChangeHouseRules(rules=HouseRules(answer_within_s=30)))
    front.wait(lambda: page.gate.rules == HouseRules(answer_within_s=30))
    choose(page.gate.days, words.days(7))
    front.wait_asked(ChangeHouseRules(rules=HouseRules(answer_within_s=30, log_days=7)))
    front.wait(lambda: page.gate.rules == HouseRules(answer_within_s=30, log_days=7))
    choose(page.gate.rows, words.rows(10_000))
    front.wait_asked(ChangeHouseRules(rules=HouseRules(answer_within_s=30, log_days=7, log_rows=10_000)))
    front.click(page.gate.bodies)
    front.wait(lambda: not page.gate.bodies.isChecked())


def test_no_list_cuts_what_is_chosen_in_it_even_in_the_narrowest_window(front: Front, page: SettingsPage) -> None:
    front.window.resize(360, 640)
    front.wait(lambda: front.window.width() == 360)
    shown = [one for one in page.findChildren(DropDown) if one.isVisible()]
    assert len(shown) > 5
    front.wait(lambda: not any(map(cuts, shown)))


def test_risky_tools_get_always_only_after_a_warning(front: Front, page: SettingsPage) -> None:
    front.click(page.gate.risky)
    assert words.RISKY_WARNING in front.words(page)
    assert changes(front) == []
    no = page.gate.confirm_risky.findChildren(QPushButton)[1]
    assert no.hasFocus()
    pick(front, page.gate.confirm_risky, words.RISKY_YES)
    front.wait_asked(ChangeHouseRules(rules=HouseRules(risky_always=True)))
    front.wait(page.gate.risky.isChecked)
    front.click(page.gate.risky)  # the way back needs no question
    front.wait_asked(ChangeHouseRules(rules=HouseRules()))


@pytest.mark.parametrize("writes", [Writes.ELICIT, Writes.ALLOW])
def test_writes_without_a_tray_are_loosened_only_after_a_warning(
    front: Front, page: SettingsPage, writes: Writes
) -> None:
    choose(page.gate.writes, words.WRITE_CHOICES[writes])
    assert words.LOOSER_WARNINGS[writes] in front.words(page)
    assert changes(front) == []
    pick(front, page.gate.confirm_writes, words.LOOSER_YES)
    front.wait_asked(ChangeHouseRules(rules=HouseRules(writes=writes)))


def test_wheel_over_a_choice_changes_nothing(front: Front, page: SettingsPage) -> None:
    middle = QPointF(page.gate.countdown.rect().center())
    turn = QWheelEvent(
        middle,
        QPointF(page.gate.countdown.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = page.gate.countdown.currentIndex()
    QApplication.sendEvent(page.gate.countdown, turn)
    assert page.gate.countdown.currentIndex() == before
    assert changes(front) == []


def test_first_steps_are_seen_again(front: Front, page: SettingsPage) -> None:
    front.click(page.help.start)
    front.wait(front.application.first_start.page.isVisible)


def test_the_keys_are_listed_and_reach_as_many_pages_as_there_are(front: Front, page: SettingsPage) -> None:
    assert len(front.window.sidebar.findChildren(Entry)) == PAGES
    assert f"Ctrl+{PAGES}" in front.words(page.help)


def test_every_setting_is_reached_by_tab(front: Front, page: SettingsPage) -> None:
    page.own.at_login.setFocus()
    reached: set[QWidget | None] = set()
    for _ in range(40):
        reached.add(QApplication.focusWidget())
        QTest.keyClick(front.window, Qt.Key.Key_Tab)
    gate = page.gate
    wanted = {
        page.own.at_login,
        page.own.language,
        gate.countdown,
        page.prompt.scope,
        gate.risky,
        gate.bodies,
        gate.days,
    }
    assert wanted <= reached


def test_a_choice_that_comes_before_the_answer_to_the_last_one_keeps_that_one(qtbot: QtBot, dressed: Theme) -> None:
    gateway = SlowGateway()
    gate = GateSettings(dressed, gateway, lambda _: None, QWidget())
    qtbot.addWidget(gate)
    gate.load()
    gateway.answer(HouseRules())

    choose(gate.days, words.days(7))
    choose(gate.countdown, words.seconds(30))
    assert gateway.asked[-1] == ChangeHouseRules(rules=HouseRules(log_days=7, answer_within_s=30))
    gateway.answer(HouseRules(log_days=7), -2)
    choose(gate.largest, words.size(256))

    assert gateway.asked[-1] == ChangeHouseRules(rules=HouseRules(log_days=7, answer_within_s=30, log_size_mb=256))
    gateway.refuse(UsageError("No"))
    choose(gate.largest, words.size(16))
    assert gateway.asked[-1] == ChangeHouseRules(rules=HouseRules(log_days=7, log_size_mb=16))
