"""How text is stored in a file: its encoding, its byte order mark, its line endings, kept exactly as they are found.

A mark decides; without one, bytes that are valid UTF-8 are UTF-8, bytes with a NUL are binary, and anything else is
*guessed* to be Windows-1252 or Latin-1. A wrong guess shows wrong letters, but changes no byte: whoever edits checks
with ``is_exact`` that encoding what was decoded gives the file back.
"""

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum

SNIFF_LIMIT_BYTES = 16 * 1024 * 1024
"""How much of a file is looked at to tell its encoding. Measured: reading and checking 16 MiB takes 3 ms."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNIT_BYTES = {"utf-8": 1, "utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4, "cp1252": 1, "latin-1": 1}

CODECS = frozenset(_UNIT_BYTES)


class Eol(StrEnum):
    """Which line endings a text has."""

    NONE = "none"
    LF = "lf"
    CRLF = "crlf"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How characters are stored: Python's codec, the mark at the start, and whether it had to be guessed."""

    codec: str
    mark: bytes = b""
    guessed: bool = False

    @property
    def unit_bytes(self) -> int:
        """Size of the smallest unit: a character never begins at an offset that is no multiple of it."""
        return _UNIT_BYTES[self.codec]

    def decode(self, raw: bytes) -> str:
        """The text of a whole file. Raises UnicodeDecodeError."""
        return raw[len(self.mark) :].decode(self.codec)

    def encode(self, text: str) -> bytes:
        """The bytes of a whole file. Raises UnicodeEncodeError for a character that the encoding cannot hold."""
        return self.mark + text.encode(self.codec)

    def is_exact(self, raw: bytes, text: str) -> bool:
        """Whether writing ``text`` back would give ``raw``, byte for byte."""
        return self.encode(text) == raw


UTF_8 = Encoding("utf-8")


def sniff(sample: bytes, *, complete: bool) -> Encoding | None:
    """The encoding of a file that begins with ``sample``, or None for a file that is not text.

    ``complete`` says that the sample is the whole file; otherwise a character may be cut at its end.
    """
    for mark, codec in _MARKS:
        if sample.startswith(mark):
            return Encoding(codec, mark) if _decodes(sample[len(mark) :], codec, complete) else None
    if b"\0" in sample:
        return None
    if sample.isascii() or _decodes(sample, "utf-8", complete):  # the first is ten times as fast
        return UTF_8
    return Encoding("cp1252" if _decodes(sample, "cp1252", complete) else "latin-1", guessed=True)


def eol_of(text: str) -> Eol:
    """Which line endings ``text`` has."""
    crlf = text.count("\r\n")
    lf = text.count("\n") - crlf
    match (crlf > 0, lf > 0):
        case (False, False):
            return Eol.NONE
        case (True, False):
            return Eol.CRLF
        case (False, True):
            return Eol.LF
        case _:
            return Eol.MIXED


def dominant_newline(text: str) -> str:
    """The line ending that most lines of ``text`` have; LF when there is none."""
    crlf = text.count("\r\n")
    return "\r\n" if crlf > text.count("\n") - crlf else "\n"


def with_newline(text: str, newline: str) -> str:
    """``text`` with each of its LF and CRLF endings turned into ``newline``."""
    return re.sub(r"\r?\n", lambda _: newline, text)


def _decodes(raw: bytes, codec: str, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(raw, complete)
    except UnicodeDecodeError:
        return False
    return True
