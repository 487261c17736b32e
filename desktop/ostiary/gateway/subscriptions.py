"""What hosts' subscriptions are watched by: approved folders by us, everything else by the server that has it.

Owns which session subscribed to which resource of which server; one subscription at a server serves all of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from ostiary.domain.errors import OstiaryError
from ostiary.gateway.background import Background
from ostiary.gateway.client import Client
from ostiary.gateway.coalescing import Coalescing
from ostiary.gateway.house import House
from ostiary.gateway.roots.notifier import Notifier
from ostiary.gateway.session import Session
from ostiary.gateway.watchers import Watchers

_LOG = logging.getLogger(__name__)


class Subscriptions:
    """Of all sessions. ``tell`` is given a session's number, the server, and the URI as it was subscribed."""

    def __init__(self, house: House, notifier: Notifier[int], tell: Callable[[int, str, str], None]) -> None:
        self._house = house
        self._notifier = notifier
        self._watchers = Watchers()
        self._background = Background()
        self._asking: Counter[tuple[str, str]] = Counter()
        """What servers are being asked for: nobody ends it meanwhile."""
        self._telling: Coalescing[tuple[int, str, str]] = Coalescing(lambda change: tell(*change))

    async def add(self, session: Session, uri: str) -> bool:
        """Watch a file in an approved folder ourselves; ask the owner for everything else, waiting while it starts."""
        if uri.startswith("file:"):
            return await self._add_file(session, uri)
        seen = self._house.seen(session.seen_as, session.servers)
        await self._house.connections.first_lists(seen)
        for server in self._house.catalogue.owners(uri, seen):
            client = await self._there(server)
            if client is not None and (self._watchers.has(server, uri) or await self._ask(client, server, uri)):
                self._watchers.add(session.number, server, uri)
                return True
        return False

    async def remove(self, session: Session, uri: str) -> None:
        """Nobody in this session wants to know of it any more."""
        ended = self._watchers.remove(session.number, uri)  # before any wait: it may be wanted again after it
        await self._notifier.unsubscribe(session.number, uri)
        await self._release(ended)

    async def drop(self, session: int) -> None:
        """A session is over."""
        ended = self._watchers.drop(session)
        await self._notifier.drop(session)
        await self._release(ended)

    def changed(self, server: str, uri: str) -> None:
        """A server said that a resource changed; hosts that subscribed to it, or to what it is part of, hear of it."""
        for number, subscribed in self._watchers.affected(server, uri):
            self._telling.changed((number, server, subscribed))

    def are_of(self, server: str) -> bool:
        """Whether anybody is subscribed to something of a server."""
        return bool(self._watchers.uris_of(server))

    async def renew(self, client: Client) -> None:
        """A server is back: ask it for what hosts are subscribed to."""
        for uri in self._watchers.uris_of(client.name):
            await client.subscribe(uri)
            self.changed(client.name, uri)

    async def restore(self, session: Session, uris: tuple[str, ...]) -> None:
        """Go on from what a session had. A server that still starts is asked when it is there; hosts are told then.

        What it wants no more when its turn comes, because it left or said so, is passed over.
        """
        for uri in uris:
            if not session.wants(uri):
                continue
            if uri.startswith("file:"):
                await self._add_file(session, uri)
                session.resource_updated(uri)
                continue
            for server in self._house.catalogue.owners(uri, self._house.seen(session.seen_as, session.servers))[:1]:
                self._watchers.add(session.number, server, uri)
                client = await self._house.connections.awake(server)
                if client is not None and await self._ask(client, server, uri):
                    session.resource_updated(uri)

    async def _ask(self, client: Client, server: str, uri: str) -> bool:
        place = server, uri
        self._asking[place] += 1
        try:
            return await client.subscribe(uri)
        except asyncio.CancelledError:  # the host is gone, and the server may have agreed
            self._background.start(self._release((place,)))
            raise
        finally:
            self._asking[place] -= 1
            if not self._asking[place]:
                del self._asking[place]

    async def _there(self, server: str) -> Client | None:
        try:
            return await self._house.connections.ready(server)
        except OstiaryError as error:
            _LOG.info("%s cannot be subscribed to: %s", server, error)
            return None

    async def _add_file(self, session: Session, uri: str) -> bool:
        if self._house.hides_file(session.seen_as, uri):
            return False
        try:
            await self._notifier.subscribe(session.number, uri)
        except OstiaryError as error:
            _LOG.info("%s cannot be subscribed to: %s", uri, error)
            return False
        return True

    async def _release(self, ended: tuple[tuple[str, str], ...]) -> None:
        for server, uri in ended:
            client = self._house.connections.now(server)
            is_wanted_again = self._watchers.has(server, uri) or (server, uri) in self._asking
            if client is not None and not is_wanted_again:
                try:
                    await client.unsubscribe(uri)
                except (TimeoutError, OstiaryError) as error:
                    _LOG.info("%s did not end a subscription: %s", server, error)
