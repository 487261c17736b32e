"""Reading the call log's database beside the thread that writes it: its index and its pages.

A reader has a connection of its own that can only read; in WAL mode it neither waits for the writer nor holds it up.
Everything here is one short step: how a long way through the log is put together is the asker's matter. All of a
reader belongs to the one thread that opened it (``reading``).

*Measured, 1,000,000 calls in 530 MB: a page 1 ms; a step of the index 10 ms, all of it 0.7 s; looking for a text in
all names, arguments and results 1 s. An FTS5 index would find it in 1 ms, and cost the writer 29 µs and 224 bytes a
call for whole words, 178 µs and 1.4 KB for parts of words: more than the rest of noting it. So the log is scanned.*
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.call_index import BLOCK_IDS, Block, CallCharts, CallIndex
from ostiary.gateway.calllog.charting import charts
from ostiary.gateway.calllog.conditions import conditions
from ostiary.gateway.calllog.store import LARGEST_ID, ROW, row_of

STEP_BLOCKS = 64
"""How much one step of the index looks at: 16,384 numbers."""
CACHE_KIB = 1_024

_GROUPED = ("host", "server", "method", "tool", "outcome")
"""What ``domain.call_index.alike`` compares."""
_SAME = " AND ".join(f"p.{column} = c.{column}" for column in _GROUPED)


class CallReader:
    """An open database. Every method raises ``sqlite3.Error`` when SQLite cannot do it."""

    def __init__(self, path: Path) -> None:
        """Opens what the writer has made."""
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._connection.execute("PRAGMA automatic_index = OFF")  # one for each step costs nine times the step

    def close(self) -> None:
        self._connection.close()

    def index(self, wanted: CallFilter, before: int) -> CallIndex:
        """One step back from the number ``before`` (0: from the newest)."""
        # Each by itself: both in one SELECT go through the whole table.
        ends = "SELECT (SELECT min(id) FROM calls), (SELECT max(id) FROM calls)"
        oldest, newest = self._connection.execute(ends).fetchone()
        if newest is None:
            return CallIndex(blocks=(), reached=0, oldest=0, newest=0)
        end = min(before or LARGEST_ID, newest + 1)
        start = max(0, (end - 1) // BLOCK_IDS - STEP_BLOCKS + 1) * BLOCK_IDS
        blocks = tuple(reversed(tuple(self._blocks(wanted, start, end))))
        return CallIndex(blocks=blocks, reached=start, oldest=oldest, newest=newest)

    def _blocks(self, wanted: CallFilter, start: int, end: int) -> Iterator[Block]:
        """A call begins a group unless the one before it in its block is like it and matches too."""
        one, values = conditions(wanted, "c")
        before, values_before = conditions(wanted, "p")
        found = self._connection.execute(
            f"SELECT c.id / {BLOCK_IDS}, count(*), sum(p.id IS NULL)"  # noqa: S608 - our own names; values are bound
            f" FROM calls c LEFT JOIN calls p ON c.id % {BLOCK_IDS} > 0 AND p.id = c.id - 1 AND {_SAME} AND {before}"
            f" WHERE c.id >= ? AND c.id < ? AND {one} GROUP BY 1 ORDER BY 1",
            (*values_before, start, end, *values),
        )
        return (Block(*values) for values in found)

    def page(self, wanted: CallFilter, blocks: Iterable[int]) -> tuple[CallRow, ...]:
        """The rows of these blocks that match, oldest first."""
        return tuple(row for number in sorted(set(blocks)) for row in self._block(wanted, number))

    def _block(self, wanted: CallFilter, number: int) -> Iterator[CallRow]:
        condition, values = conditions(wanted)
        found = self._connection.execute(
            f"SELECT {', '.join(ROW)} FROM calls WHERE id >= ? AND id < ? AND {condition} ORDER BY id",  # noqa: S608
            (number * BLOCK_IDS, (number + 1) * BLOCK_IDS, *values),
        )
        return map(row_of, found)

    def charts(self, wanted: CallFilter, slots: int, now: float) -> CallCharts:
        """What can be drawn of the calls that match."""
        return charts(self._connection, wanted, slots, now)
