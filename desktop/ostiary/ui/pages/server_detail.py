"""Everything about one server: its problem, its tools, its command, its output, and how to be rid of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ostiary.control.messages import Done, RemoveServer, RestartServer, SetToolState, TrustServer
from ostiary.domain.errors import OstiaryError
from ostiary.domain.server import ServerOrigin, ServerView, ToolState, ToolView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.language import said
from ostiary.ui.pages import server_words
from ostiary.ui.pages.changed_tool import ChangedTool, ChangedToolRow
from ostiary.ui.pages.server_flow import ServerFlow
from ostiary.ui.pages.server_output import ServerOutputView
from ostiary.ui.pages.tool_row import ToolRow
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Confirm, row_of
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.page import scrolling_column
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_M, Theme


class ServerDetail(QWidget):
    """Shows the server it was last given; asks the gateway for what a person wants of it.

    Signals:
        closed: The person is done with it.
        removed: The ``ServerView``; it is no longer there.
        refused: The name of a server that is no longer shown, and the ``OstiaryError`` that is about it.
    """

    closed = Signal()
    removed = Signal(object)
    refused = Signal(str, object)

    def __init__(self, theme: Theme, ask: Ask) -> None:
        super().__init__()
        self._theme, self._ask = theme, ask
        self._server: ServerView | None = None
        self._title = Text(role="title")
        self.close_button = button(words.CLOSE, self.closed.emit, role="flat")
        self._problem, self._refusal = Problem(theme), Problem(theme)
        self._trouble = Problem(theme, "busy")
        self._stale = button(words.RESTART_FOR_SECRET, self._restart)
        self._restart_button = button(words.RESTART, self._restart)
        self._output_button = button(words.SHOW_OUTPUT, self.toggle_output)
        self.output = ServerOutputView(ask)
        self.flow = ServerFlow(ask, self._refused)
        self._secrets, self._tools_note, self._traffic = Text(role="dim"), Text(role="dim"), Text(role="dim")
        self._tools: Rows[ToolView] = Rows(lambda tool: tool.own_name, self._tool_row, spacing=0)
        self.trust = Switch(theme, words.TRUST)
        self._trust_label, self._trust_means = Text(words.TRUST), Text(words.TRUST_MEANS, "dim")
        self._command = Text(role="mono")
        self._remove = button(words.REMOVE_ASK, self._ask_removal)
        self._confirm = Confirm(words.CANCEL)
        area, column = scrolling_column(words.SERVERS)
        column_in(self, area)
        column.addLayout(row_of(self._title, self.close_button, stretch=0))
        self._lay_out(column)
        self.trust.clicked.connect(self._wish_trust)

    @property
    def name(self) -> str:
        """The server that is shown; empty when none is."""
        return self._server.name if self._server else ""

    def show_server(self, server: ServerView) -> None:
        if server.name != self.name:
            self._start_over()
        self._server = server
        added = server.origin is ServerOrigin.ADDED
        self._title.setText(server.title)
        self._problem.say_failure(server.error, server.advice)
        self._trouble.say(said(server.trouble))
        self._traffic.setText(server_words.traffic(server))
        self._traffic.setVisible(bool(self._traffic.text()))
        self._stale.setVisible(server.stale)
        self._restart_button.setVisible(server.enabled and not server.stale)
        self._secrets.setText(server_words.uses_secrets(server.secrets))
        self._secrets.setVisible(bool(server.secrets))
        self._tools_note.setText(words.HINTS_ARE_CLAIMS if server.tools else words.NO_TOOLS_YET)
        self._tools.show_values(server.tools)
        self.flow.show_server(server)
        self._command.setText(words.exact_command(server.command))
        for widget in (self.trust, self._trust_label, self._trust_means, self._remove):
            widget.setVisible(added)
        self.trust.setChecked(server.trusted)

    def show_output(self) -> None:
        """Open the output and fetch its newest."""
        self.output.open_for(self.name, self._title.text())
        self._say_output(words.HIDE_OUTPUT)

    def toggle_output(self) -> None:
        if self.output.isVisibleTo(self):
            self.output.hide()
            self._say_output(words.SHOW_OUTPUT)
        else:
            self.show_output()

    def _say_output(self, word: str) -> None:
        self._output_button.setText(word)
        self._output_button.setAccessibleName(word)

    def _start_over(self) -> None:
        self.output.hide()
        self._say_output(words.SHOW_OUTPUT)
        self._refusal.clear()
        self._confirm.hide()
        self._tools.show_values(())  # another server's tools of the same names get rows of their own

    def _lay_out(self, column: QVBoxLayout) -> None:
        column.addWidget(self._problem)
        column.addWidget(self._trouble)
        column.addWidget(self._traffic)
        column.addWidget(self._refusal)
        column.addWidget(ButtonRow(self._stale, self._restart_button, self._output_button))
        column.addWidget(self.output)
        column.addWidget(self._secrets)
        column.addSpacing(SPACE_M)
        column.addWidget(Text(words.TOOLS, "name"))
        column.addWidget(self._tools_note)
        column.addWidget(self._tools)
        column.addLayout(row_of(self._trust_label, self.trust, stretch=0))
        column.addWidget(self._trust_means)
        column.addSpacing(SPACE_M)
        column.addWidget(Text(server_words.HOW_IT_RUNS, "name"))
        column.addWidget(self.flow)
        column.addSpacing(SPACE_M)
        column.addWidget(Text(words.COMMAND, "name"))
        column.addWidget(self._command)
        column.addSpacing(SPACE_M)
        column.addWidget(ButtonRow(self._remove))
        column.addWidget(self._confirm)

    def _tool_row(self, tool: ToolView) -> QWidget:
        row = ToolRow(self._theme, tool, lambda: self._comparison(tool.own_name))
        row.state_wanted.connect(self._wish_tool)
        return row

    def _comparison(self, own_name: str) -> QWidget:
        tool = ChangedTool(self.name, self._title.text(), own_name)
        return ChangedToolRow(self._theme, self._ask, tool, within=True)

    def _wish_tool(self, own_name: str, state: ToolState) -> None:
        self._wish(SetToolState(name=self.name, own_name=own_name, state=state))

    def _wish_trust(self) -> None:
        self._wish(TrustServer(name=self.name, trusted=not self.trust.isChecked()))

    def _restart(self) -> None:
        self._wish(RestartServer(name=self.name))

    def _wish(self, wish: SetToolState | TrustServer | RestartServer) -> None:
        self._refusal.clear()
        self._ask(wish, on_error=partial(self._refused, wish.name))

    def _refused(self, name: str, error: OstiaryError) -> None:
        """A server takes seconds to stop or to start: the person may be at another one by now."""
        if name == self.name and not self.isHidden():
            self._refusal.say_error(error)
        else:
            self.refused.emit(name, error)

    def _ask_removal(self) -> None:
        if self._server is not None:
            self._confirm.ask(server_words.remove(self._server.title), words.REMOVE, self._remove_it)

    def _remove_it(self) -> None:
        gone = self._server

        def is_gone(_: Done) -> None:
            self.removed.emit(gone)
            if gone is not None and gone.name == self.name:  # it took seconds to stop: the person may be at another one
                self.closed.emit()

        self._ask(RemoveServer(name=self.name), is_gone, partial(self._refused, self.name))

    def has_keyboard(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)
