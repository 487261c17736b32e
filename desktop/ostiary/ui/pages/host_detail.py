"""What one host sees: how much that is, tool search, how it stands in its file, and its servers and tools."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.control.messages import PinToolForHost, SearchToolsForHost, SetToolForHost, ShowServerToHost
from ostiary.domain.errors import OstiaryError
from ostiary.domain.host import HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.domain.server import ServerView, ToolState
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.pages import host_words
from ostiary.ui.pages.host_tree import HostTree, seen
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import row_of
from ostiary.ui.parts.choice import Choice
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.page import scrolling_column
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_M, Theme


class HostDetail(QWidget):
    """Shows the host it was last given; asks the gateway for what a person wants it to see.

    Signals:
        closed: The person is done with it.
        refused: The name of a host that is no longer shown, and the ``OstiaryError`` that is about it.
        entries_wanted: The host's name and the ``EntryMode`` whose change to its file is to be shown.
    """

    closed = Signal()
    refused = Signal(str, object)
    entries_wanted = Signal(str, object)

    def __init__(self, theme: Theme, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._host: HostView | None = None
        self._title, self._offer, self._limits = Text(role="title"), Text(), Text(role="dim")
        self.close_button = button(words.CLOSE, self.closed.emit, role="flat")
        self._too_much, self._refusal = Problem(theme), Problem(theme)
        self.choose = button(host_words.CHOOSE_TOOLS, self.choose_tools)
        self.search_on = button(host_words.SEARCH_ON, lambda: self._wish_search(on=True))
        self._ways = ButtonRow(self.choose, self.search_on)
        close_on_escape(self, self.closed.emit)
        self.search = Switch(theme, host_words.SEARCH)
        self.search.clicked.connect(lambda: self._wish_search(on=not self.search.isChecked()))
        self.entries: Choice[EntryMode] = Choice(
            host_words.ENTRIES, host_words.ENTRY_MODES, host_words.ENTRY_MODES_MEAN
        )
        self.entries.wishes.made.connect(self._wish_entries)
        self._entries_mean, self._tools_mean = Text(role="dim"), Text(role="dim")
        self.tree = HostTree(theme)
        self.tree.server_wanted.connect(self._wish_server)
        self.tree.tool_wanted.connect(self._wish_tool)
        self.tree.pin_wanted.connect(self._wish_pin)
        area, column = scrolling_column(host_words.TOOLS)
        column_in(self, area)
        self._lay_out(column)

    @property
    def name(self) -> str:
        """The host that is shown; empty when none is."""
        return self._host.name if self._host else ""

    def show_host(self, host: HostView, servers: tuple[ServerView, ...]) -> None:
        if host.name != self.name:
            self._refusal.clear()
            self.tree.show_servers(host.title, ())  # its rows say whose they are, and what was opened in them
        self._host = host
        self._title.setText(host_words.title(host))
        self._offer.setText(host_words.offer(host.offer))
        limits = host_words.limits(host)
        self._limits.setText(limits)
        self._limits.setVisible(bool(limits))
        too_much = host_words.too_much(host.offer)
        self._too_much.say(too_much)
        self._ways.setVisible(bool(too_much))
        self.search_on.setVisible(not host.choice.tool_search)
        self.search.setChecked(host.choice.tool_search)
        self.entries.show_value(host.choice.entries)
        self._entries_mean.setText(f"{host_words.ENTRY_MODES_MEAN[host.choice.entries]} {host_words.ENTRIES_MEAN}")
        shown = seen(servers, host.choice)
        self._tools_mean.setText(host_words.TOOLS_MEAN if shown else host_words.NO_SERVERS)
        self.tree.show_servers(host.title, shown)

    def choose_tools(self) -> None:
        """Move to the servers and tools."""
        self.tree.take_focus()

    def _lay_out(self, column: QVBoxLayout) -> None:
        column.addLayout(row_of(self._title, self.close_button, stretch=0))
        for widget in (self._offer, self._limits, self._too_much, self._ways, self._refusal):
            column.addWidget(widget)
        column.addSpacing(SPACE_M)
        column.addLayout(row_of(Text(host_words.SEARCH, "name"), self.search, stretch=0))
        column.addWidget(Text(host_words.SEARCH_MEANS, "dim"))
        column.addSpacing(SPACE_M)
        column.addWidget(Text(host_words.ENTRIES, "name"))
        column.addLayout(row_of(self.entries, QWidget(), stretch=1))
        column.addWidget(self._entries_mean)
        column.addSpacing(SPACE_M)
        column.addWidget(Text(host_words.TOOLS, "name"))
        column.addWidget(self._tools_mean)
        column.addWidget(self.tree)

    def _wish_search(self, *, on: bool) -> None:
        self._wish(SearchToolsForHost(host=self.name, on=on))

    def _wish_server(self, server: str, shown: bool) -> None:
        self._wish(ShowServerToHost(host=self.name, server=server, shown=shown))

    def _wish_tool(self, server: str, own_name: str, state: ToolState) -> None:
        self._wish(SetToolForHost(host=self.name, server=server, own_name=own_name, state=state))

    def _wish_pin(self, server: str, own_name: str, pinned: bool) -> None:
        self._wish(PinToolForHost(host=self.name, server=server, own_name=own_name, pinned=pinned))

    def _wish(self, wish: SearchToolsForHost | ShowServerToHost | SetToolForHost | PinToolForHost) -> None:
        self._refusal.clear()
        self._ask(wish, on_error=partial(self._refused, wish.host))

    def _refused(self, name: str, error: OstiaryError) -> None:
        if name == self.name and not self.isHidden():
            self._refusal.say_error(error)
        else:
            self.refused.emit(name, error)

    def _wish_entries(self, mode: EntryMode) -> None:
        self.entries_wanted.emit(self.name, mode)
