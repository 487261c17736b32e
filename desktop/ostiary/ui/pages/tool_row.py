"""One tool of a server: what it claims to do, what its definition costs, and what the person makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.domain.server import ToolState, ToolView
from ostiary.ui import words
from ostiary.ui.pages import server_words
from ostiary.ui.parts.choice import Choice
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text, plain_tip
from ostiary.ui.theme import SPACE_XS, Theme

NAME_PX: Final = 120
"""What a name needs beside its states; with less, they stand below it."""


class ToolRow(QWidget):
    """A name, the claims below it, and the choice at the right. ``compare`` makes what shows a changed definition.

    Signals:
        state_wanted: Its own name, and the ``ToolState``.
    """

    state_wanted = Signal(str, object)

    def __init__(self, theme: Theme, tool: ToolView, compare: Callable[[], QWidget]) -> None:
        super().__init__()
        self._own_name = tool.own_name
        self._title, self._claims = Text(), Text(role="dim")
        self.choice: Choice[ToolState] = Choice(tool.own_name, words.TOOL_STATES, words.TOOL_STATE_MEANS)
        self.choice.wishes.made.connect(self._wish)
        self._changed = Problem(theme)
        self._compare = compare
        self._comparison: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, SPACE_XS, 0, SPACE_XS)
        self._column.setSpacing(SPACE_XS)
        self._column.addLayout(Ends(self._title, self.choice, least_px=NAME_PX))
        self._column.addWidget(self._claims)
        self._column.addWidget(self._changed)
        self.show_value(tool)

    def show_value(self, tool: ToolView) -> None:
        self._title.setText(tool.name)
        self._title.setToolTip(plain_tip(tool.title))
        self._claims.setText(server_words.claims(tool))
        self._claims.setToolTip(server_words.COST_MEANS)
        self._changed.say(words.TOOL_CHANGED if tool.changed else "")
        self._show_comparison(tool.changed)
        self.choice.show_value(tool.state)

    def _show_comparison(self, changed: bool) -> None:
        if changed and self._comparison is None:
            self._comparison = self._compare()
            self._column.addWidget(self._comparison)
        elif not changed and self._comparison is not None:
            self._comparison.deleteLater()
            self._comparison = None

    def _wish(self, state: ToolState) -> None:
        self.state_wanted.emit(self._own_name, state)
