"""The gateway as a client of one server process: handshake, requests, cancellation, lists, subscriptions.

Owns the conversation on one channel, from the first probe to the end of the process. Who may call what, and what
hosts get to see of it, is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final

from msgspec import Raw

from ostiary.domain.errors import ServerError
from ostiary.domain.flow import Flow
from ostiary.domain.server import EraChoice
from ostiary.gateway import translate
from ostiary.gateway.answer import Answer, OnAnswer, Open
from ostiary.gateway.breaker import Breaker
from ostiary.gateway.channel import Channel
from ostiary.gateway.handshake import Greeting, OwnSide, Patience, greet
from ostiary.gateway.hearing import Hearing, Listener
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.inquiry import Inquiry
from ostiary.gateway.listening import Listening
from ostiary.gateway.listing import fetch
from ostiary.gateway.lists import ServerLists
from ostiary.gateway.open_requests import OpenRequests, ended_here
from ostiary.gateway.server_level import ServerLevel
from ostiary.gateway.server_requests import ServerRequests
from ostiary.gateway.traffic import Traffic
from ostiary.gateway.wire import envelope, methods, strict
from ostiary.gateway.wire.members import members_of

_LOG: Final = logging.getLogger(__name__)

STUCK_S: Final = 1.0
"""Hosts wait so long for a server that does not read. Then its calls wait, and hosts go on with others (our policy)."""

_PATIENCE: Final = Patience()
_NO_CAPABILITIES: Mapping[str, Any] = {}
_FLOW: Final = Flow()


class GreetingEnd(Enum):
    """How a handshake ended."""

    READY = "ready"
    PROBE_ENDED_IT = "probe-ended-it"
    """The process ended because of the probe: an old server that takes nothing before ``initialize``."""


class Client:
    """One server process, spoken to. ``own_info`` is what we call ourselves towards servers.

    ``legacy_capabilities`` is what a legacy server is told that its hosts can do. ``breaker`` remembers how the
    processes before this one answered.
    """

    def __init__(
        self,
        name: str,
        channel: Channel,
        listener: Listener[Client],
        own_info: Mapping[str, str],
        patience: Patience = _PATIENCE,
        legacy_capabilities: Mapping[str, Any] = _NO_CAPABILITIES,
        flow: Flow = _FLOW,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.modern = False
        self.lists = ServerLists()
        self._channel = channel
        self._own_info = dict(own_info)
        self._patience = patience
        self._own = OwnSide(self._own_info, legacy_capabilities)
        self._open = OpenRequests(name, self._left)
        self._next_id = 1
        self._closed = False
        self._greeting: Greeting | None = None
        self._listening = Listening(self, self._own_info, patience.answer_s)
        self._requests = ServerRequests(self._write, self._asks)
        self.traffic = Traffic(
            name, flow, breaker or Breaker(), self._late, lambda words: listener.troubled(self, words)
        )
        self._level = ServerLevel(lambda level: self._send_level(level))
        self._hearing = Hearing(self, channel, listener, self._open, self._listening, self._requests, self.traffic)
        self._when_drained: Callable[[], None] = _nothing
        self._looking: asyncio.TimerHandle | None = None
        self._stuck = False
        channel.on_drained = self._drained
        channel.start(self._hearing.on_line, self._on_closed)

    @property
    def closed(self) -> bool:
        """True once the process's output ended."""
        return self._closed

    @property
    def is_greeted(self) -> bool:
        """True once it is known which generation the server speaks."""
        return self._greeting is not None

    @property
    def idle_s(self) -> float:
        """How long nobody has needed the server; 0 while somebody does."""
        is_asked = any(number != self._listening.number for number in self._open.numbers)
        return 0.0 if is_asked else self.traffic.idle_s

    @property
    def trouble(self) -> str:
        """What is wrong although it runs, in words; empty while all is well."""
        return " ".join(filter(None, (self.traffic.shut_words(), self.traffic.held_words(), self._hearing.trouble)))

    @property
    def is_full(self) -> bool:
        """True while the server reads slower than hosts write, and they should wait for it."""
        return self._channel.is_full and not self._stuck

    def hold(self, is_held: bool) -> None:
        """From here on requests are sent several at a time; with false again, what is left of them at once."""
        self._channel.hold(is_held)

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call back each time a full pipe is empty again, or is not worth waiting for."""
        self._when_drained = callback

    async def greet(self, era: EraChoice, known_modern: bool | None) -> GreetingEnd:
        """Find out the generation, shake hands, fetch all lists. Raises ``ServerError`` when it cannot be spoken to."""
        greeting = await greet(self, era, known_modern, self._own, self._patience)
        if greeting is None:
            return GreetingEnd.PROBE_ENDED_IT
        self._greeting = greeting
        self.modern = greeting.modern
        if self.modern:
            self._listening.open()
        else:
            self.notify(methods.INITIALIZED)
        await self.fetch_lists()
        return GreetingEnd.READY

    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        on_answer: OnAnswer,
        *,
        host: HostEnd | None = None,
        client_info: object = None,
        own_meta: dict[str, Any] | None = None,
        size_bytes: int = 0,
    ) -> int:
        """Send a request on; ``params`` is decoded and may hold the host's ``_meta``. Returns our id for it.

        ``host`` is whom the server may speak to meanwhile. ``own_meta`` is what we tell a bundled server; keys of ours
        in the host's ``_meta`` are dropped. A host's call waits for its turn, taking ``size_bytes`` of our memory, and
        its time is limited.

        ``on_answer`` is called exactly once, unless the request is cancelled before.
        """
        number = self._next_id
        self._next_id += 1
        meta = translate.meta_for_server(
            params.get("_meta", {}),
            to_modern=self.modern,
            client_info=client_info or self._own_info,
            progress_token=number if host is not None and host.wants_progress else None,
            capabilities={} if host is None else host.capabilities,
            log_level=None if host is None else host.log_level,
        )
        whole = _with_meta(params, meta | own_meta if own_meta else meta)
        if host is None:
            self._send(number, method, whole, Open(on_answer))
        else:
            tool = params.get("name") if method == methods.CALL_TOOL else None
            self.traffic.enter(
                number,
                host,
                tool if isinstance(tool, str) else "",
                size_bytes,
                lambda: self._send(number, method, whole, Open(on_answer, host)),
                lambda words: on_answer(ended_here(self.name, words)),
            )
        return number

    def send_raw(self, method: str, params: Mapping[str, Any], on_answer: OnAnswer) -> int:
        """Send a request whose parameters are complete as they are."""
        number = self._next_id
        self._next_id += 1
        self._send(number, method, params, Open(on_answer))
        return number

    async def ask(self, method: str, params: Mapping[str, Any], *, deadline_s: float | None = None) -> Answer:
        """Call and wait. Raises ``TimeoutError`` after telling the server that nobody waits any more."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        number = self.call(method, params, lambda answer: None if future.done() else future.set_result(answer))
        try:
            async with asyncio.timeout(self._patience.answer_s if deadline_s is None else deadline_s):
                return await future
        finally:
            if not future.done() or future.cancelled():
                self.cancel(number, "nobody waits for it any more")

    def cancel(self, number: int, reason: str) -> None:
        """Tell the server to stop, and forget the request: its answer will reach nobody."""
        if number in self._open:
            self.notify(methods.CANCELLED, {"requestId": number, "reason": reason})
        self._open.drop(number)

    def notify(self, method: str, params: Mapping[str, Any] | None = None) -> None:
        """Send a notification."""
        self._write(*envelope.notification(method, None if params is None else strict.encode(params)))

    def expect_visits(self, pages: Iterable[Inquiry], host: HostEnd) -> None:
        """A host was told of these pages in an error; it hears when the server says that they did their work."""
        self._requests.expect_visits(pages, host)

    def want_levels(self, levels: Iterable[str]) -> None:
        """What legacy hosts want to hear of the server's log."""
        self._level.stand(levels, self._levels())

    async def fetch_lists(self) -> None:
        """Ask for everything the server offers and keep it in ``lists``."""
        assert self._greeting is not None
        self.lists = await fetch(self._page, self._greeting)

    async def subscribe(self, uri: str) -> bool:
        """Ask for ``resources/updated`` of one resource. False when the server does not do that."""
        if not self.lists.can_subscribe:
            return False
        if self.modern:
            return await self._listening.add(uri)
        try:
            answer = await self.ask(methods.SUBSCRIBE, {"uri": uri})
        except TimeoutError:
            return False
        return answer.error is None

    async def unsubscribe(self, uri: str) -> None:
        """Nobody wants to know of this resource any more."""
        if self._closed:
            return
        if self.modern:
            await self._listening.remove(uri)
        else:
            await self.ask(methods.UNSUBSCRIBE, {"uri": uri})

    def _on_closed(self) -> None:
        self._closed = True
        self.traffic.closed()
        self._requests.close()
        self._open.fail(self._open.numbers, f"The server {self.name} ended before it answered")
        self._drained()  # whoever waited for it to read waits no more

    def _drained(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        if self._stuck:
            self._stuck = False
            self.traffic.stuck(False)
        self._when_drained()

    def _give_up_waiting(self) -> None:
        self._looking = None
        self._stuck = True
        self.traffic.stuck(True)
        self._when_drained()

    # Requests of our own

    def _send(self, number: int, method: str, params: Mapping[str, Any], request: Open) -> None:
        line = envelope.request(number, method, *strict.encode_parts(params))
        self._open.add(number, request)
        if self._closed:
            reason = f"The server {self.name} is not running"
            asyncio.get_running_loop().call_soon(self._open.fail, [number], reason)
            return
        if request.host is not None and request.host.log_level is not None:
            self._level.update(self._levels())
        self._write(*line)

    def _write(self, *parts: bytes) -> None:
        """Whatever fills the pipe, a host's answer as well as a call: from then on hosts wait, and so long."""
        self._channel.send(*parts)
        if self._looking is None and self.is_full and not self._closed:
            self._looking = asyncio.get_running_loop().call_later(STUCK_S, self._give_up_waiting)

    def _late(self, number: int, words: str) -> None:
        self.notify(methods.CANCELLED, {"requestId": number, "reason": "it took too long"})
        self._open.give_up(number)
        self._open.end(number, ended_here(self.name, words))

    def _asks(self, host: HostEnd, asking: bool) -> None:
        for number in self._open.numbers_of(host):
            self.traffic.asks(number, asking=asking)

    def _left(self, number: int) -> None:
        self.traffic.left(number)
        if self._level.is_set and not self._closed:
            self._level.update(self._levels())

    def _levels(self) -> list[str | None]:
        return [host.log_level for host in self._open.hosts]

    def _send_level(self, level: str) -> None:
        if self.lists.can_log and not self.modern:
            self.send_raw(methods.SET_LEVEL, {"level": level}, lambda _answer: None)

    async def _page(self, method: str, params: Mapping[str, Any]) -> dict[str, Raw] | None:
        try:
            answer = await self.ask(method, params)
        except TimeoutError as error:
            raise ServerError(f"{self.name} did not answer {method} in {self._patience.answer_s:.0f} s") from error
        if answer.error is not None and self._closed:
            raise ServerError(f"{self.name} ended while it was asked for {method}")
        return None if answer.error is not None else members_of(answer.result)


def _nothing() -> None:
    """Nobody waits for it to read."""


def _with_meta(params: Mapping[str, Any], meta: Mapping[str, Any]) -> Mapping[str, Any]:
    if not meta and "_meta" not in params:
        return params
    rest = {name: value for name, value in params.items() if name != "_meta"}
    return rest | {"_meta": meta} if meta else rest
