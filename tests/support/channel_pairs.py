"""Two ends of one connection over every kind of channel: real pipes, socket pairs, journals and loopback TCP."""

import asyncio
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Protocol

import pytest

from ostiary.gateway.channel import Channel
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.resume.journal import Journals
from ostiary.gateway.resume.journaled_channel import JournaledChannel
from ostiary.gateway.stream_channel import StreamChannel, over_pipes_of
from ostiary.gateway.wire.framing import Line
from ostiary_connect.endpoint import Endpoint

DEADLINE_S = 30.0
MB = 1024 * 1024
LIMIT = 2 * MB


class End:
    """A channel and what it told."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.lines: asyncio.Queue[Line] = asyncio.Queue()
        self.closed = asyncio.Event()
        self.closings = 0

    def start(self) -> None:
        self.channel.start(self.lines.put_nowait, self._on_closed)

    def _on_closed(self) -> None:
        self.closings += 1
        self.closed.set()

    async def next(self) -> Line:
        return await self.lines.get()


class Pair(Protocol):
    """Two ends of one connection."""

    async def __call__(self) -> tuple[End, End]: ...


async def over_pipes() -> tuple[End, End]:
    loop = asyncio.get_running_loop()
    (one_read, two_write), (two_read, one_write) = os.pipe(), os.pipe()
    one = PipeChannel(loop, one_read, one_write, limit_bytes=LIMIT)
    return End(one), End(PipeChannel(loop, two_read, two_write, limit_bytes=LIMIT))


async def over_a_socket_pair() -> tuple[End, End]:
    loop = asyncio.get_running_loop()
    one, two = (each.detach() for each in socket.socketpair())
    left, right = (PipeChannel(loop, fd, fd, limit_bytes=LIMIT) for fd in (one, two))
    return End(left), End(right)


async def with_journals() -> tuple[End, End]:
    loop = asyncio.get_running_loop()
    (one_read, two_write), (two_read, one_write) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        one, two = (Journals(Endpoint(None, folder, "gateway")).create() for _ in range(2))
    left = JournaledChannel(loop, one_read, one_write, one, limit_bytes=LIMIT)
    return End(left), End(JournaledChannel(loop, two_read, two_write, two, limit_bytes=LIMIT))


async def over_tcp() -> tuple[End, End]:
    loop = asyncio.get_running_loop()
    accepted: asyncio.Future[StreamChannel] = loop.create_future()

    def accept() -> StreamChannel:
        channel = StreamChannel(limit_bytes=LIMIT)
        accepted.set_result(channel)
        return channel

    server = await loop.create_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, near = await loop.create_connection(lambda: StreamChannel(limit_bytes=LIMIT), "127.0.0.1", port)
    far = await accepted
    server.close()
    return End(near), End(far)


async def over_pipe_transports() -> tuple[End, End]:
    """As the front's on Windows."""
    loop = asyncio.get_running_loop()
    (one_read, two_write), (two_read, one_write) = os.pipe(), os.pipe()
    one = await over_pipes_of(loop, one_read, one_write, limit_bytes=LIMIT)
    return End(one), End(await over_pipes_of(loop, two_read, two_write, limit_bytes=LIMIT))


every_kind = pytest.mark.parametrize(
    "pair", [over_pipes, over_a_socket_pair, with_journals, over_tcp, over_pipe_transports]
)
Scenario = Callable[[End, End], Coroutine[None, None, None]]


@asynccontextmanager
async def joined(pair: Pair) -> AsyncIterator[tuple[End, End]]:
    one, two = await pair()
    try:
        yield one, two
    finally:
        for end in (one, two):
            end.channel.close()
            if isinstance(end.channel, JournaledChannel):
                end.channel.journal.release()
        await asyncio.sleep(0)  # transports let go of their sockets in the loop's next round


def play(pair: Pair, scenario: Scenario) -> None:
    async def whole() -> None:
        async with asyncio.timeout(DEADLINE_S), joined(pair) as (one, two):
            await scenario(one, two)

    asyncio.run(whole())
