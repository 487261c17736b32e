"""What fronts read of the call log, on threads of their own: a search that takes long delays neither calls nor pages.

There are two lanes, each a thread with its reader: one for what is in view, which must come at once, and one for what
goes through the whole log. A lane begins with the first question it gets. SQLite lets go of the interpreter's lock
while it works, so the relay goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.call_index import CallCharts, CallIndex
from ostiary.domain.errors import RefusedError, SettingsError, UsageError
from ostiary.gateway.calllog.reader import CallReader

T = TypeVar("T")

MOST_BLOCKS: Final = 16
MOST_SLOTS: Final = 200
ANSWER_WITHIN_S: Final = 15.0
"""A front waits 20 s."""


class CallReading:
    """Made and called on the loop. Every method raises ``SettingsError`` when the file cannot be read."""

    def __init__(self, path: Path) -> None:
        """``path`` is read only when somebody asks: the writer has made the file by then."""
        self._view = _Lane(path, "call log, view")
        self._scan = _Lane(path, "call log, scan")

    async def index(self, wanted: CallFilter, before: int) -> CallIndex:
        """One step back through the log, from the number ``before`` (0: from the newest)."""
        return await self._scan.do(lambda reader: reader.index(wanted, before))

    async def page(self, wanted: CallFilter, blocks: tuple[int, ...]) -> tuple[CallRow, ...]:
        """The rows of these blocks that match, oldest first. Raises ``UsageError`` for none or too many."""
        if not 1 <= len(blocks) <= MOST_BLOCKS or min(blocks) < 0:
            raise UsageError("That is no part of the call log", f"Ask for 1 to {MOST_BLOCKS} blocks.")
        return await self._view.do(lambda reader: reader.page(wanted, blocks))

    async def charts(self, wanted: CallFilter, slots: int) -> CallCharts:
        """What can be drawn of the calls that match. Raises ``UsageError`` for no or too many slots."""
        if not 1 <= slots <= MOST_SLOTS:
            raise UsageError("That is no number of parts", f"Ask for 1 to {MOST_SLOTS}.")
        return await self._scan.do(lambda reader: reader.charts(wanted, slots, time.time()))

    async def stop(self) -> None:
        """Let go of the file. Comes before the writer's end: who closes last cleans up."""
        await asyncio.gather(self._view.stop(), self._scan.stop())


class _Lane:
    """A thread that answers one question after the other."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._reader: CallReader | None = None  # the thread's own

    async def do(self, work: Callable[[CallReader], T]) -> T:
        answer = asyncio.get_running_loop().run_in_executor(self._pool, self._answer, work)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await answer
        except TimeoutError as error:
            raise RefusedError("The call log does not answer", "The disk may be very slow, or gone.") from error

    async def stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, self._close)
        self._pool.shutdown(wait=False)

    def _answer(self, work: Callable[[CallReader], T]) -> T:
        try:
            if self._reader is None:
                self._reader = CallReader(self._path)
            return work(self._reader)
        except sqlite3.Error as error:
            self._close()
            raise SettingsError("The call log cannot be read", f"{self._path}: {error}.") from error

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
