"""What a server writes to stderr, kept in a few files of limited size. Knows nothing of processes.

``server.log`` is the newest file, ``server.log.1`` the one before it, and so on. Writing never fails: with a full disk
the output is lost, the server goes on. Whole lines are written, so that no secret is cut in two before it is masked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

FILE_BYTES = 1024 * 1024
FILES = 3
READABLE_BYTES = 64 * 1024
"""How much of the newest output ``text`` gives."""

LONGEST_LINE_BYTES = 64 * 1024
"""A line longer than this is written in pieces."""

_TAIL_BYTES = 4096
_LAST_WORDS_CHARACTERS = 300

_UNPRINTABLE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[^\n\t\x20-\x7e\xa0-\U0010ffff]")
"""Terminal sequences and control characters: they could rewrite what a person reads."""

_TRACE = re.compile(r"at .*|Node\.js v[\d.]+|[\]})]+[,;]?")
"""What stands at the end of a crash of Node and says nothing about it."""


class Output:
    """The kept output of one server. ``path`` is its newest file; its folder must exist.

    ``mask`` takes secrets out of what is written.
    """

    def __init__(
        self,
        path: Path,
        *,
        mask: Callable[[str], str] = str,
        file_bytes: int = FILE_BYTES,
        files: int = FILES,
    ) -> None:
        self._path = path
        self._mask = mask
        self._file_bytes = file_bytes
        self._files = files
        self._fd = -1
        self._size_bytes = 0
        self._tail = b""
        self._line = b""

    def begin(self) -> None:
        """A new run begins: last words of the one before no longer count."""
        self._tail = b""

    def write(self, chunk: bytes) -> None:
        """Keep more output."""
        self._tail = (self._tail + chunk[-_TAIL_BYTES:])[-_TAIL_BYTES:]
        lines, newline, self._line = (self._line + chunk).rpartition(b"\n")
        if len(self._line) > LONGEST_LINE_BYTES:
            lines, newline, self._line = lines + newline, self._line, b""
        self._store(lines + newline)

    def close(self) -> None:
        """Close the file. The next ``write`` opens it again."""
        rest, self._line = self._line, b""
        self._store(rest)
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def remove(self) -> None:
        """Keep nothing."""
        self.close()
        for path in self._paths():
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def text(self) -> str:
        """The newest 64 KB, of this run and those before, from the start of a line and without control characters."""
        newest = b""
        for path in self._paths():
            if len(newest) >= READABLE_BYTES:
                break
            newest = _end_of(path, READABLE_BYTES - len(newest) + 1) + newest
        newest += self._masked(self._line)
        if len(newest) > READABLE_BYTES:
            newest = newest[-READABLE_BYTES:].partition(b"\n")[2]
        return readable(newest)

    def last_words(self) -> str:
        """The last line of this run that says something, masked, then cut to 300 characters; empty where none does."""
        lines = [line.strip() for line in self._mask(self.tail()).splitlines()]
        telling = (line for line in reversed(lines) if line and not _TRACE.fullmatch(line))
        return next(telling, next(filter(None, reversed(lines)), ""))[:_LAST_WORDS_CHARACTERS]

    def tail(self) -> str:
        """The end of what this run wrote, at most 4 KB, in words that were not masked yet."""
        return readable(self._tail)

    def _paths(self) -> Iterator[Path]:
        yield self._path
        for number in range(1, self._files):
            yield self._path.with_name(f"{self._path.name}.{number}")

    def _store(self, output: bytes) -> None:
        if not output:
            return
        masked = self._masked(output)
        with suppress(OSError):
            self._make_room(len(masked))
            self._size_bytes += os.write(self._fd, masked)

    def _masked(self, output: bytes) -> bytes:
        """Bytes that are no UTF-8 stay as they are."""
        return self._mask(output.decode(errors="surrogateescape")).encode(errors="surrogateescape")

    def _make_room(self, wanted_bytes: int) -> None:
        if self._fd < 0:
            self._open()
        if self._size_bytes + wanted_bytes > self._file_bytes and self._size_bytes:
            self.close()
            self._rotate()
            self._open()

    def _open(self) -> None:
        self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._size_bytes = os.fstat(self._fd).st_size

    def _rotate(self) -> None:
        paths = list(self._paths())
        for older, newer in zip(reversed(paths), reversed(paths[:-1]), strict=False):
            with suppress(FileNotFoundError):
                newer.replace(older)


def readable(output: bytes) -> str:
    """Text without terminal sequences and control characters."""
    return _UNPRINTABLE.sub("", output.decode(errors="replace").replace("\r\n", "\n"))


def _end_of(path: Path, size_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - size_bytes))
            return file.read(size_bytes)
    except OSError:
        return b""
