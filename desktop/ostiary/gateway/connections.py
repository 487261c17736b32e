"""The running servers, spoken to: a client for each, its lists kept up to date, and waiting for one that starts.

Joins the supervisor (processes), ``client`` (conversations), the catalogue (lists) and the pins (accepted
definitions). Which servers there are and whether they are switched on is ``servers``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ostiary.domain.errors import OstiaryError, ServerError
from ostiary.domain.server import ServerOrigin, ServerSpec, ServerState
from ostiary.gateway.catalogue import Catalogue, Changed
from ostiary.gateway.channel import Channel
from ostiary.gateway.client import Client, GreetingEnd
from ostiary.gateway.isolation import process_name, server_of, session_of
from ostiary.gateway.lists import ServerLists
from ostiary.gateway.policy.pins import Definition, PinState, read_definition
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.supervise.life import Converse, ServerStatus
from ostiary.gateway.supervise.supervisor import Supervisor

READY_DEADLINE_S = 50.0
"""Hosts give up on a call after 60 s; a server that is still starting then is told as an error before (our policy)."""

FIRST_LISTS_DEADLINE_S = 5.0
"""How long a list may wait for servers that were never asked before."""

SETTLE_S = 0.05
"""Servers announce several changes in a row; they are fetched once."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the connections are given. ``spec`` finds a configured server; the rest tells others what happened."""

    spec: Callable[[str], ServerSpec | None]
    on_state: Callable[[str], None]
    on_lists: Callable[[str, Changed], None]
    on_resource: Callable[[str, str], None]
    on_log: Callable[[Client, str, bytes, frozenset[int]], None]
    on_drained: Callable[[], None]
    own_info: Mapping[str, str]
    legacy_capabilities: Callable[[str], Mapping[str, Any]]
    """What a legacy server is told that its hosts can do."""


