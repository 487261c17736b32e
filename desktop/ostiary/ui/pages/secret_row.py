"""One secret by its name: whether it is set, who uses it, and fields to set it anew or remove it. Never its value."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ostiary.domain.secret import SecretView
from ostiary.ui import words
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, Confirm, row_of
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme


class SecretRow(Card):
    """A card with a field that opens when a new value is to be typed.

    Signals:
        value_given: Its name and the value that was typed; nothing here keeps it.
        removal_wanted: Its name; confirmed already.
    """

    value_given = Signal(str, str)
    removal_wanted = Signal(str)

    def __init__(self, theme: Theme, secret: SecretView, titled: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        """``titled`` gives what servers are called at the moment."""
        super().__init__()
        self._secret, self._titled = secret, titled
        self._mark = Mark(theme)
        self._name, self._state, self._users = Text(role="mono"), Text(role="dim"), Text(role="dim")
        self.value = password_field(words.secret_value_of(secret.name))
        self.value.returnPressed.connect(self._keep)
        self.set_button = button(words.SET_SECRET, self._open, name=words.named(secret.name, words.SET_SECRET))
        self._remove = button(words.REMOVE_ASK, self._ask_removal, name=words.remove(secret.name))
        self._buttons = ButtonRow(self.set_button, self._remove)
        self._entry: QWidget = ButtonRow(
            button(words.KEEP_SECRET, self._keep, role="primary", name=words.named(secret.name, words.KEEP_SECRET)),
            button(words.CANCEL, self._leave, name=words.named(secret.name, words.CANCEL)),
        )
        for one in (self.value, self._entry):
            close_on_escape(one, self._leave)
        self._confirm = Confirm(words.CANCEL)
        self.column.addLayout(row_of(self._mark, self._name, self._state, stretch=1))
        for widget in (self._users, self._buttons, self.value, self._entry, self._confirm):
            self.column.addWidget(widget)
        self._close()
        self.show_value(secret)

    def show_value(self, secret: SecretView) -> None:
        self._secret = secret
        shape, tone = (Shape.FULL, "ok") if secret.is_set else (Shape.TRIANGLE, "busy")
        self._mark.set_shape(shape, tone)
        self._name.setText(secret.name)
        self._state.setText(words.IS_SET if secret.is_set else words.NOT_SET)
        self._remove.setVisible(secret.is_set)
        self._users.setText(words.used_by(self._titled(self._secret.used_by)))

    def _open(self) -> None:
        self._buttons.hide()
        self.value.show()
        self._entry.show()
        self.value.setFocus()

    def _close(self) -> None:
        self.value.clear()
        self.value.hide()
        self._entry.hide()
        self._buttons.show()

    def _leave(self) -> None:
        self._close()
        self.set_button.setFocus()

    def _keep(self) -> None:
        value = self.value.text()
        if value:
            self._leave()
            self.value_given.emit(self._secret.name, value)

    def _ask_removal(self) -> None:
        name = self._secret.name
        self._confirm.ask(
            words.remove_secret(name, self._titled(self._secret.used_by)),
            words.REMOVE,
            lambda: self.removal_wanted.emit(name),
        )


def password_field(name: str) -> QLineEdit:
    """A field whose content is never shown."""
    field = QLineEdit(placeholderText=name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field
