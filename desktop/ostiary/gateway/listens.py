"""What one host is told of by itself: its subscriptions and listens, from the request to the end.

Owns the host's interests; what watches the resources is asked for through ``watch`` and ``unwatch``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakValueDictionary

import msgspec

from ostiary.gateway.answers import Answers
from ostiary.gateway.asking import RefusedRequestError, read_filter, read_uri
from ostiary.gateway.interests import Interests, Listen
from ostiary.gateway.wire import envelope, methods
from ostiary.gateway.wire.envelope import INVALID_PARAMS
from ostiary.gateway.wire.messages import Request


class Host(Protocol):
    """What is needed of the session."""

    def notify(self, method: str, params: object) -> None:
        """Send the host a notification."""

    def keep(self) -> None:
        """What is to outlive the gateway is different."""

    async def watch(self, uri: str) -> bool:
        """Watch a resource. False when nobody can."""

    async def unwatch(self, uri: str) -> None:
        """Stop watching it."""


class Listens:
    """Of one host."""

    def __init__(self, host: Host, answers: Answers) -> None:
        self.interests = Interests()
        self._host = host
        self._answers = answers
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By resource. Of wishes about one the last has to count: each waits until those before it are dealt with."""
        self._coming: Counter[str] = Counter()
        """The resources of listens that are being set up: what ends meanwhile leaves them as they are."""

    def list_changed(self, method: str) -> None:
        """Tell the listens that want to know that a list is different."""
        for listen in self.interests.listens_for(methods.LIST_CHANGED[method]):
            self._host.notify(method, {"_meta": listen.stamp})

    def resource_updated(self, uri: str) -> None:
        """Tell the host that a resource changed, with the URI as it was subscribed."""
        if uri in self.interests.legacy_uris:
            self._host.notify(methods.RESOURCE_UPDATED, {"uri": uri})
        for listen in self.interests.listens_to(uri):
            self._host.notify(methods.RESOURCE_UPDATED, {"_meta": listen.stamp, "uri": uri})

    async def subscribe(self, request: Request) -> None:
        """Answer ``resources/subscribe`` and ``resources/unsubscribe``. Raises ``RefusedRequestError``."""
        uri = read_uri(request)
        async with self._turns.setdefault(uri, asyncio.Lock()):
            await self._subscribe(request, uri)
        self._answers.give(request, envelope.result(request.id, b"{}"))

    async def _subscribe(self, request: Request, uri: str) -> None:
        if request.method == methods.UNSUBSCRIBE:
            self.interests.legacy_uris.discard(uri)
            self._host.keep()
            await self._drop_uris((uri,))
        elif await self._host.watch(uri):
            if self._answers.is_open(request):
                self.interests.legacy_uris.add(uri)
                self._host.keep()
            else:
                await self._drop_uris((uri,))
        else:
            raise RefusedRequestError(INVALID_PARAMS, "This resource cannot be subscribed to")

    async def listen(self, request: Request) -> None:
        """Open a stream, which stays open until it is cancelled. Raises ``RefusedRequestError``."""
        flags, wanted = read_filter(request)
        with self._setting_up(wanted):
            are_watched = await asyncio.gather(*map(self._host.watch, wanted))  # one may wait for a server that starts
            uris = tuple(uri for uri, is_watched in zip(wanted, are_watched, strict=True) if is_watched)
            if self._answers.take(request):  # not cancelled while it was being set up
                listen = Listen(request.key, request.id, flags, uris)
                self.interests.add_listen(request.key, listen)
                self._host.keep()
                self._host.notify(methods.ACKNOWLEDGED, listen.acknowledgement(with_uris=bool(wanted)))
        await self._drop_uris(wanted)

    @contextmanager
    def _setting_up(self, uris: tuple[str, ...]) -> Iterator[None]:
        self._coming.update(uris)
        try:
            yield
        finally:
            self._coming.subtract(uris)
            self._coming += Counter()  # what counts nothing goes

    async def end(self, listen: Listen) -> None:
        """A stream was cancelled."""
        await self._drop_uris(listen.uris)

    def end_all(self) -> tuple[tuple[bytes, ...], ...]:
        """A graceful end of each stream is the answer to its request (MCP 2026-07-28, patterns/subscriptions)."""
        return tuple(envelope.result(listen.raw_id, _complete(listen)) for listen in self.interests.end_all())

    async def _drop_uris(self, uris: tuple[str, ...]) -> None:
        for uri in uris:
            if not self.interests.wants(uri) and uri not in self._coming:
                await self._host.unwatch(uri)


def _complete(listen: Listen) -> bytes:
    return msgspec.json.encode({"resultType": "complete", "_meta": listen.stamp})
