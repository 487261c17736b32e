"""What the cards have in common in which a person types something new: fields under their names, and a way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ostiary.ui.parts.buttons import ButtonRow
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme


class Form(Card):
    """Hidden until it is opened. ``problem`` stands between the fields and the verbs.

    Signals:
        closed: It is hidden again.
    """

    closed = Signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.problem = Problem(theme)
        self._first: QWidget | None = None
        self.column.setSpacing(SPACE_S)
        self.column.addWidget(Text(title, "title"))
        close_on_escape(self, self.close_form)
        self.hide()

    def add_field(self, name: str, field: QWidget) -> None:
        """The next field, with its name above it and for a screen reader. The first one gets the keyboard."""
        self._first = self._first or field
        field.setAccessibleName(name)
        label = Text(name, "dim")
        label.setBuddy(field)
        self.column.addWidget(label)
        self.column.addWidget(field)

    def add_verbs(self, *verbs: QPushButton) -> None:
        """What can be done with the fields, below all of them."""
        self.column.addWidget(self.problem)
        self.column.addWidget(ButtonRow(*verbs))

    def open_form(self) -> None:
        self.show()
        if self._first is not None:
            self._first.setFocus()

    def close_form(self) -> None:
        self.problem.clear()
        self.hide()
        self.closed.emit()
