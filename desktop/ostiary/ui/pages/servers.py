"""The servers: the list, the detail beside it (or in its place where the window is narrow), and the form to add one."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import DisableServer, EnableServer, ListServers, RestartServer, RestoreServer
from ostiary.domain.errors import OstiaryError
from ostiary.domain.events import Servers
from ostiary.domain.server import ServerView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import server_words
from ostiary.ui.pages.add_server import AddServerForm
from ostiary.ui.pages.import_form import ImportForm
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.pages.server_row import ServerRow
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.detail_page import DetailPage
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.text import Text
from ostiary.ui.parts.undo import Undo
from ostiary.ui.theme import Theme

CLOCK_MS: Final = 5_000
"""How often the page asks, while it shows, what each server uses: that changes without an event."""


class ServersPage(DetailPage[ServerDetail]):
    """Follows the mirror's servers."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.SERVERS)
        self._theme, self._mirror, self._ask = theme, mirror, ask
        self.add_button = button(words.ADD, self._open_form, name=words.ADD_SERVER)
        self.header.addWidget(self.add_button)
        self._search = self.add_search(words.SEARCH_SERVERS)
        self._search.textChanged.connect(self._show)
        self.form = AddServerForm(theme, ask)
        self.form.added.connect(self.open_server)
        self.form.closed.connect(self._show)
        self.pasting = ImportForm(theme, ask)
        self.form.paste_wanted.connect(self._open_paste)
        self.pasting.closed.connect(self._show)
        for form in (self.form, self.pasting):
            form.closed.connect(self.add_button.setFocus)
        self._refusal = Problem(theme)
        self._keyboard_lost = False
        """True when the detail that had it went with its server."""
        self.form.refused.connect(self._say_refused)
        self.undo: Undo[ServerView] = Undo(self._put_back)
        self._rows: Rows[ServerView] = Rows(lambda server: server.name, self._row)
        self._empty = EmptyState(
            theme, "servers", words.NO_SERVERS, words.NO_SERVERS_TEACH, words.ADD_SERVER, self._open_form
        )
        self._nothing = Text(words.NOTHING_FOUND, "dim")
        for widget in (self._refusal, self.undo, self.form, self.pasting, self._rows, self._nothing, self._empty):
            self.column.addWidget(widget)
        self.put_beside(ServerDetail(theme, ask))
        self.detail.closed.connect(self._close_detail)
        self.detail.removed.connect(self._offer_undo)
        self.detail.refused.connect(self._say_refused)
        self._clock = QTimer(self, interval=CLOCK_MS)
        self._clock.timeout.connect(self._look_again)
        mirror.servers_changed.connect(self._show)
        self._show()

    def open_server(self, name: str) -> None:
        """Show the detail of one."""
        server = next((server for server in self._mirror.servers if server.name == name), None)
        if server is not None:
            self.detail.show_server(server)
            self.show_detail()
            self._mark_selected()

    def row(self, name: str) -> ServerRow:
        """The row of a server that is shown."""
        row = self._rows.row(name)
        assert isinstance(row, ServerRow)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self.shows_detail:
            super().keyPressEvent(event)
            return
        row = self._rows.row(self.detail.name)
        self._close_detail()
        if row is not None:
            row.setFocus()

    def _show(self) -> None:
        wanted = self._search.text().strip().casefold()
        shown = [server for server in self._mirror.servers if wanted in _searchable(server)]
        self._rows.show_values(shown)
        self.undo.settle(lambda removed: removed.name in self._mirror.server_titles)
        self._empty.setVisible(self._mirror.loaded and not self._mirror.servers and not self._adds())
        self._nothing.setVisible(bool(self._mirror.servers) and not shown)
        self._follow_detail()

    def _look_again(self) -> None:
        """Without a gateway nothing comes back, and the banner says why."""
        self._ask(ListServers(), self._take, lambda _: None)

    def _take(self, servers: tuple[ServerView, ...]) -> None:
        self._mirror.take_event(Servers(servers=servers))

    def _follow_detail(self) -> None:
        if not self.shows_detail:
            return
        server = next((server for server in self._mirror.servers if server.name == self.detail.name), None)
        if server is None:
            self._keyboard_lost = self.detail.has_keyboard()
            self._close_detail()
        else:
            self.detail.show_server(server)

    def _row(self, server: ServerView) -> QWidget:
        row = ServerRow(self._theme, server)
        row.opened.connect(self.open_server)
        row.entered.connect(self.detail.close_button.setFocus)
        row.output_wanted.connect(self._open_output)
        row.switched.connect(self._switch)
        row.restart_wanted.connect(self._restart)
        return row

    def _open_output(self, name: str) -> None:
        self.open_server(name)
        self.detail.show_output()

    def _offer_undo(self, server: ServerView) -> None:
        """A server takes seconds to stop: whoever has gone on by now keeps the keyboard where it is."""
        self.undo.offer(server_words.removed(server.title), server)
        if self._keyboard_lost or (server.name == self.detail.name and self.detail.has_keyboard()):
            self.area.ensureWidgetVisible(self.undo)
            self.undo.button.setFocus()
        self._keyboard_lost = False

    def _put_back(self, server: ServerView) -> None:
        self._refusal.clear()
        self._ask(RestoreServer(name=server.name), on_error=partial(self._not_put_back, server))

    def _not_put_back(self, server: ServerView, error: OstiaryError) -> None:
        self._refusal.say_error_of(server.title, error)
        self.undo.offer_again()

    def _open_form(self) -> None:
        self._close_detail()
        self._empty.hide()
        self.form.open_form()
        self.area.ensureWidgetVisible(self.form)

    def _open_paste(self) -> None:
        self._empty.hide()
        self.pasting.open_paste()
        self.area.ensureWidgetVisible(self.pasting)

    def _adds(self) -> bool:
        return self.form.isVisibleTo(self) or self.pasting.isVisibleTo(self)

    def _close_detail(self) -> None:
        self.hide_detail()
        self._mark_selected()

    def _mark_selected(self) -> None:
        open_one = self.detail.name if self.shows_detail else ""
        for server in self._mirror.servers:
            row = self._rows.row(server.name)
            if isinstance(row, ServerRow):
                row.show_selected(server.name == open_one)

    def _switch(self, name: str, on: bool) -> None:
        self._refusal.clear()
        wish = EnableServer(name=name) if on else DisableServer(name=name)
        self._ask(wish, on_error=partial(self._say_refused, name))

    def _restart(self, name: str) -> None:
        self._refusal.clear()
        self._ask(RestartServer(name=name), on_error=partial(self._say_refused, name))

    def _say_refused(self, name: str, error: OstiaryError) -> None:
        (title,) = self._mirror.titled((name,))
        self._refusal.say_error_of(title, error)


def _searchable(server: ServerView) -> str:
    tools = (f"{tool.name} {tool.title}" for tool in server.tools)
    return " ".join((server.name, server.title, server.description, *tools)).casefold()
