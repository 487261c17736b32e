"""Calls as lines of the table: one for each, or one for several that are alike and follow each other. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from enum import Enum, auto
from typing import NamedTuple

from ostiary.domain.call import CallRow
from ostiary.domain.call_index import alike


class Fold(Enum):
    """What a line stands for."""

    SINGLE = auto()
    """One call."""
    CLOSED = auto()
    """Several, of which the newest is shown."""
    OPEN = auto()
    """Several, which stand below it one by one."""
    INSIDE = auto()
    """One of several."""


class Line(NamedTuple):
    """``row`` is the newest of ``calls`` calls; ``first`` is the number of the oldest, and names the group."""

    row: CallRow
    calls: int = 1
    fold: Fold = Fold.SINGLE
    first: int = 0


def lines(rows: Sequence[CallRow], *, grouped: bool, opened: Container[int]) -> list[Line]:
    """The lines for rows in the order of their numbers. ``opened`` holds the groups that are open."""
    if not grouped:
        return [Line(row) for row in rows]
    made: list[Line] = []
    begin = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or not _belong(rows[end - 1], rows[end]):
            made += _group(rows[begin:end], opened)
            begin = end
    return made


def _belong(one: CallRow, following: CallRow) -> bool:
    return following.id == one.id + 1 and alike(one, following)


def _group(rows: Sequence[CallRow], opened: Container[int]) -> list[Line]:
    if len(rows) == 1:
        return [Line(rows[0])]
    first = rows[0].id
    if first not in opened:
        return [Line(rows[-1], len(rows), Fold.CLOSED, first)]
    return [Line(rows[-1], len(rows), Fold.OPEN, first), *(Line(row, 1, Fold.INSIDE, first) for row in rows)]


class Difference(NamedTuple):
    """From ``at`` on ``gone`` lines go and ``come`` lines come; all around them keep their place."""

    at: int
    gone: int
    come: int


def difference(old: Sequence[Line], new: Sequence[Line]) -> Difference:
    """The shortest stretch that differs. Lines are the same when they stand for the same call or group."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and _same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < shorter - head and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return Difference(head, len(old) - head - tail, len(new) - head - tail)


def _same(one: Line, other: Line) -> bool:
    if one.first or other.first:
        return (
            one.first == other.first
            and one.fold is other.fold
            and (one.fold is not Fold.INSIDE or one.row.id == other.row.id)
        )
    return one.row.id == other.row.id