class Connections:
    """Clients by server name. Everything belongs to the loop's thread."""

    def __init__(self, catalogue: Catalogue, pins: PinStore, surroundings: Surroundings) -> None:
        self._catalogue = catalogue
        self._pins = pins
        self._around = surroundings
        self._clients: dict[str, Client] = {}
        self._definitions: dict[tuple[str, str], Definition] = {}
        self._legacy: set[str] = set()
        self._own: set[str] = set()
        self._turn = asyncio.Event()
        self._refetching: dict[str, asyncio.Task[None]] = {}
        self.supervisor: Supervisor

    # For the supervisor

    async def converse(self, name: str, channel: Channel) -> Converse:
        """Shake hands with a process that was just started, and take over its lists."""
        server = server_of(name)
        spec = self._spec(server)
        client = Client(
            name,
            channel,
            self,
            self._around.own_info,
            legacy_capabilities=self._around.legacy_capabilities(name),
        )
        known = self._catalogue.lists(server)
        known_modern = False if server in self._legacy else (None if known is None else known.modern)
        if await client.greet(spec.era, known_modern) is GreetingEnd.PROBE_ENDED_IT:
            self._legacy.add(server)
            return Converse.AGAIN
        client.when_drained(self._around.on_drained)
        self._clients[name] = client
        if name == server:
            self._take_lists(client)
        return Converse.READY

    def on_state(self, name: str, status: ServerStatus) -> None:
        """A server's state changed: wake whoever waits for it."""
        if status.state is not ServerState.RUNNING and status.state is not ServerState.STARTING:
            self._clients.pop(name, None)
        self._turn.set()
        self._turn = asyncio.Event()
        if session_of(name) is None:
            self._around.on_state(name)

    # For callers

    def running(self) -> tuple[Client, ...]:
        """Every server that can be spoken to."""
        return tuple(client for client in self._clients.values() if not client.closed)

    def running_for(self, session: int) -> tuple[Client, ...]:
        """The servers that this session has a process of its own of."""
        return tuple(client for client in self.running() if session_of(client.name) == session)

    async def leave(self, session: int) -> None:
        """A session is over: end its own processes."""
        await self._end(process for process in self._own if session_of(process) == session)

    async def end_own(self, server: str) -> None:
        """A server is switched off or started anew: end the processes that sessions have of it."""
        await self._end(process for process in self._own if server_of(process) == server)

    async def _end(self, processes: Iterable[str]) -> None:
        ending = tuple(processes)
        self._own.difference_update(ending)
        await asyncio.gather(*(self.supervisor.forget(process) for process in ending))

    def now(self, server: str, session: int | None = None) -> Client | None:
        """The client of a server that runs at this moment: the session's own where it has one."""
        name = process_name(self._around.spec(server), server, session)
        client = self._clients.get(name)
        running = self.supervisor.status(name).state is ServerState.RUNNING
        return client if client is not None and running and not client.closed else None

    def is_modern(self, server: str) -> bool | None:
        """Whether a server speaks 2026-07-28; None while that is not known."""
        client = self.now(server)
        return None if client is None else client.modern

    async def ready(self, server: str, session: int | None = None) -> Client:
        """The client of a server, waiting while it starts. Raises ``ServerError`` when it will not be there.

        A process of a session's own is started here, when it is first needed.
        """
        name = process_name(self._around.spec(server), server, session)
        if name != server and name not in self._own:
            self._own.add(name)
            await self.supervisor.start(name)
        try:
            async with asyncio.timeout(READY_DEADLINE_S):
                while True:
                    client = self.now(server, session)
                    if client is not None:
                        return client
                    self._check_hope(name)
                    await self._turn.wait()
        except TimeoutError as error:
            raise ServerError(f"The server {name} is still starting", "Try again in a moment.") from error

    async def first_lists(self, names: tuple[str, ...]) -> None:
        """Wait a little for starting servers of which nothing is known yet."""
        try:
            async with asyncio.timeout(FIRST_LISTS_DEADLINE_S):
                while any(self._is_unknown(name) for name in names):
                    await self._turn.wait()
        except TimeoutError:
            return  # list_changed follows when they are there

    @property
    def edition(self) -> object:
        """Another object after each change of a definition."""
        return self._definitions

    def definition(self, server: str, own_name: str) -> Definition | None:
        """A tool's definition as the server sent it last; None when it sent none that is sound."""
        return self._definitions.get((server, own_name))

    def definitions(self, server: str) -> tuple[Definition, ...]:
        """All sound definitions of a server."""
        return tuple(definition for (owner, _name), definition in self._definitions.items() if owner == server)

    def pin_state(self, server: str, own_name: str) -> PinState:
        """How a tool's definition stands to the accepted one."""
        definition = self.definition(server, own_name)
        return PinState.BEHAVIOURAL if definition is None else self._pins.state(server, definition)

    def forget(self, name: str) -> None:
        """A server was removed."""
        self._legacy.discard(name)
        self._definitions = {key: value for key, value in self._definitions.items() if key[0] != name}

    # For clients

    def lists_changed(self, client: Client) -> None:
        """A server announced a change: fetch everything anew, once for several announcements."""
        if session_of(client.name) is not None:
            return
        task = self._refetching.get(client.name)
        if task is None or task.done():
            self._refetching[client.name] = asyncio.get_running_loop().create_task(self._refetch(client))

    def resource_updated(self, client: Client, uri: str) -> None:
        self._around.on_resource(server_of(client.name), uri)

    def logged(self, client: Client, level: str, params: bytes, sessions: frozenset[int]) -> None:
        _LOG.info("%s: %.300s", client.name, params.decode(errors="replace"))
        self._around.on_log(client, level, params, sessions)

    def remarked(self, client: Client, text: str) -> None:
        _LOG.info("%s: %s", client.name, text)

    async def stop(self) -> None:
        """End what was started here."""
        tasks = list(self._refetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refetch(self, client: Client) -> None:
        await asyncio.sleep(SETTLE_S)
        try:
            await client.fetch_lists()
        except OstiaryError as error:
            _LOG.warning("The lists of %s could not be fetched: %s", client.name, error)
            return
        if self._clients.get(client.name) is client:
            self._take_lists(client)

    def _take_lists(self, client: Client) -> None:
        spec = self._spec(client.name)
        bundled = spec.origin is ServerOrigin.BUNDLED
        definitions = _definitions(client.lists)
        self._pins.observe(client.name, definitions.values(), bundled=bundled)
        self._definitions = {key: value for key, value in self._definitions.items() if key[0] != client.name}
        self._definitions |= {(client.name, name): definition for name, definition in definitions.items()}
        changed = self._catalogue.update(client.name, client.lists, bundled=bundled)
        self._around.on_lists(client.name, changed)

    def _spec(self, name: str) -> ServerSpec:
        spec = self._around.spec(name)
        if spec is None:
            raise ServerError(f"There is no server {name} any more")
        return spec

    def _check_hope(self, name: str) -> None:
        status = self.supervisor.status(name)
        if status.state not in (ServerState.STARTING, ServerState.RUNNING):
            raise ServerError(f"The server {name} is not running ({status.state})", status.error)

    def _is_unknown(self, name: str) -> bool:
        starting = self.supervisor.status(name).state is ServerState.STARTING
        return starting and self._catalogue.lists(name) is None


def _definitions(lists: ServerLists) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for tool in lists.tools:
        try:
            found[tool.own_name] = read_definition(bytes(tool.definition))
        except ServerError as error:
            _LOG.warning("A definition of the tool %s was left out: %s", tool.own_name, error)
    return found


def working_folder(base: Path, name: str) -> Path:
    """A server's own folder, made when missing (0700)."""
    folder = base / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
