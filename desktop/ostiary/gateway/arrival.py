"""What has arrived at the gateway and been let in: a host behind its shim, or a front that wants control.

Owns the end of the connection to the shim; the lines of the host are the channel's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from ostiary.gateway.channel import Channel
from ostiary.gateway.greeting import Hello
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.record import Continuation
from ostiary.gateway.stream_channel import StreamChannel
from ostiary_connect.greeting import FAREWELL


@dataclass(frozen=True, slots=True)
class ControlArrival:
    """A command or a tray: the control protocol's lines travel through ``channel``, which the receiver closes."""

    hello: Hello
    peer_pid: int | None
    """The process that connected, by the kernel's word; None over TCP."""
    channel: Channel


@dataclass(frozen=True, slots=True)
class HostArrival:
    """A host and its shim. Whoever receives it calls ``end()``, also after ``on_closed`` or ``on_gone``."""

    hello: Hello
    peer_pid: int | None
    """The shim's process, by the kernel's word; None over TCP."""
    channel: Channel
    """The host's lines: over its own descriptors, or pumped by the shim."""
    shim: socket.socket | None
    """The connection beside handed-over descriptors; None where the channel is the connection."""
    continuation: Continuation | None = None
    """From which the session goes on; empty at a first arrival, None where it ends with the gateway."""

    def on_gone(self, callback: Callable[[], None]) -> None:
        """Call back once when the shim dies: hosts kill it, and keep their own ends of the pipes open.

        Never called for a pumping shim, whose death closes the channel.
        """
        if self.shim is not None:
            asyncio.get_running_loop().add_reader(self.shim, self._hear_shim, callback)

    def end(self) -> None:
        """Close the gateway's copies, and only then tell the shim to exit. Does nothing the second time.

        In this order, because a host waits for the last holder of its pipes (Node's ``close`` event).
        """
        if self.shim is None:
            self.channel.send(FAREWELL.removesuffix(b"\n"))
            self.channel.close()
        elif self.shim.fileno() >= 0:
            self.channel.close()
            asyncio.get_running_loop().remove_reader(self.shim)
            with contextlib.suppress(OSError):  # it has gone already
                self.shim.send(FAREWELL)
            self.shim.close()
            if self.continuation is not None:
                self.continuation.remove()

    def leave(self) -> None:
        """Let go without a farewell: the shim comes back, and the next gateway goes on. Ends what cannot go on."""
        if self.continuation is None:
            self.end()
        elif self.shim is None:
            self.channel.close()
        elif self.shim.fileno() >= 0:
            self.channel.close()
            asyncio.get_running_loop().remove_reader(self.shim)
            self.continuation.release()
            self.shim.close()

    def _hear_shim(self, callback: Callable[[], None]) -> None:
        assert self.shim is not None
        try:
            said = self.shim.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            asyncio.get_running_loop().remove_reader(self.shim)
            callback()


async def open_channel(connection: socket.socket) -> Channel:
    """A channel through the connection itself, which it takes over."""
    loop = asyncio.get_running_loop()
    if connection.family == socket.AF_INET:
        _, channel = await loop.connect_accepted_socket(StreamChannel, connection)
        return channel
    descriptor = connection.detach()
    return PipeChannel(loop, descriptor, descriptor)


async def receive_descriptors(connection: socket.socket) -> tuple[int, int]:
    """The stdin and stdout that the shim hands over. ConnectionError when it sends anything else."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(connection, _settle, readable)
    try:
        await readable
    finally:
        loop.remove_reader(connection)
    descriptors = _descriptors(connection)
    if len(descriptors) != 2 or not all(map(_can_be_watched, descriptors)):
        for descriptor in descriptors:
            os.close(descriptor)
        raise ConnectionError("The shim did not hand over a stdin and a stdout")
    return descriptors[0], descriptors[1]


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _descriptors(connection: socket.socket) -> list[int]:
    """What one message carries, closed on exec (``socket.recv_fds`` passes no flags on Python 3.11)."""
    if sys.platform == "win32":
        return []  # nothing can be handed over there
    space = socket.CMSG_SPACE(3 * array("i").itemsize)  # room for one too many, to see it
    _, messages, _, _ = connection.recvmsg(1, space, getattr(socket, "MSG_CMSG_CLOEXEC", 0))
    found = array("i")
    for level, kind, content in messages:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found.frombytes(content[: len(content) - len(content) % found.itemsize])
    for descriptor in found:
        os.set_inheritable(descriptor, False)  # macOS has no MSG_CMSG_CLOEXEC
    return list(found)


def _can_be_watched(descriptor: int) -> bool:
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
