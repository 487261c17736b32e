"""Lines to show: a unified diff, two texts side by side, a long value; each with its number and mark.

Pure. Lines break at line feeds only, so that no other character can start a line of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import zip_longest
from typing import Final, NamedTuple

LONGEST_ROW: Final = 1_000
"""Characters; a longer line goes on in the next row, so that painting one row stays cheap."""

_HUNK: Final = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class Mark(Enum):
    """What a line is; the value is the sign that stands before it."""

    SAME = " "
    ADDED = "+"
    REMOVED = "−"
    NOTE = "⋯"
    BLANK = ""
    """Nothing on this side; the other side has a line here."""


class Line(NamedTuple):
    """One row. ``number`` is 1-based, of the old file for a removed line, otherwise of the new; None for no number."""

    mark: Mark
    text: str
    number: int | None = None


def diff_lines(diff: str) -> tuple[Line, ...]:
    """The rows of one file's unified diff. What precedes the first ``@@`` (the file names) is left out.

    Inside a hunk the first character alone decides, so a removed ``-- x`` (``--- x``) is not taken for a header.
    """
    return wrapped(_diff_lines(diff.removesuffix("\n").split("\n")), LONGEST_ROW)


def text_lines(text: str, columns: int = LONGEST_ROW) -> tuple[Line, ...]:
    """The rows of a plain text, each at most ``columns`` characters."""
    return wrapped((Line(Mark.SAME, row) for row in text.split("\n")), columns)


def side_by_side(old: str, new: str, columns: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Two texts as columns of equal length: what is equal stands at the same height."""
    left: list[Line] = []
    right: list[Line] = []
    before, after = old.split("\n"), new.split("\n")
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = tag == "equal"
        gone = wrapped((Line(Mark.SAME if same else Mark.REMOVED, row) for row in before[a:b]), columns)
        come = wrapped((Line(Mark.SAME if same else Mark.ADDED, row) for row in after[c:d]), columns)
        for one, other in zip_longest(gone, come, fillvalue=Line(Mark.BLANK, "")):
            left.append(one)
            right.append(other)
    return tuple(left), tuple(right)


def wrapped(lines: Iterable[Line], columns: int) -> tuple[Line, ...]:
    """The lines with none longer than ``columns``; what goes on keeps its mark and has no number."""
    return tuple(part for line in lines for part in _wrap(line, columns))


def _wrap(line: Line, columns: int) -> Iterator[Line]:
    if len(line.text) <= columns:
        yield line
        return
    start = 0
    while start < len(line.text):
        end = _break(line.text, start, columns)
        yield Line(line.mark, line.text[start:end], None if start else line.number)
        start = end


def _break(text: str, start: int, columns: int) -> int:
    """Where the row that begins at ``start`` ends: after a space near its end, or hard."""
    end = start + columns
    if end >= len(text):
        return len(text)
    return text.rfind(" ", end - columns // 3, end) + 1 or end


def _diff_lines(rows: list[str]) -> Iterator[Line]:
    old = new = 0
    inside = False
    for row in rows:
        if hunk := _HUNK.match(row):
            if inside:
                yield Line(Mark.NOTE, "")
            old, new, inside = int(hunk[1]), int(hunk[2]), True
        elif not inside:
            continue
        elif row.startswith("+"):
            yield Line(Mark.ADDED, row[1:], new)
            new += 1
        elif row.startswith("-"):
            yield Line(Mark.REMOVED, row[1:], old)
            old += 1
        elif row.startswith(" ") or not row:
            yield Line(Mark.SAME, row[1:], new)
            old, new = old + 1, new + 1
        else:
            yield Line(Mark.NOTE, row.removeprefix("\\ "))
