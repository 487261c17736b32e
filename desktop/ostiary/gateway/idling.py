"""Servers that start on demand are stopped when nobody has needed them for a while. Owns a timer for each that runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

SHORTEST_LOOK_S = 0.05


class Idling:
    """``rest_in_s`` tells how long a server stays at least: 0 for one that may go now, None for one that stays.

    ``stop`` ends it politely.
    """

    def __init__(self, rest_in_s: Callable[[str], float | None], stop: Callable[[str], Awaitable[None]]) -> None:
        self._rest_in_s = rest_in_s
        self._stop = stop
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stopping: set[asyncio.Task[None]] = set()

    def watch(self, name: str) -> None:
        """It runs, or its settings are others: look when it may go."""
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
        span_s = self._rest_in_s(name)
        if span_s is not None:
            later = asyncio.get_running_loop().call_later
            self._timers[name] = later(max(span_s, SHORTEST_LOOK_S), self._look, name)

    async def close(self) -> None:
        """Look no more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for task in self._stopping:
            task.cancel()
        await asyncio.gather(*self._stopping, return_exceptions=True)

    def _look(self, name: str) -> None:
        if self._rest_in_s(name) == 0:
            task = asyncio.get_running_loop().create_task(self._end(name))
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)
        else:
            self.watch(name)

    async def _end(self, name: str) -> None:
        if self._rest_in_s(name) == 0:  # a call may have come since
            await self._stop(name)
        else:
            self.watch(name)
