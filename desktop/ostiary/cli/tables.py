"""Rows to aligned lines, by the width that characters have in a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ostiary.cli.text import Line, Span, Tone, width

GAP = "  "
NARROW_GAP = " "
"""After a column of shapes: a shape stands close to its word."""

Row = Sequence[str | Span]


def table(rows: Iterable[Row], *, header: Sequence[str] = (), widths: Sequence[int] = ()) -> list[Line]:
    """One line a row, columns side by side, the last one without padding. Nothing is cut off.

    ``widths`` are the least widths of the first columns, for tables that grow while they are shown. Rows may be
    shorter than others. Without rows there is no header either.
    """
    cells = [[_span(cell) for cell in row] for row in rows]
    if cells and header:
        cells.insert(0, [Span(title, Tone.DIM) for title in header])
    columns = _widths(cells, widths)
    return [_aligned(row, columns) for row in cells]


def indented(lines: Iterable[Line], by: str = GAP) -> list[Line]:
    """The lines moved to the right."""
    return [(Span(by), *line) for line in lines]


def _widths(rows: list[list[Span]], least: Sequence[int]) -> list[int]:
    columns = list(least)
    for row in rows:
        for place, cell in enumerate(row):
            if place == len(columns):
                columns.append(0)
            columns[place] = max(columns[place], width(cell.text))
    return columns


def _aligned(row: list[Span], columns: list[int]) -> Line:
    spans: list[Span] = []
    for cell, column in zip(row, columns, strict=False):
        gap = NARROW_GAP if column == 1 and not cell.text.isalnum() else GAP
        spans += (cell, Span(" " * (column - width(cell.text)) + gap))
    while spans and not spans[-1].text.strip():
        spans.pop()
    return tuple(spans)


def _span(cell: str | Span) -> Span:
    return cell if isinstance(cell, Span) else Span(cell)
