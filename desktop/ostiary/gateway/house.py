"""The services that a call meets on its way, in one place. Only holds them; decides what is visible."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ostiary.domain.approval import GateMode
from ostiary.domain.host_choice import HostChoice, stricter
from ostiary.domain.root import Root
from ostiary.domain.server import ToolState
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.connections import Connections
from ostiary.gateway.gate import Gate
from ostiary.gateway.local_links import LocalLinks
from ostiary.gateway.policy import preview
from ostiary.gateway.policy.host_deadline import UNKNOWN, HostDeadline
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.servers import Servers
from ostiary.gateway.tool_search.own_tools import listing

LIST_TOOLS = "tools/list"


@dataclass(frozen=True, slots=True)
class House:
    """What is shared by all sessions. ``roots`` gives the approved folders of this moment, ``mask`` hides secrets."""

    catalogue: Catalogue
    connections: Connections
    servers: Servers
    gate: Gate
    pins: PinStore
    log: CallLog
    roots: Callable[[], tuple[Root, ...]]
    mask: Callable[[str, object], object]
    links: LocalLinks
    deadline: Callable[[str, bool], HostDeadline] = lambda _host, _told: UNKNOWN
    """How long a host waits for a call, given its name and whether it is told of progress meanwhile."""
    risky_always: Callable[[], bool] = lambda: False
    """Whether *always* may be offered for what may destroy or reaches beyond this computer."""
    choice: Callable[[tuple[str, ...]], HostChoice] = lambda _hosts: HostChoice()
    """What the person chose for a host, by the name it was configured under; for several, what is left to all."""

    def visible(self, server: str, own_name: str) -> bool:
        """Whether hosts see a tool: not while it is disabled, none while everything is blocked."""
        if self.gate.mode is GateMode.BLOCK_ALL:
            return False
        return self.servers.tool_state(server, own_name) is not ToolState.DISABLED

    def seen(self, hosts: tuple[str, ...], selection: tuple[str, ...] | None) -> tuple[str, ...]:
        """The servers that a host sees through an entry: switched on, selected by the entry, not hidden from it."""
        hidden, enabled = self.choice(hosts).hidden_servers, self.servers.enabled(selection)
        return tuple(server for server in enabled if server not in hidden) if hidden else enabled

    def hides(self, hosts: tuple[str, ...], server: str, own_name: str) -> bool:
        """Whether a tool that others may see does not exist for this host."""
        return self.choice(hosts).tool_state(server, own_name) is ToolState.DISABLED

    def hidden_from(self, hosts: tuple[str, ...]) -> Callable[[str, str], bool]:
        """``hides`` for one host."""
        return partial(self.hides, hosts)

    def tool_state(self, hosts: tuple[str, ...], server: str, own_name: str) -> ToolState:
        """The stricter of what was made of a tool for all hosts and for this one."""
        for_all, chosen = self.servers.tool_state(server, own_name), self.choice(hosts).tool_state(server, own_name)
        return for_all if chosen is ToolState.ENABLED else stricter(for_all, chosen)

    def page(self, hosts: tuple[str, ...], method: str, servers: tuple[str, ...], *, modern: bool) -> bytes:
        """All that these servers have of a kind and the host may see; tool search searches this."""
        hidden = self.choice(hosts).hidden_tools
        return self.catalogue.page(method, servers, self.visible, modern=modern, hidden=hidden)

    def list_for(
        self, hosts: tuple[str, ...], method: str, selection: tuple[str, ...] | None, *, modern: bool
    ) -> bytes:
        """The whole result of a list method, as the host gets it through an entry."""
        choice, servers = self.choice(hosts), self.seen(hosts, selection)
        page = self.page(hosts, method, servers, modern=modern)
        if method != LIST_TOOLS or not choice.tool_search:
            return page
        titles = tuple(self.title(server) for server in servers)
        pinned = (self.catalogue.tool_name(server, tool) for server, tools in choice.pinned.items() for tool in tools)
        return listing(page, titles, frozenset(pinned), modern=modern)

    def title(self, server: str) -> str:
        """What a server is called."""
        return self.servers.known(server).title or server

    def hides_file(self, hosts: tuple[str, ...], uri: str) -> bool:
        """Whether a file is only offered by servers that are hidden from the host."""
        hidden = tuple(server for server in self.servers.enabled() if server in self.choice(hosts).hidden_servers)
        return self.catalogue.has_owner(uri, hidden) and not self.catalogue.has_owner(uri, self.seen(hosts, None))

    def real_path(self, path: str) -> str:
        """The path with ``~`` and all links resolved, as far as it exists."""
        return os.path.realpath(Path(path).expanduser())

    def is_missing(self, path: str) -> bool:
        """Whether nothing is at a real path; False where nobody can tell."""
        try:
            os.lstat(path)
        except OSError as error:
            return isinstance(error, FileNotFoundError | NotADirectoryError)
        return False

    def sight(self) -> preview.Sight:
        """What helps the person to see through a call."""
        return preview.Sight(
            roots=self.roots(),
            real_path=self.real_path,
            is_missing=self.is_missing,
            mask=self.mask,
            risky_always=self.risky_always(),
        )
