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


class ToldPipeChannel(PipeChannel):
    """Over a socket file's connection, which it takes over."""

    def __init__(self, loop: asyncio.AbstractEventLoop, connection: socket.socket, by_shim: ByShim) -> None:
        descriptor = connection.detach()
        super().__init__(loop, descriptor, descriptor)
        self._by_shim = by_shim

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        super().start(self._by_shim.dealing(on_line, super().send), on_closed)

    def send(self, *parts: bytes) -> None:
        super().send(*self._by_shim.before_line(), *parts)


class ToldStreamChannel(StreamChannel):
    """Over a loopback port's connection."""

    def __init__(self, by_shim: ByShim) -> None:
        super().__init__()
        self._by_shim = by_shim

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        super().start(self._by_shim.dealing(on_line, super().send), on_closed)

    def send(self, *parts: bytes) -> None:
        super().send(*self._by_shim.before_line(), *parts)
