"""Lines over a pipe or a socket, read and written only when the system says that it will not wait.

The descriptors stay blocking: what they name may be shared with other processes, for which that would change too.
"""

import asyncio
import os
import select
import sys
from collections.abc import Callable
from threading import Lock
from types import TracebackType
from typing import Self

assert sys.platform != "win32"

READ_BYTES = 64 * 1024

CERTAIN_BYTES = select.PIPE_BUF
"""A pipe that may be written to takes so much without waiting (POSIX, write); a socket takes more (Linux, macOS)."""


class LineReader:
    """Gives each line to ``on_line``, on the event loop, and ``on_end`` at the end. Use it as a context manager."""

    def __init__(self, fd: int, on_line: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        self._fd = fd
        self._on_line, self._on_end = on_line, on_end
        self._begun: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def __enter__(self) -> Self:
        self._loop.add_reader(self._fd, self._read)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.remove_reader(self._fd)

    def _read(self) -> None:
        """Lines are put together only at their end, so that one of many megabytes is copied once."""
        try:
            chunk = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:  # a connection that was reset has ended too
            chunk = b""
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            line = b"".join((*self._begun, end))
            self._begun = []
            self._on_line(line)
        self._begun.append(rest)
        if not chunk:
            self._loop.remove_reader(self._fd)
            if last := b"".join(self._begun):
                self._on_line(last)
            self._on_end()


class LineWriter:
    """Writes whole lines, never one in another, from any thread. What the reader does not take yet is kept, and written
    by the event loop. Use it as a context manager; afterwards nothing is written any more."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()
        self._unwritten = bytearray()
        self._kept = False
        """Whether the event loop writes, as soon as there is room."""
        self._over = False
        self._written = asyncio.Event()
        self._poll = select.poll()
        self._poll.register(fd, select.POLLOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._lock:
            self._over = True
        self._loop.remove_writer(self._fd)

    @property
    def is_over(self) -> bool:
        """Whether nobody reads any more; what is put is lost then."""
        return self._over

    def put(self, line: bytes) -> None:
        """Writes ``line``, with its end, now or as soon as there is room. Never waits."""
        with self._lock:
            if self._over:
                return
            self._unwritten += line
            if self._kept:
                return
            self._kept = not self._write()
            if self._kept:
                self._loop.call_soon_threadsafe(self._loop.add_writer, self._fd, self._go_on)

    async def written(self) -> None:
        """Returns when nothing is kept."""
        while self._kept:
            self._written.clear()
            await self._written.wait()

    def _go_on(self) -> None:
        with self._lock:
            self._kept = not self._write()
        if not self._kept:
            self._loop.remove_writer(self._fd)
            self._written.set()

    def _write(self) -> bool:
        """Whether all is written, or never will be."""
        try:
            while self._unwritten and self._poll.poll(0):
                del self._unwritten[: os.write(self._fd, self._unwritten[:CERTAIN_BYTES])]
        except BlockingIOError:
            return False
        except OSError:  # a pipe or a socket that nobody reads any more
            self._over = True
            self._unwritten.clear()
        return not self._unwritten
