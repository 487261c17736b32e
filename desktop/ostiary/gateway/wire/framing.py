"""Bytes to lines: one JSON-RPC message a line, with a limit (MCP 2026-07-28, stdio; limit: our policy).

A line longer than the limit is never kept whole: what is left of it is an ``Oversize`` with its first and last
4 KB, in which the id of the message can be sought, so that one call fails and not the connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LINE_LIMIT_BYTES: Final = 10 * 1024 * 1024
"""TypeScript clients end the connection at an unfinished line of 10 MiB; longer lines are of use to nobody."""

KEPT_BYTES: Final = 4096
_RETURN: Final = ord("\r")


@dataclass(frozen=True, slots=True)
class Oversize:
    """What is kept of a line that was too long: its size and both ends."""

    head: bytes
    tail: bytes
    size_bytes: int

    @classmethod
    def of(cls, line: bytes) -> Oversize:
        """Of a line that is there: what is kept of one that cannot be read as a whole either."""
        return cls(line[:KEPT_BYTES], line[-KEPT_BYTES:], len(line))


Line = bytes | Oversize


class LineSplitter:
    """Cuts a stream of bytes into lines. Blank lines are dropped; ``\\r\\n`` counts as an end too.

    ``feed`` returns the lines that were completed, without their ends, in order. What has no end yet is kept,
    up to ``limit_bytes``; ``rest_bytes`` tells how much that is.
    """

    def __init__(self, limit_bytes: int = LINE_LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._dropping: _Dropped | None = None

    @property
    def rest_bytes(self) -> int:
        """Bytes of the line that has no end yet."""
        return self._dropping.size_bytes if self._dropping else self._pending_bytes

    def feed(self, chunk: bytes, end: int | None = None) -> list[Line]:
        """Take the next bytes of the stream and return the lines they complete.

        ``end`` is where the first line in them ends, where that is known already; -1 for nowhere.
        """
        if end is None:
            end = chunk.find(b"\n")
        if self._is_one_line(chunk, end):
            return [chunk[:-1]]
        lines: list[Line] = []
        start = 0
        while end >= 0:
            self._extend(chunk[start:end])
            line = self._finish()
            if isinstance(line, Oversize) or line:
                lines.append(line)
            start = end + 1
            end = chunk.find(b"\n", start)
        self._extend(chunk[start:] if start else chunk)
        return lines

    def go_on_without(self, head: bytes) -> None:
        """The next bytes end a line of which only ``head`` is known: an ``Oversize``, whatever its size."""
        self._dropping = _Dropped(head)

    def _is_one_line(self, chunk: bytes, size: int) -> bool:
        """Nearly every chunk of short messages: nothing before it, one end, the last byte."""
        whole = 0 < size == len(chunk) - 1 <= self._limit_bytes
        return whole and chunk[-2] != _RETURN and not self._pending and self._dropping is None

    def _extend(self, piece: bytes) -> None:
        if not piece:
            return
        if self._dropping is not None:
            self._dropping.extend(piece)
            return
        self._pending.append(piece)
        self._pending_bytes += len(piece)
        if self._pending_bytes > self._limit_bytes:
            self._dropping = _Dropped(b"".join(self._pending))
            self._pending.clear()
            self._pending_bytes = 0

    def _finish(self) -> Line:
        if self._dropping is not None:
            oversize = self._dropping.finish()
            self._dropping = None
            return oversize
        line = self._pending[0] if len(self._pending) == 1 else b"".join(self._pending)
        self._pending.clear()
        self._pending_bytes = 0
        return line[:-1] if line.endswith(b"\r") else line


class _Dropped:
    """The two ends of a line that is being thrown away."""

    def __init__(self, start: bytes) -> None:
        self._head = start[:KEPT_BYTES]
        self._tail = start[-KEPT_BYTES:]
        self.size_bytes = len(start)

    def extend(self, piece: bytes) -> None:
        self.size_bytes += len(piece)
        self._tail = (self._tail + piece[-KEPT_BYTES:])[-KEPT_BYTES:]

    def finish(self) -> Oversize:
        return Oversize(self._head, self._tail, self.size_bytes)
