"""A channel whose state outlives the gateway: what was read and not dealt with, and how far answers were written.

A request counts as dispatched from the store on that moves the consumed mark behind its line, made by
``Ledger.open`` when the session has decoded it and before anything is done for it. Killed before that store, the next
gateway reads the line as if for the first time; killed after it, the request gets an error, because from there on a
server may have seen it. Every other line is consumed when the session returns from it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import ClassVar

from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.resume.journal import Journal
from ostiary.gateway.wire.framing import LINE_LIMIT_BYTES


class JournaledChannel(PipeChannel):
    """A ``PipeChannel`` over a host's descriptors. What the journal holds unread is heard first."""

    _lines_at_once: ClassVar[int] = 1
    """So that of one answer only nobody knows, after a kill, whether the host has it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        read_fd: int,
        write_fd: int,
        journal: Journal,
        *,
        limit_bytes: int = LINE_LIMIT_BYTES,
    ) -> None:
        super().__init__(loop, read_fd, write_fd, limit_bytes=limit_bytes)
        self.journal = journal
        self._inbox, self._ledger = journal.inbox, journal.ledger

    def start(self, on_line: Callable[..., None], on_closed: Callable[[], None]) -> None:
        super().start(on_line, on_closed)
        if not self._closed:
            self._loop.call_soon(self._hear_unread)

    def send(self, *parts: bytes) -> None:
        if not self._closed and not self._closing_writer:
            self._ledger.sending(sum(map(len, parts)) + 1)
            super().send(*parts)

    def _hear_unread(self) -> None:
        if self._closed:
            return
        unread = self._inbox.unread()
        if unread.head:
            self._splitter.go_on_without(unread.head)
        self._hand_on(unread.said, unread.said.find(b"\n"))

    def _receive(self) -> bytes:
        if sys.platform == "win32":
            return b""  # no descriptor is ever handed over there
        return self._inbox.read(os.readv(self._read_fd, [self._inbox.room]))

    def _hand_on(self, chunk: bytes, end: int) -> None:
        """One line at a time, so that the journal knows behind which one we are."""
        assert self._on_line is not None
        before, start = self._inbox.noted - len(chunk), 0
        while end >= 0:
            cut = end + 1
            self._ledger.line_end = before + cut
            for line in self._splitter.feed(chunk[start:cut], end - start):
                self._on_line(line)
                if self._closed:
                    return
            self._inbox.consume(before + cut)
            start, end = cut, chunk.find(b"\n", cut)
        if start < len(chunk):
            self._splitter.feed(chunk[start:], end)
        self._inbox.settle()

    def _write(self, parts: Sequence[bytes | memoryview]) -> int:
        self._ledger.writing()
        written = 0
        try:
            written = super()._write(parts)
        finally:
            self._ledger.wrote(written)
        return written
