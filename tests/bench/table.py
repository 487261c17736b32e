"""The table: what was measured, beside what it should reach. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_HEADINGS: Final = ("", "measured", "beside", "ratio", "target", "")


@dataclass(frozen=True)
class Row:
    """One line. ``beside`` is what it is compared with, ``reached`` is None where there is no target."""

    what: str
    measured: str
    beside: str = ""
    ratio: str = ""
    target: str = ""
    reached: bool | None = None


@dataclass(frozen=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile; ``share`` from 0 to 1."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]


def micro(seconds: float) -> str:
    """Seconds as whole microseconds."""
    return f"{seconds * 1e6:,.0f}"


def table(sections: Sequence[Section]) -> str:
    """All of it as text, columns in line over all sections."""
    lines = [
        (row.what, row.measured, row.beside, row.ratio, row.target, _mark(row)) for s in sections for row in s.rows
    ]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *lines, strict=True)]
    shown = [_line(_HEADINGS, widths)]
    for section in sections:
        shown += ["", section.title, "-" * len(section.title)]
        shown += [_line((r.what, r.measured, r.beside, r.ratio, r.target, _mark(r)), widths) for r in section.rows]
    return "\n".join(shown)


def _mark(row: Row) -> str:
    return {None: "", True: "reached", False: "MISSED"}[row.reached]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()
