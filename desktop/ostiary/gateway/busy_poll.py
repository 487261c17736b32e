"""How the relay's loop waits: awake for a moment, as long as what it waited for came within a moment lately.

Who sleeps in the kernel has to be woken, and on a virtual machine a core that went to sleep takes tens of microseconds
to come back: more than the relay does in a whole call. So the loop looks again a few times before it sleeps, and leaves
the core to others between two looks: the server that is to answer may be one of them.
*Measured, compiled, added p50/p99: 10 KB 183/327 µs asleep and 118/209 µs so; pumped, 200 B, 255/430 and 147/355 µs;
on a better hour of the same machine 10 KB 126/225 and 71/130 µs. The processor's time for a call is less too.*

Where others want the core it comes back late (4 ms beside a busy process); then the loop sleeps as every loop does.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import time
from collections.abc import Callable
from typing import Final

AWAKE_S: Final = 100e-6
"""How long it stays awake: a server that only computes has answered in 25 µs, and a host that only waits asks again as
soon, or in 80 µs where its lines go through the shim."""

SOON_S: Final = 250e-6
"""What came within this would have come while awake: being woken is part of it."""

MISSES: Final = 8
"""It falls asleep after so many waits in a row that were longer: to wait for a server is to wait for a host next."""

REST_S: Final = 0.05
"""It sleeps on at least so long. Where who is to answer stands in line for the very core that is kept awake, each wait
is a miss (measured: 145 µs a call in place of 45), and few of them may be."""

LATE_S: Final = 300e-6
LONG_REST_S: Final = 1.0
"""After the core came back later than ``LATE_S``: others need it."""


class Wakefulness:
    """Whether it is worth staying awake. Pure; times are seconds of one clock."""

    def __init__(self) -> None:
        self._misses_left = 0
        self._asleep_until_s = 0.0

    @property
    def is_awake(self) -> bool:
        return self._misses_left > 0

    def hit(self) -> None:
        """It came while awake."""
        self._misses_left = MISSES

    def miss(self, now_s: float) -> None:
        """It did not."""
        self._misses_left -= 1
        if not self._misses_left:
            self._asleep_until_s = now_s + REST_S

    def held_up(self, now_s: float) -> None:
        """The core was needed by others."""
        self._misses_left = 0
        self._asleep_until_s = now_s + LONG_REST_S

    def woken(self, began_s: float, now_s: float) -> None:
        """It came while asleep."""
        if now_s - began_s < SOON_S and now_s >= self._asleep_until_s:
            self._misses_left = MISSES


if sys.platform == "linux":
    Ready = list[tuple[selectors.SelectorKey, int]]

    class BusyPollSelector(selectors.EpollSelector):
        """The selector of asyncio's loop. ``clock`` gives seconds, ``give_way`` leaves the core to others."""

        def __init__(
            self,
            wakefulness: Wakefulness,
            clock: Callable[[], float] = time.perf_counter,
            give_way: Callable[[], None] = os.sched_yield,
        ) -> None:
            super().__init__()
            self._wakefulness = wakefulness
            self._clock = clock
            self._give_way = give_way

        def select(self, timeout: float | None = None) -> Ready:
            """What is ready, as soon as anything is; nothing after ``timeout`` seconds (none: however long)."""
            ready = super().select(0)
            if ready or (timeout is not None and timeout <= 0):
                return ready
            began_s = self._clock()
            if self._wakefulness.is_awake and (timeout is None or timeout > AWAKE_S):
                return self._look(began_s) or super().select(self._left_s(timeout, began_s))
            ready = super().select(timeout)
            if ready:
                self._wakefulness.woken(began_s, self._clock())
            return ready

        def _look(self, began_s: float) -> Ready:
            """Again and again, for ``AWAKE_S``."""
            before_s = began_s
            while before_s < began_s + AWAKE_S:
                self._give_way()
                ready = super().select(0)
                now_s = self._clock()
                if now_s - before_s > LATE_S:
                    self._wakefulness.held_up(now_s)
                    return ready
                if ready:
                    self._wakefulness.hit()
                    return ready
                before_s = now_s
            self._wakefulness.miss(before_s)
            return []

        def _left_s(self, timeout_s: float | None, began_s: float) -> float | None:
            return None if timeout_s is None else max(timeout_s - (self._clock() - began_s), 0)

    def new_event_loop() -> asyncio.AbstractEventLoop:
        """A loop that waits so."""
        return asyncio.SelectorEventLoop(BusyPollSelector(Wakefulness()))

else:

    def new_event_loop() -> asyncio.AbstractEventLoop:
        """One as asyncio makes it: elsewhere nothing was measured."""
        return asyncio.new_event_loop()
