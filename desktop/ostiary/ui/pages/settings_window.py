"""The settings that are the tray's own: start at login, theme, language, notifications, the prompt's first offer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ostiary.domain.approval import Duration, Scope
from ostiary.ui.login.entry import LoginState
from ostiary.ui.own_settings import OwnSettings
from ostiary.ui.pages import settings_words as words
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.choice import Choice
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.setting import Setting, section
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.preferences import Language, Notify, Shortcut
from ostiary.ui.theme import SPACE_S, Scheme, Theme


class WindowSettings(QWidget):
    """Each choice is kept and counts at once, but for the language."""

    def __init__(self, theme: Theme, own: OwnSettings) -> None:
        super().__init__()
        self._own = own
        self.at_login = Switch(theme, words.AT_LOGIN)
        self.at_login.clicked.connect(lambda: own.start_at_login(not self.at_login.isChecked()))
        self._login = Setting(words.AT_LOGIN, words.AT_LOGIN_MEANS, self.at_login)
        self.scheme: Choice[Scheme] = Choice(words.THEME, words.SCHEMES, {})
        self.scheme.wishes.made.connect(lambda scheme: own.change(scheme=scheme))
        self.language = DropDown(words.LANGUAGE, Language, words.language, lambda one: own.change(language=one))
        self.restart = Restart(own)
        scheme = Setting(words.THEME, "", self.scheme)
        language = Setting(words.LANGUAGE, "", self.language)
        column_in(self, section(words.THIS_COMPUTER, self._login, scheme, language, self.restart), spacing=SPACE_S)
        own.changed.connect(self.show_all)
        self.show_all()

    def show_all(self) -> None:
        """As it is now; whether we start at login may have been changed elsewhere."""
        preferences, login = self._own.preferences, self._own.login
        self.at_login.setChecked(login is LoginState.ON)
        self._login.means.setText(words.AT_LOGIN_OTHER if login is LoginState.OTHER else words.AT_LOGIN_MEANS)
        self.scheme.show_value(preferences.scheme)
        self.language.show_value(preferences.language)
        self.restart.setVisible(self._own.speaks_another is not None)


class Restart(Card):
    """Offers to start the tray anew, where a language waits for that."""

    def __init__(self, own: OwnSettings) -> None:
        super().__init__()
        self.button = button(words.RESTART_NOW, own.restart_wanted.emit)
        self.column.addLayout(Ends(Text(words.LANGUAGE_LATER), self.button))


class PromptSettings(QWidget):
    """How questions are told, and what is offered first."""

    def __init__(self, own: OwnSettings) -> None:
        super().__init__()
        self._own = own
        self.notify = DropDown(words.NOTIFY, Notify, words.notify, lambda notify: own.change(notify=notify))
        self.scope = DropDown(words.FIRST_OFFER, words.FIRST_SCOPES, words.first_scope, self._choose_scope)
        self.duration = DropDown(
            words.FIRST_DURATION, words.FIRST_DURATIONS, words.first_duration, self._choose_duration
        )
        column_in(
            self,
            Setting(words.NOTIFY, words.NOTIFY_MEANS, self.notify),
            Setting(words.FIRST_OFFER, words.FIRST_OFFER_MEANS, self.scope, self.duration),
        )
        own.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        shortcut = self._own.preferences.shortcut
        self.notify.show_value(self._own.preferences.notify)
        self.scope.show_value(shortcut.scope if shortcut else None)
        self.duration.show_value(shortcut.duration if shortcut else Duration.FIVE_MINUTES)
        self.duration.setVisible(shortcut is not None)

    def _choose_scope(self, scope: Scope | None) -> None:
        shortcut = self._own.preferences.shortcut
        duration = shortcut.duration if shortcut else Duration.FIVE_MINUTES
        self._own.change(shortcut=Shortcut(scope=scope, duration=duration) if scope else None)

    def _choose_duration(self, duration: Duration) -> None:
        shortcut = self._own.preferences.shortcut
        if shortcut is not None:
            self._own.change(shortcut=Shortcut(scope=shortcut.scope, duration=duration))
