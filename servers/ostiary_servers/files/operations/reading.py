"""``read_text_file``: text in parts that fit the budget and join without a gap.

A part is a range of the file's bytes that decodes on its own. Joined in order, the parts (and the byte order mark,
which is told but not shown) are the file, byte for byte.
"""

import codecs
import errno
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.answer import Answer, Link
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, TextCursor, bad_cursor, fitting_prefix
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.file_uri import uri_of
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.text_file import SNIFF_LIMIT_BYTES, UTF_8, Encoding, eol_of, sniff
from ostiary_servers.files.answers import TextRead
from ostiary_servers.files.arguments import ReadTextFile

TAIL_LIMIT_BYTES = 4 * 1024 * 1024
"""How far back from its end the last lines of a file are looked for."""

_TAIL_NEAR_BYTES = 64 * 1024

LINE_SCAN_LIMIT_BYTES = 128 * 1024 * 1024
"""How far into a file a line is looked for by its number."""

_SCAN_BYTES = 64 * 1024
"""What the allocator has at hand: half of a scan in parts of 1 MB went into new pages (measured)."""

_LONGEST_CHARACTER_BYTES = 4


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    start: int
    end: int
    truncated: bool


def read_text_file(gate: PathGate, arguments: ReadTextFile) -> Answer:
    """A part of the file. Raises ToolError, among others ``binary``, ``encoding_unknown`` and ``bad_cursor``."""
    _refuse_contradiction(arguments)
    return read_text(gate.locate(arguments.path), arguments)


def read_text(place: Place, arguments: ReadTextFile, budget_bytes: int = RESULT_BUDGET_BYTES) -> Answer:
    """A part of the file at ``place``, of at most ``budget_bytes``. Raises ToolError."""
    with open_file(place) as file:
        stat = os.fstat(file)
        version = f"{stat.st_ino:x}.{stat.st_size:x}.{stat.st_mtime_ns:x}"
        start = _start(file, stat.st_size, version, arguments)
        try:
            part = _read_part(file, start, stat.st_size, _line_count(arguments), budget_bytes)
        except UnicodeDecodeError:
            raise encoding_unknown(arguments.path) from None
    following = TextCursor(part.end, start.encoding, version).token() if part.end < stat.st_size else None
    answer = _answer(arguments.path, start.encoding, part, stat.st_size, following)
    return replace(answer, links=(link_to(place, stat.st_size),)) if part.truncated else answer


def link_to(place: Place, size_bytes: int) -> Link:
    """A file as a resource."""
    return Link(uri_of(place.requested), on_one_line(Path(place.requested).name), size_bytes)


def encoding_unknown(requested: str) -> ToolError:
    """For text whose bytes do not mean anything in the encoding they claim or began with."""
    return ToolError(
        ErrorCode.ENCODING_UNKNOWN,
        f"The encoding of “{requested}” cannot be told.",
        "It cannot be read or edited as text.",
    )


