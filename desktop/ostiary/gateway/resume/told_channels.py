"""Channels through a shim that remembers: it is told of the host's lines as they are dealt with.

One for each kind of connection, alike: what they do is ``by_shim``'s, and how lines travel their base's.
"""

from __future__ import annotations

import asyncio
import socket

from ostiary.gateway.channel import OnClosed, OnLine
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.resume.by_shim import ByShim
from ostiary.gateway.stream_channel import StreamChannel
from ostiary.gateway.wire.framing import Line


class ToldPipeChannel(PipeChannel):
    """Over a socket file's connection, which it takes over."""

    def __init__(self, loop: asyncio.AbstractEventLoop, connection: socket.socket, by_shim: ByShim) -> None:
        descriptor = connection.detach()
        super().__init__(loop, descriptor, descriptor)
        self._by_shim = by_shim

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        super().start(lambda line: self._deal_with(line, on_line), on_closed)

    def send(self, *parts: bytes) -> None:
        super().send(*self._by_shim.before_line(), *parts)

    def _deal_with(self, line: Line, on_line: OnLine) -> None:
        self._by_shim.heard(line)
        on_line(line)
        if self._by_shim.is_due:
            super().send(self._by_shim.word(alone=True))


class ToldStreamChannel(StreamChannel):
    """Over a loopback port's connection."""

    def __init__(self, by_shim: ByShim) -> None:
        super().__init__()
        self._by_shim = by_shim

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        super().start(lambda line: self._deal_with(line, on_line), on_closed)

    def send(self, *parts: bytes) -> None:
        super().send(*self._by_shim.before_line(), *parts)

    def _deal_with(self, line: Line, on_line: OnLine) -> None:
        self._by_shim.heard(line)
        on_line(line)
        if self._by_shim.is_due:
            super().send(self._by_shim.word(alone=True))
