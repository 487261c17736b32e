"""The hosts: which are on this machine, and how each is connected; the others are folded away."""

from __future__ import annotations

from ostiary.domain.host import HostState, HostView
from ostiary.ui import words
from ostiary.ui.approval.expander import Expander
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import import_words
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.import_form import ImportForm
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.rows import Rows
from ostiary.ui.theme import Theme


class HostsPage(Page):
    """Follows the mirror's hosts."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.HOSTS)
        self._mirror = mirror
        self.rows: Rows[HostView] = Rows(lambda host: host.name, lambda host: HostRow(theme, ask, host))
        self._others: Rows[HostView] = Rows(lambda host: host.name, lambda host: HostRow(theme, ask, host))
        self.not_here = Expander(words.NOT_HERE, lambda: self._others)
        self._empty = EmptyState(theme, "hosts", words.NO_HOSTS, words.NO_HOSTS_TEACH)
        self.bring_in = button(import_words.BRING_IN, self._open_import)
        self.import_form = ImportForm(theme, ask)
        self.import_form.closed.connect(self._import_closed)
        self.header.addWidget(self.bring_in)
        self.column.addWidget(self.import_form)
        self.column.addWidget(self.rows)
        self.column.addWidget(self._empty)
        self.column.addWidget(self.not_here)
        mirror.hosts_changed.connect(self._show)
        self._show()

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
