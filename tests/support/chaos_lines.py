"""Lines over a socket pair, and nonsense to say: what both sides of a chaotic conversation share."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any

from ostiary.gateway.pipe_channel import PipeChannel

Message = dict[str, Any]

SETTLING_TURNS = 15
"""Of the loop: enough for a line to go from a host to a server and back."""

MARK = "belongs-to-"
"""What is a host's own bears it, with the host's number in three digits behind it."""

UNSOUND = "unsound"
"""Stands in what a server made up against the schema: such content passes through a gateway, and is not checked."""

NONSENSE: tuple[bytes, ...] = (
    b"",
    b"Listening on stdio ...",
    b"{",
    b"[]",
    b'[{"jsonrpc":"2.0","method":"ping","id":900001}]',
    b"null",
    b"\xff\xfe\x00",
    b'{"jsonrpc":"2.0","id":900001,"result":{"text":"\xed\xa0\x80"}}',
    b'{"jsonrpc":"2.0","id":null,"result":{}}',
    b'{"jsonrpc":"2.0","id":90000.5,"result":{}}',
    b'{"jsonrpc":"2.0","id":true,"result":{}}',
    b'{"jsonrpc":"2.0","id":{},"error":{"code":1}}',
    b'{"jsonrpc":"2.0","id":1e999,"result":{}}',
    b'{"jsonrpc":"2.0","id":%d,"result":{}}' % 10**400,
    b'{"jsonrpc":"2.0","id":900002,"result":{},"error":{"code":1,"message":"both"}}',
    b'{"jsonrpc":"2.0","id":900003}',
    b'{"jsonrpc":"1.0","id":900003,"result":{}}',
    b'{"id":900003,"result":{}}',
    b'{"jsonrpc":"2.0","method":5}',
    b'{"jsonrpc":"2.0","method":"notifications/progress"}',
    b'{"jsonrpc":"2.0","method":"notifications/progress","params":[]}',
    b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{},"progress":NaN}}',
    b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":999999,"progress":1e999}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":999999}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":[[]]}}',
    b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":{},"data":null}}',
    b'{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":7}}',
    b'{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"nowhere://x"}}',
    b'{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":[]}}',
    b'{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":"page"}}',
    b'{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"1"}}',
    b'{"jsonrpc":"2.0","method":"tools/call","id":"x","params":{}}',
    b'{"jsonrpc":"2.0","method":"ping","id":"\\ud800"}',
    b'{"jsonrpc":"2.0","id":900004,"result":%s1%s}' % (b"[" * 50_000, b"]" * 50_000),
    b'{"a":' * 50_000,
)


class LineEnd(asyncio.Protocol):
    """The test's end of a socket pair. ``on_line`` hears each whole line, ``on_closed`` the end."""

    def __init__(self, on_line: Callable[[bytes], None], on_closed: Callable[[], None]) -> None:
        self._on_line, self._on_closed = on_line, on_closed
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._on_line(line)

    def connection_lost(self, exc: Exception | None) -> None:
        self._on_closed()

    def write(self, data: bytes) -> None:
        """Bytes as they are."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def reads(self, reads: bool) -> None:
        """Leave what comes where it is, or take it again."""
        assert self._transport is not None
        self._transport.resume_reading() if reads else self._transport.pause_reading()

    def close(self) -> None:
        """End both directions; what was not finished stays so."""
        if self._transport is not None:
            self._transport.close()


async def joined(on_line: Callable[[bytes], None], on_closed: Callable[[], None]) -> tuple[PipeChannel, LineEnd]:
    """The gateway's channel, and the other end of it."""
    loop = asyncio.get_running_loop()
    theirs, ours = socket.socketpair()
    for each in (theirs, ours):
        each.setblocking(False)
    _transport, end = await loop.create_connection(lambda: LineEnd(on_line, on_closed), sock=theirs)
    descriptor = ours.detach()
    return PipeChannel(loop, descriptor, descriptor), end


async def settled() -> None:
    """Let all that was said arrive."""
    for _ in range(SETTLING_TURNS):
        await asyncio.sleep(0)


def read_strictly(line: bytes) -> Message:
    """The message on a line that we wrote: JSON to every reader, an object, of JSON-RPC 2.0."""
    message = json.loads(line.decode(), parse_constant=_refuse)
    assert isinstance(message, dict), line
    assert message["jsonrpc"] == "2.0", line
    return message


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
