"""A session over a real socket pair: the host's end, checked line by line, and a house that answers as it is told."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.session import Session
from ostiary.gateway.wire import methods
from tests.support.official_schema import check_line, check_result

DEADLINE_S = 30.0
LINE_BYTES = 32 * 1024 * 1024

ENVELOPE: dict[str, Any] = {
    methods.PROTOCOL_VERSION_KEY: methods.MODERN,
    methods.CLIENT_CAPABILITIES_KEY: {},
    methods.CLIENT_INFO_KEY: {"name": "modern host", "version": "1"},
}


@dataclass(slots=True)
class Call:
    """A call that was put through the gate; ``end`` answers it."""

    asked: Asked
    end: Callable[[Ended], None]
    cancelled: list[str] = field(default_factory=list)

    def answer(self, result: Any) -> None:
        """End well, as a legacy server does."""
        self.end(Ended(json.dumps(result).encode(), None))


class SmallHouse:
    """Surroundings of a session. Lists and subscriptions wait while ``may_answer`` is not set, ``quick_uris`` never."""

    def __init__(self) -> None:
        self.version = "1.2.3"
        self.calls: asyncio.Queue[Call] = asyncio.Queue()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.discovered = asyncio.Event()
        self.known_uris = {"a://x", "a://y"}
        self.quick_uris: set[str] = set()
        self.watched: list[str] = []
        self.released: asyncio.Queue[str] = asyncio.Queue()
        self.left = asyncio.Event()
        self.opened_sessions = 0
        self.closed_sessions = 0
        self.catalogue = Catalogue(Path("nowhere/catalogue.json"))
        self.fault: Exception | None = None

    async def page(self, session: Session, method: str, *, modern: bool) -> bytes:
        await self.may_answer.wait()
        if self.fault is not None:
            raise self.fault
        return self.catalogue.page(method, (), lambda _server, _tool: True, modern=modern)

    def instructions(self, session: Session) -> str:
        self.discovered.set()
        return "Be kind."

    def extensions(self, session: Session) -> dict[str, Any]:
        return {}

    def pass_on(self, session: Session, asked: Asked, end: Callable[[Ended], None]) -> Callable[[str], None]:
        call = Call(asked, end)
        self.calls.put_nowait(call)
        return call.cancelled.append

    async def complete(self, session: Session, asked: Asked) -> Ended:
        if self.fault is not None:
            raise self.fault
        return Ended(b'{"completion":{"values":["one"]}}', None)

    async def subscribe(self, session: Session, uri: str) -> bool:
        if uri not in self.quick_uris:
            await self.may_answer.wait()
        if uri in self.known_uris:
            self.watched.append(uri)
        return uri in self.known_uris

    async def unsubscribe(self, session: Session, uri: str) -> None:
        if uri in self.watched:
            self.watched.remove(uri)
            self.released.put_nowait(uri)

    def burst(self, begins: bool) -> None: ...

    def reads_again(self, session: Session) -> None: ...

    def opened(self, session: Session) -> None:
        self.opened_sessions += 1

    def closed(self, session: Session) -> None:
        self.closed_sessions += 1
        self.left.set()

    def changed(self, session: Session) -> None: ...

    def roots_changed(self, session: Session) -> None: ...


class Host:
    """The host's end. What it hears is checked against the SDK's validators of the generation it spoke in."""

    def __init__(self, house: SmallHouse, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.house = house
        self.session = session
        self._reader = reader
        self._writer = writer
        self._asked: dict[tuple[type, Any], tuple[str, str]] = {}
        self._barriers = 0

    def write(self, *chunks: bytes) -> None:
        """Bytes as they are."""
        for chunk in chunks:
            self._writer.write(chunk)

    def say(self, message: Any) -> None:
        """Any JSON as a line."""
        self.write(json.dumps(message).encode() + b"\n")

    def notify(self, method: str, **params: Any) -> None:
        self.say({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, id_: Any, method: str, *, modern: bool = False, meta: Any = None, **params: Any) -> None:
        """A request in either generation."""
        whole = (ENVELOPE if modern else {}) | (meta or {})
        body = params | ({"_meta": whole} if whole else {})
        self.expect(id_, method, modern=modern)
        self.say({"jsonrpc": "2.0", "id": id_, "method": method, "params": body})

    def expect(self, id_: Any, method: str, *, modern: bool = False) -> None:
        """What an answer with this id will be checked against."""
        self._asked[type(id_), id_] = (method, methods.MODERN if modern else methods.LEGACY[0])

    async def hear(self) -> dict[str, Any]:
        """The next line, which must be a message that the SDK accepts."""
        message = await self.hear_anything()
        self._check(message)
        return message

    async def hear_anything(self) -> dict[str, Any]:
        """The next line, which must be a message."""
        line = await self._reader.readline()
        assert line.endswith(b"\n"), "the session ended"
        message: dict[str, Any] = json.loads(line)
        assert message["jsonrpc"] == "2.0"
        return message

    async def result(self) -> Any:
        """The result of the next line, which must be one."""
        message = await self.hear()
        assert "result" in message, message
        return message["result"]

    async def error(self) -> tuple[Any, int]:
        """The id and the code of the next line, which must be an error."""
        message = await self.hear()
        assert "error" in message, message
        return message.get("id"), message["error"]["code"]

    async def hears_nothing(self) -> None:
        """Nothing was said before the answer to a request that is answered at once."""
        self._barriers += 1
        barrier = f"barrier {self._barriers}"
        self.ask(barrier, methods.DISCOVER, modern=True)
        message = await self.hear()
        assert message.get("id") == barrier, message

    async def shake_hands(self, version: str = methods.LEGACY[0]) -> None:
        """``initialize`` and ``initialized``."""
        info = {"name": "legacy host", "version": "1"}
        self.ask("hello", methods.INITIALIZE, protocolVersion=version, capabilities={}, clientInfo=info)
        assert (await self.result())["protocolVersion"] == version
        self.notify(methods.INITIALIZED)

    async def until_closed(self) -> None:
        """The session is over; what it still said is skipped."""
        while await self._reader.readline():
            pass

    def stop_reading(self) -> None:
        """Leave what is sent to us where it is."""
        cast(asyncio.Transport, self._writer.transport).pause_reading()

    def read_on(self) -> None:
        """Take what was sent."""
        cast(asyncio.Transport, self._writer.transport).resume_reading()

    def leave(self) -> None:
        """Close our end."""
        self._writer.close()

    def _check(self, message: dict[str, Any]) -> None:
        if "method" in message:
            meta = message.get("params", {}).get("_meta", {})
            version = methods.MODERN if methods.SUBSCRIPTION_ID_KEY in meta else methods.LEGACY[0]
            check_line(message, version)
        elif "result" in message:
            method, version = self._asked[type(message["id"]), message["id"]]
            check_line(message, version)
            check_result(method, version, message["result"])
        else:
            check_line(message, methods.MODERN)  # errors are the same in all


@asynccontextmanager
async def visited() -> AsyncIterator[Host]:
    """A host and a session, joined."""
    theirs, ours = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=theirs, limit=LINE_BYTES)
    descriptor = ours.detach()
    house = SmallHouse()
    channel = PipeChannel(asyncio.get_running_loop(), descriptor, descriptor)
    session = Session(1, "host", None, None, channel, house)
    session.start()
    try:
        yield Host(house, session, reader, writer)
    finally:
        session.close()
        writer.close()
        await asyncio.sleep(0)


def play(scenario: Callable[[Host], Coroutine[None, None, None]]) -> None:
    """Runs a scenario within the deadline."""

    async def whole() -> None:
        async with asyncio.timeout(DEADLINE_S), visited() as host:
            await scenario(host)

    asyncio.run(whole())
