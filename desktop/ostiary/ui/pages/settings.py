"""The settings: the tray's own above, what the gateway enforces below."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QShowEvent

from ostiary.domain.errors import OstiaryError
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.own_settings import OwnSettings
from ostiary.ui.pages.settings_gate import GateSettings
from ostiary.ui.pages.settings_help import HelpSettings
from ostiary.ui.pages.settings_window import PromptSettings, WindowSettings
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.theme import Theme

PAGES: Final = 9
"""How many the side bar has; a test counts them."""


class SettingsPage(Page):
    """Reads everything anew when it shows, and when a gateway has started."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask, own: OwnSettings) -> None:
        super().__init__(words.SETTINGS)
        self._problem = Problem(theme)
        self.own = WindowSettings(theme, own)
        self.prompt = PromptSettings(own)
        self.gate = GateSettings(theme, ask, self._refused, self.prompt)
        self.help = HelpSettings(PAGES)
        for widget in (self._problem, self.own, self.gate, self.help):
            self.column.addWidget(widget)
        own.failed.connect(self._refused)
        own.changed.connect(self._problem.clear)
        mirror.was_reset.connect(self._look)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        if self.isVisible():
            self.own.show_all()
            self.gate.load()

    def _refused(self, error: OstiaryError) -> None:
        self._problem.say_error(error)
        self.area.ensureWidgetVisible(self._problem)
