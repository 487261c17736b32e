"""The hosts: which are on this machine, and how each is connected."""

from __future__ import annotations

from ostiary.domain.host import HostState, HostView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.rows import Rows
from ostiary.ui.theme import Theme


class HostsPage(Page):
    """Follows the mirror's hosts; those that are not here come last."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.HOSTS)
        self._mirror = mirror
        self.rows: Rows[HostView] = Rows(lambda host: host.name, lambda host: HostRow(theme, ask, host))
        self._empty = EmptyState(theme, "hosts", words.NO_HOSTS, words.NO_HOSTS_TEACH)
        self.column.addWidget(self.rows)
        self.column.addWidget(self._empty)
        mirror.hosts_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        hosts = sorted(self._mirror.hosts, key=lambda host: host.state is HostState.NOT_FOUND)
        self.rows.show_values(hosts)
        self._empty.setVisible(self._mirror.loaded and not hosts)
