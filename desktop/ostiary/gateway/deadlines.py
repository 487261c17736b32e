"""How long each call at one server may still take. Owns one timer, whatever the number of calls.

A call is late when nothing was heard of it for its time, or when it took its longest time in spite of all progress.
While a person or a host is asked in it, its time stands still.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from msgspec import Struct


class _Call(Struct):
    """Times of the loop's clock, spans in seconds."""

    since: float
    heard_at: float
    timeout_s: float
    longest_s: float
    asks: int = 0
    asked_at: float = 0.0

    @property
    def due(self) -> float:
        return min(self.heard_at + self.timeout_s, self.since + self.longest_s)


class Deadlines:
    """Calls by number. ``on_late`` is told the number of a call and how long it was given, in seconds, once."""

    def __init__(self, on_late: Callable[[int, float], None]) -> None:
        self._on_late = on_late
        self._loop = asyncio.get_running_loop()
        self._calls: dict[int, _Call] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._next_look = math.inf

    @property
    def is_any_asking(self) -> bool:
        """Whether somebody is being asked in one of them."""
        return any(call.asks for call in self._calls.values())

    def start(self, number: int, timeout_s: float, longest_s: float) -> None:
        """Its time begins, or begins anew."""
        now = self._loop.time()
        self._calls[number] = _Call(now, now, timeout_s, max(timeout_s, longest_s))
        if now + timeout_s < self._next_look:
            self._look_at(now + timeout_s)

    def heard(self, number: int) -> None:
        """It makes progress."""
        call = self._calls.get(number)
        if call is not None:
            call.heard_at = self._loop.time()

    def pause(self, number: int) -> None:
        """Somebody is asked in it."""
        call = self._calls.get(number)
        if call is not None:
            call.asked_at = call.asked_at if call.asks else self._loop.time()
            call.asks += 1

    def go_on(self, number: int) -> None:
        """Who was asked in it has answered."""
        call = self._calls.get(number)
        if call is not None and call.asks:
            call.asks -= 1
            if not call.asks:
                asked_s = self._loop.time() - call.asked_at
                call.since += asked_s
                call.heard_at += asked_s
                self._look_at(call.due)

    def end(self, number: int) -> None:
        """It is over."""
        self._calls.pop(number, None)

    def close(self) -> None:
        """Nothing is late any more."""
        self._calls.clear()
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._next_look = None, math.inf

    def _look_at(self, when: float) -> None:
        if when < self._next_look:
            if self._timer is not None:
                self._timer.cancel()
            self._timer, self._next_look = self._loop.call_at(when, self._look), when

    def _look(self) -> None:
        self._timer, self._next_look = None, math.inf
        now = self._loop.time()
        late = [(number, call) for number, call in self._calls.items() if not call.asks and call.due <= now]
        for number, call in late:
            del self._calls[number]
            self._on_late(number, min(call.timeout_s, now - call.since))
        following = min((call.due for call in self._calls.values() if not call.asks), default=None)
        if following is not None:
            self._look_at(following)
