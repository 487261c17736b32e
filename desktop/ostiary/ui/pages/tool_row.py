"""One tool of a server: what it claims to do, and what the person makes of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.domain.server import ToolState, ToolView
from ostiary.ui import words
from ostiary.ui.parts.card import row_of
from ostiary.ui.parts.choice import Choice
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_XS, Theme


class ToolRow(QWidget):
    """A name, the claims below it, and the choice at the right.

    Signals:
        state_wanted: Its own name, and the ``ToolState``.
    """

    state_wanted = Signal(str, object)

    def __init__(self, theme: Theme, tool: ToolView) -> None:
        super().__init__()
        self._own_name = tool.own_name
        self._title, self._hints = Text(), Text(role="dim")
        self.choice: Choice[ToolState] = Choice(tool.own_name, words.TOOL_STATES, words.TOOL_STATE_MEANS)
        self.choice.wishes.made.connect(self._wish)
        self._changed = Problem(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_XS, 0, SPACE_XS)
        column.setSpacing(0)
        column.addLayout(row_of(self._title, self.choice, stretch=0))
        column.addWidget(self._hints)
        column.addWidget(self._changed)
        self.show_value(tool)

    def show_value(self, tool: ToolView) -> None:
        self._title.setText(tool.name)
        self._title.setToolTip(tool.title)
        self._hints.setText(words.hints(tool.hints))
        self._changed.say(words.TOOL_CHANGED if tool.changed else "")
        self.choice.show_value(tool.state)

    def _wish(self, state: ToolState) -> None:
        self.state_wanted.emit(self._own_name, state)
