"""The prompt's head: what is asked in one line, and how many questions wait beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ostiary.ui.approval import spoken, wording
from ostiary.ui.approval.labels import PlainLabel, dim
from ostiary.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, Theme, title_font


class Header(QWidget):
    """Title, queue, and what became of the question before.

    Signals:
        stepped(int): The person wants to see the question that many places on.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = PlainLabel(theme, "", font=title_font())
        self._waiting = dim(theme, "")
        self._said = dim(theme, "")
        self._previous = _arrow("‹", wording.PREVIOUS)
        self._next = _arrow("›", wording.NEXT)
        self._previous.clicked.connect(lambda: self.stepped.emit(-1))
        self._next.clicked.connect(lambda: self.stepped.emit(1))
        self._lay_out()

    def show_title(self, title: str) -> None:
        """Name the question."""
        self._title.setText(title)

    def show_place(self, position: int, count: int) -> None:
        """How many others wait; with none the arrows go."""
        self._waiting.setText(wording.waiting(count - 1))
        self._waiting.setAccessibleDescription(spoken.position(position + 1, count))
        for widget in (self._waiting, self._previous, self._next):
            widget.setVisible(count > 1)

    def say(self, what: str) -> None:
        """One quiet line below the title; empty for none."""
        self._said.setText(what)
        self._said.setVisible(bool(what))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, 0)
        column.setSpacing(SPACE_XS)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self._title, 1)
        for widget in (self._previous, self._waiting, self._next):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        column.addWidget(self._said)
        self.say("")


def _arrow(sign: str, name: str) -> QPushButton:
    button = QPushButton(sign)
    button.setProperty("role", "flat")
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setStyleSheet("min-height: 0; padding: 0;")
    button.setFixedSize(SPACE_XL, SPACE_XL)
    return button
