"""Source files as they are parsed: their bytes in UTF-8, or the reason why they are not looked at."""

import os
from dataclasses import dataclass

from ostiary_servers.code.syntax.languages import SIZE_LIMIT_BYTES, language_by_name, reason_to_skip
from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.path_gate import Place
from ostiary_servers.common.sensitive import is_sensitive
from ostiary_servers.common.text_file import UTF_8, sniff

SENSITIVE = "sensitive"
"""The reason for a file that may hold secrets, of which nothing is read."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its stat, its bytes as they lie there, and the same in UTF-8 unless ``reason`` says why not."""

    stat: os.stat_result
    raw: bytes
    content: bytes
    reason: str | None

    @property
    def is_cut(self) -> bool:
        """Whether the file goes on after what was read of it."""
        return len(self.raw) > SIZE_LIMIT_BYTES

    @property
    def line_count(self) -> int:
        """How many lines there are, the last one too where nothing ends it."""
        return self.content.count(b"\n") + (not self.content.endswith(b"\n") and bool(self.content))

    def lines(self, first: int, last: int) -> str:
        """Lines ``first`` to ``last``, both counted from 1 and both given. As for the parser, a CR alone ends none."""
        return b"\n".join(self.content.split(b"\n")[first - 1 : last]).decode(errors="replace").rstrip("\r\n")


def read_source(place: Place) -> Source:
    """Raises ToolError when there is no regular file, or it cannot be read."""
    with open_file(place) as descriptor:
        stat = os.fstat(descriptor)
        if _may_hold_secrets(place):
            return Source(stat, b"", b"", SENSITIVE)
        raw = _read(descriptor)
    content = in_utf_8(raw)
    return Source(stat, raw, content or b"", reason_to_skip(content) if content is not None else "binary")


def in_utf_8(raw: bytes) -> bytes | None:
    """Text in UTF-8 without a mark, whatever it was; None for what is not text. A cut file is cut text."""
    encoding = sniff(raw, complete=len(raw) <= SIZE_LIMIT_BYTES)
    if encoding is None:
        return None
    if encoding.codec == UTF_8.codec:
        return raw.removeprefix(encoding.mark)
    return raw[len(encoding.mark) :].decode(encoding.codec, errors="replace").encode()


def _may_hold_secrets(place: Place) -> bool:
    """By its name, whoever asks: a search finds a file by itself, and an address of ours is no path to the gateway, so
    nobody was asked about it. What its name says is source code is none, whatever folder it lies in."""
    return language_by_name(place.real) is None and (is_sensitive(place.requested) or is_sensitive(place.real))


def _read(descriptor: int) -> bytes:
    pieces = []
    missing = SIZE_LIMIT_BYTES + 1
    while missing > 0 and (piece := os.read(descriptor, missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
