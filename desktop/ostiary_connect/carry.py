"""The host's stdin and stdout to the gateway: handed over as descriptors, or pumped through the connection."""

import os
import select
import socket
import stat
import sys
from collections.abc import Callable

from ostiary_connect.greeting import FAREWELL, decode_note

LEAVING_S = 0.3
"""How long a host that has closed stdin is waited for; hosts kill from 400 ms on (measured on Claude Code)."""

READ_BYTES = 64 * 1024

HANGUP = getattr(select, "POLLRDHUP", 0)
"""What to ask poll for beside POLLHUP, which it always reports: a socket pair is often closed on one side only."""


def can_hand_over() -> bool:
    """Whether stdin and stdout can be watched by another process: pipes and sockets, not files or terminals."""
    return sys.platform != "win32" and all(
        stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) for mode in (os.fstat(0).st_mode, os.fstat(1).st_mode)
    )


def has_host_left(wait_s: float) -> bool:
    """Wait, and say whether the host closed its end of stdin or stdout meanwhile.

    On Windows nothing tells without reading.
    """
    if sys.platform == "win32":
        import time

        time.sleep(wait_s)
        return False
    poller = select.poll()
    poller.register(0, HANGUP)
    poller.register(1, 0)
    return bool(poller.poll(wait_s * 1000))


def hand_over(connection: socket.socket, on_note: Callable[[str], None]) -> bool:
    """Give stdin and stdout away and stay until host or gateway leaves. False when the gateway just vanished.

    ``on_note`` is told what to say to the next gateway. The descriptors are never read or written here while a
    gateway has them: its O_NONBLOCK shows in our copies.
    """
    try:
        socket.send_fds(connection, [b"\n"], [0, 1])
    except OSError:
        return False
    poller = select.poll()
    poller.register(0, HANGUP)
    poller.register(connection, select.POLLIN)
    said = b""
    while any(descriptor == connection.fileno() for descriptor, _ in poller.poll()):
        chunk = _receive(connection)
        if not chunk:
            return False
        *lines, said = (said + chunk).split(b"\n")
        for line in lines:
            if line + b"\n" == FAREWELL:
                return True
            on_note(decode_note(line))
    poller.unregister(0)
    poller.poll(LEAVING_S * 1000)  # the gateway reads what is left, and tells us when it is through
    return True


def pump(connection: socket.socket) -> bool:
    """Copy both ways until host or gateway leaves. False when the gateway just vanished."""
    from contextlib import suppress
    from queue import Empty, SimpleQueue
    from threading import Thread

    ended: SimpleQueue[str] = SimpleQueue()

    def to_gateway() -> None:
        try:
            while chunk := read_some(0):
                connection.sendall(chunk)
            ended.put("host left")  # before the gateway can answer to it by leaving
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the gateway has gone: the other direction knows in what way

    def to_host() -> None:
        try:
            while chunk := connection.recv(READ_BYTES):
                write_all(1, chunk.removesuffix(FAREWELL))
                if chunk.endswith(FAREWELL):
                    return ended.put("farewell")
        except BrokenPipeError:
            return ended.put("host left")
        except OSError:
            pass
        return ended.put("vanished")

    for direction in (to_gateway, to_host):
        Thread(target=direction, daemon=True).start()
    first = ended.get()
    if first == "host left":
        with suppress(Empty):
            ended.get(timeout=LEAVING_S)  # the gateway answers what is left
    return first != "vanished"


def read_some(descriptor: int) -> bytes:
    """What is there, waiting for the first byte; empty at the end. Others may have made the descriptor non-blocking."""
    while True:
        try:
            return os.read(descriptor, READ_BYTES)
        except BlockingIOError:
            select.select([descriptor], [], [])


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of it, also where others have made the descriptor non-blocking."""
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            select.select([], [descriptor], [])


def _receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(READ_BYTES)
    except ConnectionError:
        return b""
