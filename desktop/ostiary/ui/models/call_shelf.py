"""Where the lines of the table are: block after block of the log, of which few are held in memory. Pure, no Qt.

A block that is not held has a number of lines all the same, so the table has its whole length from the beginning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from ostiary.domain.call import CallRow
from ostiary.domain.call_index import BLOCK_IDS, Block
from ostiary.ui.models.call_lines import Line

MOST_HELD: Final = 40
"""Blocks in memory, 10,240 rows at most: about 15 MB."""
KEPT_NEWEST: Final = 4
"""So many of the newest stay: calls begin and end there."""


@dataclass(slots=True, eq=False)
class Stack:
    """One block: ``calls`` that match, in so many ``length`` lines; ``rows`` and ``lines`` while they are held."""

    number: int
    calls: int
    groups: int
    length: int
    rows: dict[int, CallRow] | None = None
    lines: list[Line] | None = None


class Shelf:
    """All blocks with something that matches, in order. Lengths are in lines."""

    def __init__(self) -> None:
        self.calls = 0
        self.length = 0
        self._stacks: list[Stack] = []
        self._numbers: list[int] = []
        self._ends: list[int] | None = []
        self._held: dict[int, Stack] = {}  # by number, what was used last is last

    def __iter__(self) -> Iterator[Stack]:
        return iter(self._stacks)

    @property
    def newest(self) -> int:
        """The highest block number; -1 for none."""
        return self._numbers[-1] if self._numbers else -1

    def find(self, number: int) -> Stack | None:
        """The block of that number, if there is something in it."""
        place = bisect_left(self._numbers, number)
        return self._stacks[place] if place < len(self._numbers) and self._numbers[place] == number else None

    def at(self, line: int) -> tuple[Stack, int]:
        """The block of a line, and the line's place in it."""
        if self._ends is None:
            self._ends = list(accumulate(stack.length for stack in self._stacks))
        place = bisect_right(self._ends, line)
        stack = self._stacks[place]
        return stack, line - self._ends[place] + stack.length

    def start(self, stack: Stack) -> int:
        """The line that a block begins with. Quick near the end, where calls come in."""
        place = bisect_left(self._numbers, stack.number)
        return self.length - sum(other.length for other in self._stacks[place:])

    def prepend(self, blocks: Iterable[Block], *, grouped: bool) -> int:
        """Take blocks older than all that are here, the newest first. Gives how many lines that made."""
        older = [
            Stack(block.number, block.calls, block.groups, block.groups if grouped else block.calls) for block in blocks
        ][::-1]
        self._stacks[:0] = older
        self._numbers[:0] = [stack.number for stack in older]
        added = sum(stack.length for stack in older)
        self._grow(sum(stack.calls for stack in older), added)
        return added

    def insert(self, stack: Stack) -> None:
        """A block that had nothing that matches has something now; it has no lines yet."""
        place = bisect_left(self._numbers, stack.number)
        self._stacks.insert(place, stack)
        self._numbers.insert(place, stack.number)
        self._grow(stack.calls, stack.length)

    def remove(self, stack: Stack) -> None:
        """Nothing in it matches any more."""
        place = bisect_left(self._numbers, stack.number)
        del self._stacks[place], self._numbers[place]
        self._held.pop(stack.number, None)
        self._grow(-stack.calls, -stack.length)

    def fill(self, stack: Stack, rows: dict[int, CallRow], lines: list[Line]) -> None:
        """These are the block's rows now, in the order of their numbers."""
        self._grow(len(rows) - stack.calls, len(lines) - stack.length)
        stack.rows, stack.lines = rows, lines
        stack.calls, stack.length = len(rows), len(lines)
        self.use(stack)

    def use(self, stack: Stack) -> None:
        """The block was just looked at, so it is let go last."""
        self._held.pop(stack.number, None)
        self._held[stack.number] = stack

    def let_go(self) -> None:
        """Forget rows that were not looked at for longest, but for the newest blocks'."""
        for number in list(self._held):
            if len(self._held) <= MOST_HELD:
                return
            if number < self._numbers[-KEPT_NEWEST]:
                stack = self._held.pop(number)
                stack.rows = stack.lines = None

    def held(self) -> Iterator[Stack]:
        """The blocks in memory, the newest first."""
        return iter([self._held[number] for number in sorted(self._held, reverse=True)])

    def _grow(self, calls: int, length: int) -> None:
        self.calls += calls
        self.length += length
        self._ends = None


def block_of(call_id: int) -> int:
    return call_id // BLOCK_IDS
