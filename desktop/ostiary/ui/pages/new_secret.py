"""The form for a new secret: a name and a value, kept on the screen (the value masked) until the keyring has it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from ostiary.domain.errors import OstiaryError
from ostiary.ui import words
from ostiary.ui.pages.secret_row import password_field
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.form import Form
from ostiary.ui.theme import Theme


class NewSecretForm(Form):
    """Empty whenever it is closed.

    Signals:
        given: The name and the value; whoever takes them calls ``close_form`` or ``refuse``.
    """

    given = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, words.ADD_SECRET)
        self.name = QLineEdit(placeholderText=words.SECRET_NAME_HINT)
        self.value = password_field(words.SECRET_VALUE)
        self.value.returnPressed.connect(self._give)
        self.keep = button(words.KEEP_SECRET, self._give, role="primary")
        self.waits = False
        """True from the moment that both are given until they are taken or refused, or the form is closed."""
        self.add_field(words.SECRET_NAME, self.name)
        self.add_field(words.SECRET_VALUE, self.value)
        self.add_verbs(self.keep, button(words.CANCEL, self.close_form))

    def close_form(self) -> None:
        self.waits = False
        self.name.clear()
        self.value.clear()
        super().close_form()

    def refuse(self, error: OstiaryError) -> None:
        """It was not kept; what was typed stays, to try again."""
        self.waits = False
        self.problem.say_error(error)

    def _give(self) -> None:
        if self.waits:
            return  # a second press is not a second wish; a button that is off would give the next one the keyboard
        name, value = self.name.text().strip(), self.value.text()
        if name and value:
            self.problem.clear()
            self.waits = True
            self.given.emit(name, value)
        else:
            self.problem.say(words.NEEDS_BOTH)
