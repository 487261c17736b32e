"""The form that adds a server: what is typed is shown back exactly as it would run, and confirmed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ostiary.control.messages import AddServer
from ostiary.domain.errors import OstiaryError, UsageError
from ostiary.domain.server import ServerView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.command_line import read_command, read_environment, read_name
from ostiary.ui.pages.server_words import CONFIRM_COMMAND, PASTE_BLOCK
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, Confirm
from ostiary.ui.parts.code import as_code
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text, label_of
from ostiary.ui.theme import SPACE_S, Theme


class AddServerForm(Card):
    """Hidden until it is opened.

    Signals:
        added: The name of the server that is there now.
        closed: It is hidden again.
        paste_wanted: The person has a block of JSON to paste instead.
    """

    added = Signal(str)
    closed = Signal()
    paste_wanted = Signal()

    def __init__(self, theme: Theme, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self.column.setSpacing(SPACE_S)
        self.name = _field(words.SERVER_NAME, words.SERVER_NAME_HINT)
        self.command = _field(words.COMMAND_LINE, words.COMMAND_LINE_HINT)
        self.environment = QPlainTextEdit(placeholderText=words.ENVIRONMENT_HINT, tabChangesFocus=True)
        self.environment.setAccessibleName(words.ENVIRONMENT)
        as_code(self.environment)
        self.environment.setFixedHeight(3 * self.environment.fontMetrics().lineSpacing() + 2 * SPACE_S)
        as_code(self.command)
        self._problem = Problem(theme)
        self._confirm = Confirm(words.CANCEL)
        self.go_on = button(words.ADD_CONTINUE, self._check, role="primary")
        self.column.addWidget(Text(words.ADD_SERVER, "title"))
        for label, field in self._fields():
            self.column.addWidget(label_of(label, field))
            self.column.addWidget(field)
        self.column.addWidget(self._problem)
        self.paste = button(PASTE_BLOCK, self._wish_paste)
        self.column.addWidget(ButtonRow(self.go_on, self.paste, button(words.CANCEL, self.close_form)))
        self.column.addWidget(self._confirm)
        close_on_escape(self, self.close_form)
        self.hide()

    def open_form(self) -> None:
        self.show()
        self.name.setFocus()

    def close_form(self) -> None:
        self._confirm.hide()
        self._problem.clear()
        self.hide()
        self.closed.emit()

    def _wish_paste(self) -> None:
        self.close_form()
        self.paste_wanted.emit()

    def _fields(self) -> tuple[tuple[str, QWidget], ...]:
        return (
            (words.SERVER_NAME, self.name),
            (words.COMMAND_LINE, self.command),
            (words.ENVIRONMENT, self.environment),
        )

    def _check(self) -> None:
        self._problem.clear()
        self._confirm.hide()
        try:
            wish = AddServer(
                name=read_name(self.name.text()),
                command=read_command(self.command.text()),
                environment=read_environment(self.environment.toPlainText()),
            )
        except UsageError as error:
            self._problem.say_error(error)
            return
        shown = words.exact_command(wish.command)
        self._confirm.ask(CONFIRM_COMMAND, words.ADD_CONFIRM, lambda: self._add(wish), exact=shown)

    def _add(self, wish: AddServer) -> None:
        self._ask(wish, self._done, self._refused)

    def _refused(self, error: OstiaryError) -> None:
        self._problem.say_error(error)

    def _done(self, server: ServerView) -> None:
        self.close_form()
        for field in (self.name, self.command, self.environment):
            field.clear()
        self.added.emit(server.name)


def _field(name: str, hint: str) -> QLineEdit:
    field = QLineEdit(placeholderText=hint)
    field.setAccessibleName(name)
    return field
