"""The form for a new secret: a name and a value, kept on the screen (the value masked) until the keyring has it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from ostiary.domain.errors import OstiaryError
from ostiary.ui import words
from ostiary.ui.pages.secret_row import password_field
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text, label_of
from ostiary.ui.theme import SPACE_S, Theme


class NewSecretForm(Card):
    """Hidden until it is opened.

    Signals:
        given: The name and the value; whoever takes them calls ``close_form`` or ``refuse``.
        closed: It is hidden again, and empty.
    """

    given = Signal(str, str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.column.setSpacing(SPACE_S)
        self.name = QLineEdit(placeholderText=words.SECRET_NAME_HINT)
        self.name.setAccessibleName(words.SECRET_NAME)
        self.value = password_field(words.SECRET_VALUE)
        self.value.returnPressed.connect(self._give)
        self._problem = Problem(theme)
        self.keep = button(words.KEEP_SECRET, self._give, role="primary")
        self.column.addWidget(Text(words.ADD_SECRET, "title"))
        for label, field in ((words.SECRET_NAME, self.name), (words.SECRET_VALUE, self.value)):
            self.column.addWidget(label_of(label, field))
            self.column.addWidget(field)
        self.column.addWidget(self._problem)
        self.column.addWidget(ButtonRow(self.keep, button(words.CANCEL, self.close_form)))
        close_on_escape(self, self.close_form)
        self.hide()

    def open_form(self) -> None:
        self.show()
        self.name.setFocus()

    def close_form(self) -> None:
        self.name.clear()
        self.value.clear()
        self._problem.clear()
        self.hide()
        self.closed.emit()

    def refuse(self, error: OstiaryError) -> None:
        """It was not kept; what was typed stays, to try again."""
        self._problem.say_error(error)

    def _give(self) -> None:
        name, value = self.name.text().strip(), self.value.text()
        if name and value:
            self._problem.clear()
            self.given.emit(name, value)
        else:
            self._problem.say(words.NEEDS_BOTH)
