"""The person's rules: the live ones with their time left, tools whose definition changed, and what has ended."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import RevokeGrant
from ostiary.domain.approval import Grant
from ostiary.domain.server import ToolState
from ostiary.ui import words as common
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import rule_words as words
from ostiary.ui.pages.changed_tool import ChangedTool, ChangedToolRow
from ostiary.ui.pages.rule_row import RuleRow
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_M, Theme

EVERY_RULE: Final = 0
TICK_MS: Final = 1_000
ENDED_SHOWN: Final = 20


class RulesPage(Page):
    """Follows the mirror's rules and servers; the time left ticks while the page can be seen."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(common.RULES)
        self._theme, self._mirror, self._ask = theme, mirror, ask
        self._problem = Problem(theme)
        self._empty = EmptyState(theme, "rules", words.NO_RULES, words.NO_RULES_TEACH)
        self._live, self._changed, self._ended = (
            Text(words.LIVE, "name"),
            Text(words.CHANGED, "name"),
            Text(words.ENDED, "name"),
        )
        self.rules: Rows[Grant] = Rows(lambda rule: str(rule.id), self._rule_row)
        self.tools: Rows[ChangedTool] = Rows(
            lambda tool: f"{tool.server}\n{tool.own_name}", lambda tool: ChangedToolRow(theme, ask, tool)
        )
        self._history = Text(role="dim")
        self.revoke_all = button(words.REVOKE_ALL, partial(self._revoke, EVERY_RULE))
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_time)
        self._lay_out()
        for changed in (mirror.grants_changed, mirror.servers_changed, mirror.hosts_changed):
            changed.connect(self._show)
        self._show()

    def point_out(self, number: int) -> None:
        """Bring one rule into view, where it is still live; the person came from the call that it decided."""
        row = self.rules.row(str(number))
        if isinstance(row, RuleRow):
            self.area.ensureWidgetVisible(row)
            row.point_out()

    def showEvent(self, event: QShowEvent) -> None:
        self._show_time()
        self._tick.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        above: tuple[QWidget, ...] = (self._problem, self._changed, self.tools)
        below: tuple[QWidget, ...] = (self.rules, self._empty)
        for widget in above:
            self.column.addWidget(widget)
        self.column.addLayout(Ends(self._live, self.revoke_all))
        for widget in below:
            self.column.addWidget(widget)
        self.column.addSpacing(SPACE_M)
        for widget in (self._ended, self._history):
            self.column.addWidget(widget)

    def _show(self) -> None:
        mirror = self._mirror
        tools = [
            ChangedTool(server.name, server.title, tool.own_name)
            for server in mirror.servers
            for tool in server.tools
            if tool.changed and tool.state is not ToolState.DISABLED
        ]
        self.tools.show_values(tools)
        self._changed.setVisible(bool(tools))
        self.rules.show_values(mirror.grants)
        for widget in (self._live, self.rules):
            widget.setVisible(bool(mirror.grants))
        self._empty.setVisible(not mirror.grants)
        self.revoke_all.setVisible(len(mirror.grants) > 1)
        self._show_ended()

    def _show_ended(self) -> None:
        ended = self._mirror.ended_grants[-ENDED_SHOWN:][::-1]
        now = time.time()
        self._history.setText("\n".join(words.ended(end, *self._titles(), now) for end in ended))
        for widget in (self._ended, self._history):
            widget.setVisible(bool(ended))

    def _show_time(self) -> None:
        for rule in self._mirror.grants:
            row = self.rules.row(str(rule.id))
            if isinstance(row, RuleRow):
                row.tick()
        self._show_ended()

    def _titles(self) -> tuple[words.Titles, words.Titles]:
        return self._mirror.host_titles, self._mirror.server_titles

    def _rule_row(self, rule: Grant) -> QWidget:
        return RuleRow(self._theme, rule, self._titles, self._revoke)

    def _revoke(self, number: int) -> None:
        self._problem.clear()
        self._ask(RevokeGrant(id=number), on_error=self._problem.say_error)
