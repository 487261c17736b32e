"""An event loop whose time passes only by waiting for it: a timer that is due in an hour fires at once, in its turn."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

STARTED_AT = 1_800_000_000.0
"""Unix seconds at which every run begins."""


class _SkippingSelector(selectors.SelectSelector):
    """Instead of sleeping until the next timer, moves the loop's time there."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("every task waits for something that will never come")
        self.now += timeout
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """For code that waits only for timers and futures of its own loop: no threads, no sockets."""

    def __init__(self) -> None:
        self._skipping = _SkippingSelector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def run(scenario: Callable[[Callable[[], float]], Coroutine[Any, Any, None]]) -> None:
    """Runs ``scenario(clock)`` to its end; ``clock`` gives Unix seconds of the virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        loop = runner.get_loop()
        runner.run(scenario(lambda: STARTED_AT + loop.time()))
