"""The host's stdin and stdout: what kind they are, whether somebody is at their other end, reading and writing."""

import os
import select
import stat
import sys

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


def read_some(descriptor: int) -> bytes:
    """What is there, waiting for the first byte; empty at the end. Others may have made the descriptor non-blocking."""
    while True:
        try:
            return os.read(descriptor, READ_BYTES)
        except BlockingIOError:
            select.select([descriptor], [], [])


def write_all(descriptor: int, content: bytes | memoryview) -> None:
    """Write all of it, also where others have made the descriptor non-blocking."""
    rest = content
    while rest:
        try:
            written = os.write(descriptor, rest)
            rest = memoryview(rest)[written:] if written < len(rest) else b""
        except BlockingIOError:
            select.select([], [descriptor], [])