def read_at(file: int, offset: int, size: int) -> bytes:
    """Up to ``size`` bytes from ``offset``; fewer only at the end of the file."""
    os.lseek(file, offset, os.SEEK_SET)
    parts: list[bytes] = []
    while size > 0 and (part := os.read(file, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def sniff_file(file: int, requested: str) -> Encoding:
    """The encoding of an open file. Raises ToolError ``binary``."""
    if _is_ascii(file):
        return UTF_8
    sample = read_at(file, 0, SNIFF_LIMIT_BYTES)
    encoding = sniff(sample, complete=len(sample) < SNIFF_LIMIT_BYTES)
    if encoding is None:
        raise ToolError(
            ErrorCode.BINARY,
            f"“{requested}” is not text.",
            "Use read_media_file for pictures and sounds, read_document for documents, get_file_info for its size.",
        )
    return encoding


def _is_ascii(file: int) -> bool:
    """As most files are. Looked at in parts that the allocator has at hand: of 1 MB, half of a read went into new pages
    (measured)."""
    for offset in range(0, SNIFF_LIMIT_BYTES, _SCAN_BYTES):
        part = read_at(file, offset, _SCAN_BYTES)
        if not part.isascii() or b"\0" in part:
            return False
        if len(part) < _SCAN_BYTES:
            break
    return True


def _refuse_contradiction(arguments: ReadTextFile) -> None:
    given = {name for name, value in arguments if value is not None}
    if "tail" in given and given & {"head", "cursor", "first_line", "last_line"}:
        raise _contradiction("tail cannot be combined with head, cursor, firstLine or lastLine.")
    if "last_line" in given and given & {"head", "cursor"}:
        raise _contradiction("lastLine cannot be combined with head or cursor.")
    if "first_line" in given and "cursor" in given:
        raise _contradiction("firstLine cannot be combined with cursor.")
    if arguments.last_line is not None and arguments.last_line < (arguments.first_line or 1):
        raise _contradiction("lastLine comes before firstLine.")


def _contradiction(message: str) -> ToolError:
    return ToolError(ErrorCode.INVALID_ARGUMENTS, message, "Send only one of them, or lines in their order.")


def _line_count(arguments: ReadTextFile) -> int | None:
    if arguments.last_line is None:
        return arguments.head
    return arguments.last_line - (arguments.first_line or 1) + 1


def _start(file: int, size: int, version: str, arguments: ReadTextFile) -> TextCursor:
    """Where the part begins and how it is encoded."""
    if arguments.cursor is not None:
        return _continued(TextCursor.parse(arguments.cursor), size, version)
    encoding = sniff_file(file, arguments.path)
    if arguments.tail is not None:
        return TextCursor(_tail_start(file, size, encoding, arguments.tail), encoding, version)
    offset = line_start(file, size, encoding, arguments.first_line or 1)
    if offset is None:
        raise _no_such_line(arguments)
    return TextCursor(offset, encoding, version)


def _no_such_line(arguments: ReadTextFile) -> ToolError:
    return ToolError(
        ErrorCode.INVALID_ARGUMENTS,
        f"“{arguments.path}” has no line {arguments.first_line} within its first {LINE_SCAN_LIMIT_BYTES} bytes.",
        "Ask for an earlier line, or use tail.",
    )


def line_start(file: int, size: int, encoding: Encoding, line: int) -> int | None:
    """The offset at which a line begins, the first being 1; None when there is no such line, or none near enough."""
    newline = "\n".encode(encoding.codec)
    first, left = len(encoding.mark), line - 1
    offset, end = first, min(size, LINE_SCAN_LIMIT_BYTES)
    while left and (offset := _past_hole(file, offset, first, len(newline))) < end:
        raw = read_at(file, offset, _SCAN_BYTES)
        ends = _line_ends(raw, encoding)
        if ends < left:
            offset, left = offset + len(raw), left - ends
            continue
        at = 0
        for _ in range(left):
            at = _next_aligned(raw, newline, at) + len(newline)
        offset, left = offset + at, 0
    return None if left or (line > 1 and offset >= size) else offset


def _line_ends(raw: bytes, encoding: Encoding) -> int:
    """How many lines end in whole units of text; a character that is cut in two is none."""
    return raw.count(b"\n") if encoding.unit_bytes == 1 else raw.decode(encoding.codec, "replace").count("\n")


def _past_hole(file: int, offset: int, first: int, unit: int) -> int:
    """The offset, or where the hole ends that it lies in, whole characters after ``first``: a hole is all zeros, and no
    line ends there."""
    if not hasattr(os, "SEEK_DATA"):
        return offset
    try:
        data = os.lseek(file, offset, os.SEEK_DATA)
    except OSError as error:
        return sys.maxsize if error.errno == errno.ENXIO else offset  # no more data; or nobody knows
    return data - (data - first) % unit


def _next_aligned(raw: bytes, newline: bytes, start: int) -> int:
    """Looks for its one byte that is no zero: in a file of zeros, finding both bytes of one takes ten times as long."""
    unit, inside = len(newline), newline.index(b"\n")
    at = raw.find(b"\n", start + inside)
    while at >= 0 and ((at - inside) % unit or raw[at - inside : at - inside + unit] != newline):
        at = raw.find(b"\n", at + 1)
    return at - inside if at >= 0 else -1


def _continued(cursor: TextCursor, size: int, version: str) -> TextCursor:
    from_mark = cursor.offset_bytes - len(cursor.encoding.mark)
    if cursor.version != version or not 0 <= from_mark <= size or from_mark % cursor.encoding.unit_bytes:
        raise bad_cursor()
    return cursor


def _read_part(file: int, start: TextCursor, size: int, lines: int | None, budget_bytes: int) -> _Part:
    """Reads a little more than fits, so that ``fitting_prefix`` sees whether it must cut, and cuts at a line."""
    encoding = start.encoding
    raw = read_at(file, start.offset_bytes, (budget_bytes + _LONGEST_CHARACTER_BYTES) * encoding.unit_bytes)
    at_end = start.offset_bytes + len(raw) >= size
    text = codecs.getincrementaldecoder(encoding.codec)().decode(raw, at_end)
    asked, has_all_lines = _first_lines(text, lines)
    shown = fitting_prefix(asked, budget_bytes)
    truncated = len(shown) < len(asked) or not (at_end or has_all_lines)
    return _Part(shown, start.offset_bytes, start.offset_bytes + len(shown.encode(encoding.codec)), truncated)


def _first_lines(text: str, lines: int | None) -> tuple[str, bool]:
    """The first lines of ``text`` and whether there are that many."""
    at = 0
    for _ in range(lines or 0):
        at = text.find("\n", at) + 1
        if not at:
            return text, False
    return (text[:at], True) if lines else (text, False)


def _tail_start(file: int, size: int, encoding: Encoding, lines: int) -> int:
    """The offset of the first of the last ``lines`` lines, which are mostly near."""
    first, newline = len(encoding.mark), "\n".encode(encoding.codec)
    for reach in (_TAIL_NEAR_BYTES, TAIL_LIMIT_BYTES):
        floor = first + max(0, size - first - reach) // encoding.unit_bytes * encoding.unit_bytes
        raw = read_at(file, floor, size - floor)
        found = _last_lines(raw, newline, lines)
        if found is not None:
            return floor + found
        if floor == first:
            return first
    return floor + _partial_character(raw, encoding)


def _last_lines(raw: bytes, newline: bytes, lines: int) -> int | None:
    """Where they begin, if something before them shows that; an ending at the very end begins no further line."""
    at = len(raw) - len(newline) if raw.endswith(newline) else len(raw)
    for _ in range(lines):
        at = _last_aligned(raw, newline, at)
        if at < 0:
            return None
    return at + len(newline)


def _last_aligned(raw: bytes, newline: bytes, stop: int) -> int:
    """Where the last newline before ``stop`` begins, or -1: in UTF-16, half of one character can look like it."""
    at = raw.rfind(newline, 0, stop)
    while at >= 0 and at % len(newline):
        at = raw.rfind(newline, 0, at + len(newline) - 1)
    return at


def _partial_character(raw: bytes, encoding: Encoding) -> int:
    """How many bytes at the start of ``raw`` belong to a character that began before it."""
    for skip in range(0, _LONGEST_CHARACTER_BYTES, encoding.unit_bytes):
        try:
            codecs.getincrementaldecoder(encoding.codec)().decode(raw[skip : skip + 64], final=False)
        except UnicodeDecodeError:
            continue
        return skip
    return 0


def _answer(path: str, encoding: Encoding, part: _Part, size: int, following: str | None) -> Answer:
    read = TextRead(
        path=path,
        content=part.text,
        encoding=encoding.codec,
        byte_order_mark=bool(encoding.mark),
        encoding_guessed=encoding.guessed,
        eol=eol_of(part.text),
        size_bytes=size,
        start_byte=part.start,
        end_byte=part.end,
        truncated=part.truncated,
        next_cursor=following,
    )
    return Answer(part.text, read, _notes(read))


def _notes(read: TextRead) -> str:
    """What a model must know that sees only text."""
    notes = []
    if read.next_cursor:
        where = f"Bytes {read.start_byte} to {read.end_byte} of {read.size_bytes}"
        notes.append(f"[{where}. To go on, call again with cursor {read.next_cursor}]")
    if read.encoding_guessed:
        notes.append(f"[The encoding is not known; {read.encoding} is a guess.]")
    if not read.size_bytes:
        notes.append("[The file is empty.]")
    return "\n".join(notes)
