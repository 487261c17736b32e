"""What the doctor remembers: when each host was here last and how it spoke, and how long servers took to start.

Kept in one file of names, revisions and times, so that it is known after a restart too. A file that cannot be read or
written costs the memory and nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from ostiary.domain.events import SessionView
from ostiary.domain.server import ServerState
from ostiary.gateway.atomic import replace_file

_MOST_HOSTS = 100
"""A host's name is what its shim was told; a program could tell many."""


class HostSighting(Struct, frozen=True, kw_only=True):
    """A host's newest session: when it began (Unix seconds), what it calls itself, and what it really spoke."""

    at: float
    client: str = ""
    revision: str = ""
    capabilities: tuple[str, ...] = ()


class ServerStart(Struct, frozen=True, kw_only=True):
    """How long a server took until it could be spoken to, the first time and the last, in seconds."""

    first_s: float
    last_s: float


class _Kept(Struct, frozen=True, kw_only=True):
    hosts: dict[str, HostSighting] = {}
    servers: dict[str, ServerStart] = {}


class Sightings:
    """Belongs to the loop's thread. ``now`` is Unix seconds."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self._path, self._now = path, now
        self._begun: dict[str, float] = {}
        self._kept = _Kept()
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            self._kept = msgspec.json.decode(path.read_bytes(), type=_Kept)

    def host(self, name: str) -> HostSighting | None:
        """The newest session of a host that is remembered."""
        return self._kept.hosts.get(name)

    def start(self, name: str) -> ServerStart | None:
        """How long a server took to start."""
        return self._kept.servers.get(name)

    def saw_sessions(self, sessions: Iterable[SessionView]) -> None:
        """Remember those that are open and have said how they speak."""
        hosts = dict(self._kept.hosts)
        for session in sessions:
            if session.revision:
                hosts[session.host] = HostSighting(
                    at=session.connected_at,
                    client=session.client,
                    revision=session.revision,
                    capabilities=session.capabilities,
                )
        newest = sorted(hosts.items(), key=lambda known: known[1].at)[-_MOST_HOSTS:]
        self._keep(_Kept(hosts=dict(newest), servers=self._kept.servers))

    def saw_server(self, name: str, state: ServerState) -> None:
        """A server's state changed."""
        if state is ServerState.STARTING:
            self._begun.setdefault(name, self._now())
            return
        begun = self._begun.pop(name, None)
        if begun is None or state is not ServerState.RUNNING:
            return
        took_s = max(0.0, self._now() - begun)
        known = self._kept.servers.get(name)
        start = ServerStart(first_s=known.first_s if known else took_s, last_s=took_s)
        self._keep(_Kept(hosts=self._kept.hosts, servers={**self._kept.servers, name: start}))

    def forget_server(self, name: str) -> None:
        """Another one has that name now."""
        self._begun.pop(name, None)
        servers = {known: start for known, start in self._kept.servers.items() if known != name}
        self._keep(_Kept(hosts=self._kept.hosts, servers=servers))

    def _keep(self, kept: _Kept) -> None:
        if kept != self._kept:
            self._kept = kept
            with contextlib.suppress(OSError):
                replace_file(self._path, msgspec.json.encode(kept))
