"""A tool whose definition is not the accepted one: both side by side, and what to make of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ostiary.control.messages import AcceptDefinition, CompareDefinition, DefinitionChange, SetToolState
from ostiary.domain.server import ToolState
from ostiary.ui.approval.sections import DefinitionsSection
from ostiary.ui.asking import Ask
from ostiary.ui.pages import rule_words as words
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class ChangedTool:
    """Which tool of which server."""

    server: str
    server_title: str
    own_name: str


class ChangedToolRow(Card):
    """Nothing can be accepted that was not shown: the answers come with the comparison."""

    def __init__(self, theme: Theme, ask: Ask, tool: ChangedTool, *, within: bool = False) -> None:
        """``within`` the tool's own row, which says already which one it is and that it changed."""
        super().__init__()
        self._theme, self._ask, self._tool = theme, ask, tool
        self._token = ""
        self._problem = Problem(theme)
        self._sides = QWidget()
        self._column = column_in(self._sides)
        name = words.changed_tool(tool.server_title, tool.own_name)
        self.compare = button(words.COMPARE, self._compare, name=words.about(words.COMPARE, name))
        self.accept = button(words.ACCEPT, self._accept, name=words.about(words.ACCEPT, name))
        self.keep_asking = button(words.KEEP_ASKING, self._keep_asking, name=words.about(words.KEEP_ASKING, name))
        self.disable = button(words.SWITCH_OFF, self._disable, name=words.about(words.SWITCH_OFF, name))
        self._answers = ButtonRow(self.keep_asking, self.disable, self.accept)
        if within:
            self.setProperty("role", "")
            self.column.setContentsMargins(0, 0, 0, 0)
            self.column.addWidget(ButtonRow(self.compare))
        else:
            heading = row_of(Mark(theme, Shape.TRIANGLE, "problem"), Text(name, "name"), stretch=1)
            self.column.addLayout(Ends(heading, self.compare))
        for widget in (self._problem, self._sides, self._answers):
            self.column.addWidget(widget)
        self._sides.hide()
        self._answers.hide()

    def show_value(self, tool: ChangedTool) -> None:
        self._tool = tool

    def _compare(self) -> None:
        self._problem.clear()
        command = CompareDefinition(name=self._tool.server, own_name=self._tool.own_name)
        self._ask(command, self._show, self._problem.say_error)

    def _show(self, change: DefinitionChange) -> None:
        self._token = change.token
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._column.addWidget(DefinitionsSection(self._theme, change.old, change.new))
        self._sides.show()
        self._answers.show()
        self.keep_asking.setFocus()

    def _accept(self) -> None:
        tool = self._tool
        command = AcceptDefinition(name=tool.server, own_name=tool.own_name, token=self._token)
        self._ask(command, on_error=self._problem.say_error)

    def _keep_asking(self) -> None:
        self._set(ToolState.ASKS)
        self._sides.hide()
        self._answers.hide()
        self.compare.setFocus()

    def _disable(self) -> None:
        self._set(ToolState.DISABLED)

    def _set(self, state: ToolState) -> None:
        command = SetToolState(name=self._tool.server, own_name=self._tool.own_name, state=state)
        self._ask(command, on_error=self._problem.say_error)
