"""A channel over one asyncio transport (TCP, or a pair of pipe transports). Owns the transports."""

from __future__ import annotations

import asyncio
import os

from ostiary.gateway.channel import HIGH_WATER_BYTES, LowWater, OnBurst, OnClosed, OnLine
from ostiary.gateway.wire.framing import LINE_LIMIT_BYTES, Line, LineSplitter

READ_BYTES = 64 * 1024
"""As much is read at once, into room of our own: a transport that brings its room maps memory for every read."""


class StreamChannel(asyncio.BufferedProtocol):
    """A channel over one asyncio transport (TCP), or a pair of them (pipes)."""

    def __init__(self, *, limit_bytes: int = LINE_LIMIT_BYTES) -> None:
        self.on_drained: LowWater | None = None
        self.on_burst: OnBurst | None = None
        self._splitter = LineSplitter(limit_bytes)
        self._room = memoryview(bytearray(READ_BYTES))
        self._reader: asyncio.ReadTransport | None = None
        self._writer: asyncio.WriteTransport | None = None
        self._early: list[Line] = []
        self._on_line: OnLine | None = None
        self._on_closed: OnClosed | None = None
        self._full = False
        self._closed = False
        self._closing_writer = False
        self._lost = False

    def attach(self, reader: asyncio.ReadTransport, writer: asyncio.WriteTransport) -> None:
        """Use these transports; this object must be (or become) their protocol."""
        self._reader, self._writer = reader, writer
        writer.set_write_buffer_limits(high=HIGH_WATER_BYTES, low=0)

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        self._on_line, self._on_closed = on_line, on_closed
        if self._closed:
            asyncio.get_running_loop().call_soon(on_closed)
        early, self._early = self._early, []
        for line in early:
            if not self._closed:
                on_line(line)
        if self._lost:
            self.close()

    def send(self, *parts: bytes) -> None:
        if self._writer is not None and not self._closed and not self._closing_writer:
            self._writer.write(b"".join((*parts, b"\n")))

    def hold(self, is_held: bool) -> None:
        """Nothing to be done: asyncio's transport writes when it likes."""

    def pause_reading(self) -> None:
        if self._reader is not None and not self._closed:
            self._reader.pause_reading()

    def resume_reading(self) -> None:
        if self._reader is not None and not self._closed:
            self._reader.resume_reading()

    @property
    def queued_bytes(self) -> int:
        return 0 if self._writer is None or self._closed else self._writer.get_write_buffer_size()

    @property
    def is_full(self) -> bool:
        return self._full

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._writer is not None and self._full:
            self._writer.abort()  # nobody reads there: waiting for it would keep the transport for ever
        self._full = False
        for transport in (self._reader, self._writer):
            if transport is not None:
                transport.close()
        if self._on_closed is not None:
            asyncio.get_running_loop().call_soon(self._on_closed)

    def close_writing(self) -> None:
        if self._writer is None or self._closed or self._closing_writer:
            return
        self._closing_writer = True
        if isinstance(self._writer, asyncio.Transport) and self._writer.can_write_eof():
            self._writer.write_eof()
        else:
            self._writer.close()

    # asyncio.BufferedProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._reader is None and isinstance(transport, asyncio.Transport):
            self.attach(transport, transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self._room[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """What came, from transports that bring it themselves too (pipes of a child)."""
        lines = self._splitter.feed(data)
        if self.on_burst is None or len(lines) < 2:
            self._hand_on(lines)
            return
        self.on_burst(True)
        try:
            self._hand_on(lines)
        finally:
            self.on_burst(False)

    def _hand_on(self, lines: list[Line]) -> None:
        for line in lines:
            if self._closed:
                return
            if self._on_line is None:
                self._early.append(line)
            else:
                self._on_line(line)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        if self.on_drained is not None and not self._closed:
            self.on_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        if self._on_line is not None:
            self.close()


async def over_pipes_of(
    loop: asyncio.AbstractEventLoop, read_fd: int, write_fd: int, *, limit_bytes: int = LINE_LIMIT_BYTES
) -> StreamChannel:
    """A channel over two pipes, which it takes over, for a loop that cannot watch descriptors (Windows).

    Both transports tell it what happens to them: who writes hears from the writing one that it is full, and drained.
    """
    channel = StreamChannel(limit_bytes=limit_bytes)
    reader, _ = await loop.connect_read_pipe(lambda: channel, os.fdopen(read_fd, "rb", 0))
    writer, _ = await loop.connect_write_pipe(lambda: channel, os.fdopen(write_fd, "wb", 0))
    channel.attach(reader, writer)
    return channel
