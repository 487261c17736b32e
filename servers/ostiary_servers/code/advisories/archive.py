"""The entries of a zip, one after the other, in the same memory however many there are.

``zipfile`` makes an object of every entry before the first can be read: some 150 MB for the 300,000 of a large export.
Here the list at the end of the file is read as a stream and nothing of it is kept (APPNOTE.TXT 6.3, 4.3). Entries of
more than 4 GB, encrypted ones and methods other than *stored* and *deflated* are passed over.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_END = struct.Struct("<4s4H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LISTED = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_COMMENT_LIMIT_BYTES = 0xFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1


class BrokenArchiveError(Exception):
    """The file is no zip, or one that ends too early."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the archive, as it is listed."""

    name: bytes
    size_bytes: int
    packed_bytes: int
    method: int
    flags: int
    offset: int


class Archive:
    """A zip that is open for reading: once for its list, once for what is in it."""

    def __init__(self, listed: BinaryIO, packed: BinaryIO) -> None:
        """Both are the same file. Raises BrokenArchiveError."""
        self._listed = listed
        self._packed = packed
        self._start, self.count = _list_in(listed)

    def entries(self) -> Iterator[Entry]:
        """All entries as they are listed. Raises BrokenArchiveError."""
        self._listed.seek(self._start)
        for _ in range(self.count):
            mark, _, _, flags, method, *_, packed, size, name, extra, comment, _, _, _, offset = _read(
                self._listed, _LISTED
            )
            if mark != b"PK\x01\x02":
                raise BrokenArchiveError
            yield Entry(self._listed.read(name), size, packed, method, flags, offset)
            self._listed.seek(extra + comment, os.SEEK_CUR)

    def content(self, entry: Entry, limit_bytes: int) -> bytes | None:
        """What is in an entry; None where it cannot be read, or is longer than the limit."""
        if entry.flags & _ENCRYPTED or max(entry.packed_bytes, entry.size_bytes) > limit_bytes:
            return None
        self._packed.seek(entry.offset)
        *_, name, extra = _read(self._packed, _LOCAL)
        self._packed.seek(name + extra, os.SEEK_CUR)
        packed = self._packed.read(entry.packed_bytes)
        if entry.method == _STORED:
            return packed
        if entry.method != _DEFLATED:
            return None
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit_bytes)
        except zlib.error:
            return None


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises OSError and BrokenArchiveError."""
    with path.open("rb") as listed, path.open("rb") as packed:
        yield Archive(listed, packed)


def is_archive(path: Path) -> bool:
    """Whether a file begins as a zip does, an empty one too."""
    with path.open("rb") as file:
        return file.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def _list_in(file: BinaryIO) -> tuple[int, int]:
    """Where the list of entries begins, and how many there are."""
    end_of_file = file.seek(0, os.SEEK_END)
    tail_start = max(0, end_of_file - _COMMENT_LIMIT_BYTES - _END.size - _END_64_LOCATOR.size)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise BrokenArchiveError
    *_, count, _, start, _ = _END.unpack_from(tail, at)
    locator = at - _END_64_LOCATOR.size
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        file.seek(_END_64_LOCATOR.unpack_from(tail, locator)[2])
        *_, count, _, start = _read(file, _END_64)
    return start, count


def _read(file: BinaryIO, shape: struct.Struct) -> tuple[Any, ...]:
    raw = file.read(shape.size)
    if len(raw) < shape.size:
        raise BrokenArchiveError
    return shape.unpack(raw)
