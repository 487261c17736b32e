"""Hosts arrive here and become sessions; what they ask for is passed to the house.

Owns the open sessions and who stands behind each.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ostiary.domain.approval import Caller
from ostiary.domain.events import SessionView
from ostiary.gateway.arrival import HostArrival
from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.capabilities import Capabilities, for_own, for_shared
from ostiary.gateway.client import Client
from ostiary.gateway.completion import complete
from ostiary.gateway.continuing import go_on
from ostiary.gateway.departure import Departure
from ostiary.gateway.house import House
from ostiary.gateway.instant import InstantAnswers, Told
from ostiary.gateway.isolation import server_of, session_of
from ostiary.gateway.policy.identity import identify
from ostiary.gateway.processes import started_at
from ostiary.gateway.record import Continuation, NoRecord
from ostiary.gateway.roots.notifier import Notifier
from ostiary.gateway.searching import Searching
from ostiary.gateway.session import Session
from ostiary.gateway.subscriptions import Subscriptions
from ostiary.gateway.wire import methods

_LOG: Final = logging.getLogger(__name__)
INSTRUCTIONS_PER_SERVER: Final = 2000


@dataclass(slots=True)
class _Guest:
    """A session, how it came, and who is behind it."""

    session: Session
    arrival: HostArrival
    caller: asyncio.Future[Caller]
    connected_at: float
    title: str


class Reception:
    """All sessions. Everything belongs to the loop's thread; ``identify`` finds out who is behind a shim."""

    def __init__(
        self,
        house: House,
        notifier: Notifier[int],
        version: str,
        identify: Callable[[str, int | None], Awaitable[Caller]],
        title: Callable[[str], str],
        on_change: Callable[[], None],
        answers_file: Path,
        narrowed: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self.version = version
        self._house = house
        self._identify = identify
        self._title = title
        self._on_change = on_change
        self._narrowed = narrowed
        self._guests: dict[int, _Guest] = {}
        self._early: list[HostArrival] | None = []
        self._numbers = itertools.count(1)
        self.subscriptions = Subscriptions(house, notifier, self._resource_changed)
        self._departure = Departure(house, lambda session: self._guests[session.number].caller)
        self._searching = Searching(house, self._departure.pass_on)
        own_words = Told(self._page, lambda: self._instructions(house.servers.enabled()), narrowed)
        self._instant = InstantAnswers(answers_file, version, own_words)
        self._tasks: set[asyncio.Task[None]] = set()

    # Coming and going

    def arrive(self, arrival: HostArrival) -> None:
        """A shim was let in. It shows up as a session when the host says more than ``server/discover``."""
        if self._early is not None:
            self._early.append(arrival)
            return
        number = next(self._numbers)
        host = arrival.hello.host or "unknown"
        record = NoRecord() if arrival.continuation is None else arrival.continuation.ledger
        session = Session(number, host, arrival.hello.servers, arrival.peer_pid, arrival.channel, self, record)
        caller = asyncio.ensure_future(self._caller(host, arrival.peer_pid))
        guest = self._guests[number] = _Guest(session, arrival, caller, time.time(), self._title(host))
        arrival.on_gone(session.close)
        caller.add_done_callback(lambda _: self._recognise(guest))
        if self._narrowed():  # what it may see depends on who it is
            caller.add_done_callback(lambda _: self._begin(guest))
        else:
            self._begin(guest)

    async def _caller(self, host: str, pid: int | None) -> Caller:
        """Who is behind a shim. Where that cannot be found out it is nobody known, and calls go on as of such a one."""
        try:
            return await self._identify(host, pid)
        except Exception:  # the border of a session: whatever goes wrong there must leave no host waiting
            _LOG.warning("It could not be found out who is behind a shim of %s", host, exc_info=True)
            return identify(host, self._title(host), (), ())

    def _recognise(self, guest: _Guest) -> None:
        if not guest.caller.cancelled():
            guest.session.seen_as = guest.caller.result().seen_as

    def _begin(self, guest: _Guest) -> None:
        if guest.session.is_closed:
            return
        if guest.arrival.continuation is not None:
            self._go_on(guest.session, guest.arrival.continuation)
        guest.session.start()

    def open(self) -> None:
        """Servers run or are being started: who came early is heard now, and a call finds its server."""
        early, self._early = self._early or (), None
        self._instant.changed()
        for arrival in early:
            self.arrive(arrival)

    def close_all(self) -> None:
        """End every session, gracefully for the listens of modern hosts."""
        for arrival in self._early or ():
            arrival.end()
        for guest in tuple(self._guests.values()):
            guest.session.close()

    def leave_all(self) -> None:
        """Let every host go to the next gateway; those that cannot go there are ended."""
        for arrival in (*(self._early or ()), *(guest.arrival for guest in self._guests.values())):
            arrival.leave()

    def views(self) -> tuple[SessionView, ...]:
        """The sessions as a person sees them."""
        return tuple(_view(guest) for guest in self._guests.values() if guest.session.is_open)

    def begun(self, host: str) -> tuple[float, ...]:
        """When each open session of a host began (Unix seconds)."""
        return tuple(
            _begun_at(guest) for guest in self._guests.values() if guest.session.is_open and guest.session.host == host
        )

    def legacy_capabilities(self, process: str) -> Capabilities:
        """What a legacy server that is just being started is told that hosts can do."""
        own = self._guests.get(session_of(process) or 0)
        if own is not None:
            return for_own(own.session.known.relayed, own.session.known.capabilities)
        return for_shared(guest.session.known.relayed for guest in self._guests.values())

    def roots_changed(self, session: Session) -> None:
        """The host's roots are others: servers that only it uses are told."""
        for client in self._house.connections.running_for(session.number):
            if not client.modern:
                client.notify(methods.ROOTS_CHANGED)

    # Telling hosts

    def announce(self, changed: tuple[str, ...]) -> None:
        """Lists are different: tell every host that wants to know."""
        self._instant.changed()
        for guest in tuple(self._guests.values()):
            for method in changed:
                guest.session.list_changed(method)

    def file_changed(self, number: int, uri: str) -> None:
        """A subscribed file or folder changed."""
        guest = self._guests.get(number)
        if guest is not None and not self._house.hides_file(guest.session.seen_as, uri):
            guest.session.resource_updated(uri)

    def _resource_changed(self, number: int, server: str, uri: str) -> None:
        guest = self._guests.get(number)
        if guest is not None and server in self._seen(guest.session):
            guest.session.resource_updated(uri)

    def view_changed(self, host: str) -> None:
        """What this host sees is different; no other hears of it."""
        self._instant.changed()
        for session in [guest.session for guest in self._guests.values() if host in guest.session.seen_as]:
            for method in methods.LIST_CHANGED:
                session.list_changed(method)
            self.changed(session)

    def logged(self, client: Client, level: str, params: bytes, asked_for: frozenset[int]) -> None:
        """A server logged: sessions whose calls asked for it hear it, and of a legacy server every legacy host."""
        for number, guest in tuple(self._guests.items()):
            sees = self._sees(guest.session, client)
            if number in asked_for or (not client.modern and sees and guest.session.known.hears(level)):
                guest.session.log(params)

    def resume_all(self) -> None:
        """A server reads again: so do we."""
        for guest in self._guests.values():
            guest.session.channel.resume_reading()

    async def subscribe_again(self, server: str) -> None:
        """A server is back: ask it for what hosts are subscribed to."""
        client = self._house.connections.now(server)
        if client is not None:
            self._set_level(client)
            await self.subscriptions.renew(client)

    # What sessions ask for (Surroundings)

    async def page(self, session: Session, method: str, *, modern: bool) -> bytes:
        """A list, from the catalogue; servers that were never asked before are waited for a little."""
        await self._house.connections.first_lists(self._seen(session))
        return self._house.list_for(session.seen_as, method, session.servers, modern=modern)

    def instructions(self, session: Session) -> str:
        """What the servers say of their use; with several, each under its name."""
        return self._instructions(self._seen(session))

    def _instructions(self, servers: tuple[str, ...]) -> str:
        texts: list[tuple[str, str]] = []
        for server in servers:
            lists = self._house.catalogue.lists(server)
            if lists is not None and lists.instructions:
                texts.append((server, lists.instructions[:INSTRUCTIONS_PER_SERVER]))
        if len(texts) == 1:
            return texts[0][1]
        return "\n\n".join(f"## {server}\n{text}" for server, text in texts)

    def extensions(self, session: Session) -> Mapping[str, Any]:
        """What passes of an entry's one server; nothing where several are behind it."""
        seen = self._seen(session) if session.is_single else ()
        lists = self._house.catalogue.lists(seen[0]) if seen else None
        return {} if lists is None else lists.extensions

    def pass_on(self, session: Session, asked: Asked, end: Callable[[Ended], None]) -> Callable[[str], None]:
        """Take up the parked call that this request is about, or send a new one on its way."""
        return self._searching.pass_on(session, asked, end)

    async def complete(self, session: Session, asked: Asked) -> Ended:
        """Ask the server that owns the prompt or the template."""
        return await complete(self._house, session.number, self._seen(session), asked)

    async def subscribe(self, session: Session, uri: str) -> bool:
        """Watch a file in an approved folder ourselves; ask the owner for everything else."""
        return await self.subscriptions.add(session, uri)

    async def unsubscribe(self, session: Session, uri: str) -> None:
        """Nobody in this session wants to know of it any more."""
        await self.subscriptions.remove(session, uri)

    def burst(self, begins: bool) -> None:
        """What goes to a server because of them goes in few writes: each wakes it."""
        for client in self._house.connections.running():
            client.hold(begins)

    def reads_again(self, session: Session) -> None:
        """Its calls may go on."""
        for client in self._house.connections.running():
            client.traffic.host_reads()

    def opened(self, session: Session) -> None:
        self._on_change()

    def closed(self, session: Session) -> None:
        guest = self._guests.pop(session.number, None)
        if guest is None:
            return
        self._departure.drop(session.number)
        self._spawn(self._house.connections.leave(session.number))
        self._spawn(self.subscriptions.drop(session.number))
        self._house.gate.grants.end_session(session.number)
        guest.caller.cancel()
        guest.arrival.end()
        self.changed(session)

    def changed(self, session: Session) -> None:
        for client in self._house.connections.running():
            self._set_level(client)
        self._on_change()

    def _set_level(self, client: Client) -> None:
        known = (g.session.known for g in self._guests.values() if self._sees(g.session, client))
        client.want_levels(host.log_level for host in known if host.log_level is not None)

    def _sees(self, session: Session, client: Client) -> bool:
        is_its_own = session_of(client.name) in (None, session.number)
        return is_its_own and server_of(client.name) in self._seen(session)

    def _seen(self, session: Session) -> tuple[str, ...]:
        return self._house.seen(session.seen_as, session.servers)

    def _go_on(self, session: Session, continuation: Continuation) -> None:
        """What the host was not told while no gateway ran is unknown: it is told that everything may be different.

        Not a host that was answered by its shim as it would be answered now: never one that is shown less than others.
        """
        uris = go_on(session, continuation)
        narrow = self._house.choice(session.seen_as).is_narrow
        answered_from = continuation.answered_from
        if narrow or answered_from is None or not self._instant.are_current(answered_from):
            for method in methods.LIST_CHANGED if session.is_open else ():
                session.list_changed(method)
        if session.is_open:
            self.opened(session)
        if uris:
            self._spawn(self.subscriptions.restore(session, uris))

    def _page(self, method: str, modern: bool) -> bytes:
        servers = self._house.servers.enabled(None)
        return self._house.catalogue.page(method, servers, self._house.visible, modern=modern)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _begun_at(guest: _Guest) -> float:
    """One that goes on after a gateway's death is as old as its shim; a process's start is known to the second."""
    shim = None if guest.session.pid is None else started_at(guest.session.pid)
    return guest.connected_at if shim is None else min(guest.connected_at, shim + 1)


def _view(guest: _Guest) -> SessionView:
    session = guest.session
    return SessionView(
        id=session.number,
        host=session.host,
        title=guest.title,
        client=session.known.client_name,
        era=session.known.era,
        connected_at=guest.connected_at,
        pid=session.pid,
        calls=session.calls,
        revision=session.known.revision,
        capabilities=session.known.declared,
    )
