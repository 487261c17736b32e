"""The form that adds a server: what is typed is shown back exactly as it would run, and confirmed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from ostiary.control.messages import AddServer
from ostiary.domain.errors import OstiaryError, UsageError
from ostiary.domain.server import ServerView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.command_line import read_command, read_environment, read_name
from ostiary.ui.pages.server_words import CONFIRM_COMMAND, PASTE_BLOCK
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import Confirm
from ostiary.ui.parts.code import as_code
from ostiary.ui.parts.form import Form
from ostiary.ui.theme import SPACE_S, Theme


class AddServerForm(Form):
    """What is typed stays when it is closed, until the server is there.

    Signals:
        added: The name of the server that is there now, unless the person has gone on to something else.
        refused: The name of a server that no longer stands in the form, and the ``OstiaryError`` that is about it.
        paste_wanted: The person has a block of JSON to paste instead.
    """

    added = Signal(str)
    refused = Signal(str, object)
    paste_wanted = Signal()

    def __init__(self, theme: Theme, ask: Ask) -> None:
        super().__init__(theme, words.ADD_SERVER)
        self._ask = ask
        self.name = QLineEdit(placeholderText=words.SERVER_NAME_HINT)
        self.command = QLineEdit(placeholderText=words.COMMAND_LINE_HINT)
        self.environment = QPlainTextEdit(placeholderText=words.ENVIRONMENT_HINT, tabChangesFocus=True)
        as_code(self.environment)
        self.environment.setFixedHeight(3 * self.environment.fontMetrics().lineSpacing() + 2 * SPACE_S)
        as_code(self.command)
        self._confirm = Confirm(words.CANCEL)
        self.go_on = button(words.ADD_CONTINUE, self._check, role="primary")
        self.paste = button(PASTE_BLOCK, self._wish_paste)
        self.add_field(words.SERVER_NAME, self.name)
        self.add_field(words.COMMAND_LINE, self.command)
        self.add_field(words.ENVIRONMENT, self.environment)
        self.add_verbs(self.go_on, self.paste, button(words.CANCEL, self.close_form))
        self.column.addWidget(self._confirm)

    def close_form(self) -> None:
        self._confirm.hide()
        super().close_form()

    def _wish_paste(self) -> None:
        self.close_form()
        self.paste_wanted.emit()

    def _check(self) -> None:
        self.problem.clear()
        self._confirm.hide()
        try:
            wish = AddServer(
                name=read_name(self.name.text()),
                command=read_command(self.command.text()),
                environment=read_environment(self.environment.toPlainText()),
            )
        except UsageError as error:
            self.problem.say_error(error)
            return
        shown = words.exact_command(wish.command)
        self._confirm.ask(CONFIRM_COMMAND, words.ADD_CONFIRM, lambda: self._add(wish), exact=shown)

    def _add(self, wish: AddServer) -> None:
        typed = self._typed()
        self._ask(wish, lambda server: self._done(server, typed), lambda error: self._not_done(wish, error, typed))

    def _typed(self) -> tuple[str, str, str]:
        return self.name.text(), self.command.text(), self.environment.toPlainText()

    def _not_done(self, wish: AddServer, error: OstiaryError, typed: tuple[str, str, str]) -> None:
        if self.isHidden() or self._typed() != typed:
            self.refused.emit(wish.name, error)
        else:
            self.problem.say_error(error)

    def _done(self, server: ServerView, typed: tuple[str, str, str]) -> None:
        if self._typed() != typed:
            return  # the next one is being typed by now
        is_open = not self.isHidden()
        for field in (self.name, self.command, self.environment):
            field.clear()
        if is_open:
            self.close_form()
            self.added.emit(server.name)
