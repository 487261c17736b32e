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
from typing import Any, Final

from ostiary.domain.errors import OstiaryError, ServerError, in_sentences
from ostiary.domain.flow import StartChoice
from ostiary.domain.server import ServerOrigin, ServerSpec, ServerState
from ostiary.gateway.breaker import Breaker
from ostiary.gateway.catalogue import Catalogue, Changed
from ostiary.gateway.channel import Channel
from ostiary.gateway.client import Client, GreetingEnd
from ostiary.gateway.idling import Idling
from ostiary.gateway.isolation import process_name, server_of, session_of
from ostiary.gateway.lists import ServerLists
from ostiary.gateway.policy.pins import Definition, PinState, read_definition
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.supervise.life import Converse, ServerStatus
from ostiary.gateway.supervise.supervisor import Supervisor

READY_DEADLINE_S: Final = 50.0
"""Hosts give up on a call after 60 s; a server that is still starting then is told as an error before (our policy)."""

FIRST_LISTS_DEADLINE_S: Final = 5.0
"""How long a list may wait for servers that were never asked before."""

SETTLE_S: Final = 0.05
"""Servers announce several changes in a row; they are fetched once."""

REFETCH_PAUSE_S: Final = 0.5
"""Between two fetches of the same server's lists."""

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the connections are given. ``spec`` finds a configured server; the rest tells others what happened."""

    spec: Callable[[str], ServerSpec | None]
    on_state: Callable[[str], None]
    on_lists: Callable[[str, Changed], None]
    on_resource: Callable[[str, str], None]
    on_log: Callable[[Client, str, bytes, frozenset[int]], None]
    on_drained: Callable[[], None]
    on_trouble: Callable[[str, str], None]
    is_watched: Callable[[str], bool]
    """Whether hosts are subscribed to something of a server."""
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
        self._breakers: dict[str, Breaker] = {}
        self._legacy: set[str] = set()
        self._own: set[str] = set()
        self._turn = asyncio.Event()
        self._refetching: dict[str, asyncio.Task[None]] = {}
        self._announced: set[str] = set()
        self._idling = Idling(self._rest_in_s, lambda name: self.supervisor.stop(name))
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
            flow=spec.flow,
            breaker=self._breakers.setdefault(name, Breaker()),
        )
        known = self._catalogue.lists(server)
        known_modern = False if server in self._legacy else (None if known is None else known.modern)
        if await client.greet(spec.era, known_modern) is GreetingEnd.PROBE_ENDED_IT:
            self._legacy.add(server)
            return Converse.AGAIN
        client.traffic.flow_by(self._spec(server).flow)  # which may be another by now
        client.when_drained(self._around.on_drained)
        self._clients[name] = client
        if name == server:
            self._take_lists(client)
        if name in self._announced:  # while its lists were fetched
            self._refetch_soon(name)
        return Converse.READY

    def on_state(self, name: str, status: ServerStatus) -> None:
        """A server's state changed: wake whoever waits for it."""
        if status.state is not ServerState.RUNNING and status.state is not ServerState.STARTING:
            self._clients.pop(name, None)
        self._turn.set()
        self._turn = asyncio.Event()
        if session_of(name) is None:
            self._idling.watch(name)
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
        for process in ending:
            self._breakers.pop(process, None)
        await asyncio.gather(*(self.supervisor.forget(process) for process in ending))

    def now(self, server: str, session: int | None = None) -> Client | None:
        """The client of a server that runs at this moment: the session's own where it has one."""
        name = process_name(self._around.spec(server), server, session)
        client = self._clients.get(name)
        if client is None or client.closed:
            return None
        return client if self.supervisor.status(name).state is ServerState.RUNNING else None

    def is_modern(self, server: str) -> bool | None:
        """Whether a server speaks 2026-07-28; None while that is not known."""
        client = self.now(server)
        return None if client is None else client.modern

    async def ready(self, server: str, session: int | None = None) -> Client:
        """The client of a server, waiting while it starts. Raises ``ServerError`` when it will not be there.

        A process of a session's own is started here, when it is first needed, and so is one that starts on demand.
        """
        name = process_name(self._around.spec(server), server, session)
        if name != server and name not in self._own:
            self._own.add(name)
            await self.supervisor.start(name)
        elif self._rests(name):
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

    def flow_changed(self, server: str) -> None:
        """A server's limits are others."""
        spec = self._spec(server)
        for client in self._clients.values():
            if server_of(client.name) == server:
                client.traffic.flow_by(spec.flow)
        self._idling.watch(server)

    def trust_again(self, server: str) -> None:
        """Somebody started a server anew: how it answered before is forgotten."""
        self._breakers.pop(server, None)

    def trouble(self, server: str) -> str:
        """What is wrong with a server that runs, in words; empty while all is well."""
        client = self.now(server)
        return "" if client is None else client.trouble

    async def awake(self, server: str) -> Client | None:
        """The client of a server that runs, or that starts on demand; None for every other."""
        try:
            return await self.ready(server) if self._rests(server) else self.now(server)
        except OstiaryError as error:
            _LOG.warning("%s could not be started: %s", server, error)
            return None

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
        self._announced.discard(name)
        self._breakers.pop(name, None)
        self._definitions = {key: value for key, value in self._definitions.items() if key[0] != name}

    # For clients

    def lists_changed(self, client: Client) -> None:
        """A server announced a change: fetch everything anew, once for several announcements."""
        if session_of(client.name) is not None:
            return
        self._announced.add(client.name)
        self._refetch_soon(client.name)

    def resource_updated(self, client: Client, uri: str) -> None:
        self._around.on_resource(server_of(client.name), uri)

    def logged(self, client: Client, level: str, params: bytes, sessions: frozenset[int]) -> None:
        _LOG.info("%s: %.300s", client.name, params.decode(errors="replace"))
        self._around.on_log(client, level, params, sessions)

    def troubled(self, client: Client, text: str) -> None:
        self._around.on_trouble(server_of(client.name), text)

    def remarked(self, client: Client, text: str) -> None:
        _LOG.info("%s: %s", client.name, text)

    async def stop(self) -> None:
        """End what was started here."""
        tasks = list(self._refetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._idling.close()

    def _refetch_soon(self, name: str) -> None:
        task = self._refetching.get(name)
        if task is None or task.done():
            self._refetching[name] = asyncio.get_running_loop().create_task(self._refetch(name))

    async def _refetch(self, name: str) -> None:
        """Fetch until nothing was announced since; a server that announces all the time is asked now and then.

        It is asked by the client of the moment, which may be another than the one that announced. Where there is none,
        the announcement waits for the next.
        """
        await asyncio.sleep(SETTLE_S)
        while name in self._announced:
            client = self._clients.get(name)
            if client is None or client.closed:
                return
            self._announced.discard(name)
            try:
                await client.fetch_lists()
            except OstiaryError as error:
                _LOG.warning("The lists of %s could not be fetched: %s", name, error)
            else:
                if self._clients.get(name) is client:
                    self._take_lists(client)
            await asyncio.sleep(REFETCH_PAUSE_S)

    def _rests(self, name: str) -> bool:
        spec = self._around.spec(name)
        on_demand = spec is not None and spec.enabled and spec.flow.start is StartChoice.ON_DEMAND
        return on_demand and self.supervisor.status(name).state in (ServerState.STOPPED, ServerState.STOPPING)

    def _rest_in_s(self, name: str) -> float | None:
        """How long a server that starts on demand is kept running; None for every other."""
        spec, client = self._around.spec(name), self.now(name)
        if spec is None or client is None or spec.flow.start is not StartChoice.ON_DEMAND:
            return None
        idle_s = 0.0 if self._around.is_watched(name) else client.idle_s
        return max(0.0, spec.flow.idle_stop_s - idle_s)

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
            told = in_sentences(status.error, status.advice)
            raise ServerError(f"The server {name} is not running", told)

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
