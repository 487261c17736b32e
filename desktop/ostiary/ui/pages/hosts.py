"""The hosts: which are on this machine, how each is connected, and what it sees; the others are folded away."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ostiary.domain.errors import OstiaryError
from ostiary.domain.host import HostState, HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.ui import words
from ostiary.ui.approval.expander import Expander
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import host_words, import_words
from ostiary.ui.pages.host_detail import HostDetail
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.import_form import ImportForm
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.detail_page import DetailPage
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.theme import Theme


class HostsPage(DetailPage[HostDetail]):
    """Follows the mirror's hosts."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.HOSTS)
        self._mirror = mirror
        self._theme, self._ask = theme, ask
        self.rows: Rows[HostView] = Rows(lambda host: host.name, self._row)
        self._others: Rows[HostView] = Rows(lambda host: host.name, lambda host: HostRow(theme, ask, host))
        self.not_here = Expander(host_words.NOT_HERE, lambda: self._others)
        self._empty = EmptyState(theme, "hosts", host_words.NO_HOSTS, host_words.NO_HOSTS_TEACH)
        self.bring_in = button(import_words.BRING_IN, self._open_import)
        self.import_form = ImportForm(theme, ask)
        self.import_form.closed.connect(self._import_closed)
        self.header.addWidget(self.bring_in)
        self._refusal = Problem(theme)
        self.column.addWidget(self._refusal)
        self.column.addWidget(self.import_form)
        self.column.addWidget(self.rows)
        self.column.addWidget(self._empty)
        self.column.addWidget(self.not_here)
        self.put_beside(HostDetail(theme, ask))
        self.detail.closed.connect(self._close_detail)
        self.detail.refused.connect(self._say_refused)
        self.detail.entries_wanted.connect(self._plan_entries)
        mirror.hosts_changed.connect(self._show)
        mirror.servers_changed.connect(self._follow_detail)
        self._show()

    def open_host(self, name: str) -> None:
        """Show what a host sees."""
        host = next((host for host in self._mirror.hosts if host.name == name), None)
        if host is not None:
            self._refusal.clear()
            self.detail.show_host(host, self._mirror.servers)
            self.show_detail()
            self.detail.close_button.setFocus()

    def _row(self, host: HostView) -> QWidget:
        row = HostRow(self._theme, self._ask, host, sees=True)
        row.opened.connect(self.open_host)
        row.tools_wanted.connect(self._choose_tools)
        return row

    def _choose_tools(self, name: str) -> None:
        self.open_host(name)
        self.detail.choose_tools()

    def _plan_entries(self, name: str, mode: EntryMode) -> None:
        """The change to the file is shown at the host's row, as every change is."""
        self._close_detail()
        row = self.rows.row(name)
        if isinstance(row, HostRow):
            row.plan_entries(mode)

    def _say_refused(self, name: str, error: OstiaryError) -> None:
        self._refusal.say_error_of(self._mirror.host_titles.get(name, name), error)

    def _close_detail(self) -> None:
        name = self.detail.name
        self.hide_detail()
        row = self.rows.row(name)
        if isinstance(row, HostRow):
            row.sees_button.setFocus()

    def _follow_detail(self) -> None:
        if self.shows_detail:
            host = next((host for host in self._mirror.hosts if host.name == self.detail.name), None)
            if host is None or host.state is HostState.NOT_FOUND:
                self._close_detail()
            else:
                self.detail.show_host(host, self._mirror.servers)

    def _open_import(self) -> None:
        self.bring_in.hide()
        self.import_form.open_form()

    def _import_closed(self) -> None:
        self.bring_in.show()
        self.bring_in.setFocus()

    def _show(self) -> None:
        here = [host for host in self._mirror.hosts if host.state is not HostState.NOT_FOUND]
        others = [host for host in self._mirror.hosts if host.state is HostState.NOT_FOUND]
        self.rows.show_values(here)
        self._others.show_values(others)
        self.not_here.setVisible(bool(others))
        self._empty.setVisible(self._mirror.loaded and not here)
        self._follow_detail()
