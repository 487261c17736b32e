"""The ``subscriptions/listen`` that is kept open on a 2026-07-28 server, with the filter of the moment.

A filter cannot be changed (MCP 2026-07-28, patterns/subscriptions): for another one a new stream is opened, and the
old one is ended once the new one was acknowledged, so that nothing is lost between the two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ostiary.gateway import translate
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import read_key
from ostiary.gateway.wire.members import items_of, members_of, text_of
from ostiary.gateway.wire.messages import Notification

REOPEN_S = 1.0
"""A server that ends its stream gets a new one after this long; one that ends each at once is not kept busy."""


class Line(Protocol):
    """What listening needs of the conversation."""

    @property
    def closed(self) -> bool: ...

    def send_raw(self, method: str, params: Mapping[str, Any], on_answer: Callable[[Any], None]) -> int: ...

    def cancel(self, number: int, reason: str) -> None: ...


@dataclass(slots=True, eq=False)
class _Stream:
    """One request. ``honoured`` is done at its acknowledgement or its end, whichever comes first."""

    uris: frozenset[str]
    number: int = 0
    acknowledged: bool = False
    over: bool = False
    honoured: asyncio.Future[frozenset[str]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Listening:
    """What one server is listened to for: changes of its lists always, resources as they are wanted."""

    def __init__(self, line: Line, own_info: Mapping[str, str], patience_s: float) -> None:
        self._line = line
        self._own_info = own_info
        self._patience_s = patience_s
        self._uris: set[str] = set()
        self._stream: _Stream | None = None
        self._turn = asyncio.Lock()

    @property
    def number(self) -> int | None:
        """Our id of the request that is open; it stays so, unlike a call."""
        return None if self._stream is None else self._stream.number

    def open(self) -> None:
        """Begin to listen, without waiting for the server to agree."""
        self._stream = self._ask()

    async def add(self, uri: str) -> bool:
        """Listen to a resource too. False when the server does not agree in time."""
        self._uris.add(uri)
        if uri in await self._renewed():
            return True
        self._uris.discard(uri)
        return False

    async def remove(self, uri: str) -> None:
        """No longer listen to a resource."""
        self._uris.discard(uri)
        await self._renewed()

    def on_acknowledged(self, message: Notification) -> None:
        """The server agreed, to all or to some."""
        params = members_of(message.params)
        stream = self._stream
        if stream is None or not _is_stamped(params.get("_meta"), stream.number) or stream.honoured.done():
            return
        granted = items_of(members_of(params.get("notifications")).get("resourceSubscriptions"))
        stream.acknowledged = True
        stream.honoured.set_result(frozenset(filter(None, map(text_of, granted))))

    async def _renewed(self) -> frozenset[str]:
        async with self._turn:
            old = self._stream
            if old is not None and old.uris == self._uris:
                return await self._honoured(old)
            new = self._stream = self._ask()
            honoured = await self._honoured(new)
            if old is not None:
                self._choose(old, new)
            return honoured

    def _choose(self, old: _Stream, new: _Stream) -> None:
        """One of two is kept: what there was is better than one that was refused or is not acknowledged."""
        if new.acknowledged:
            self._line.cancel(old.number, "a new stream took its place")
        elif not old.over:
            self._stream = old
            self._line.cancel(new.number, "it was not acknowledged")
        elif new.over:
            self._reopen_soon()

    def _ask(self) -> _Stream:
        stream = _Stream(frozenset(self._uris))
        wanted = dict.fromkeys(methods.LIST_CHANGED.values(), True) | {"resourceSubscriptions": sorted(self._uris)}
        params = {"notifications": wanted, "_meta": translate.modern_meta(self._own_info)}
        stream.number = self._line.send_raw(methods.LISTEN, params, lambda _answer: self._ended(stream))
        return stream

    def _ended(self, stream: _Stream) -> None:
        """The answer to a listen is its end: refused, ended by the server, or the server is gone."""
        if not stream.honoured.done():
            stream.honoured.set_result(frozenset())
        stream.over = True
        if self._stream is stream:
            self._stream = None
            if stream.acknowledged:
                self._reopen_soon()

    def _reopen_soon(self) -> None:
        if not self._line.closed:
            asyncio.get_running_loop().call_later(REOPEN_S, self._reopen)

    def _reopen(self) -> None:
        if self._stream is None and not self._line.closed:
            self.open()

    async def _honoured(self, stream: _Stream) -> frozenset[str]:
        try:
            async with asyncio.timeout(self._patience_s):
                return await asyncio.shield(stream.honoured)
        except TimeoutError:
            return frozenset()


def _is_stamped(meta: bytes | None, number: int) -> bool:
    stamp = members_of(meta).get(methods.SUBSCRIPTION_ID_KEY)
    return stamp is not None and read_key(bytes(stamp)) == number
