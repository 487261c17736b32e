"""Deadlines of many short works, watched by one thread: a timer for each would cost more than most works themselves."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Watched:
    """One work; ``late`` is true once its deadline has passed before its end."""

    due: float
    on_late: Callable[[], None]
    late: bool = False


class Watchdog:
    """Gives every work the same time. Its thread is there while there is something to watch, and a little longer."""

    def __init__(self, budget_s: float) -> None:
        self._budget_s = budget_s
        self._changed = threading.Condition()
        self._works: set[Watched] = set()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, on_late: Callable[[], None]) -> Iterator[Watched]:
        """Calls ``on_late``, which must be quick, when the block is not left in time; never after it was left."""
        work = Watched(time.monotonic() + self._budget_s, on_late)
        with self._changed:
            self._works.add(work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
        try:
            yield work
        finally:
            with self._changed:
                self._works.discard(work)

    def close(self) -> None:
        """Lets the thread end now when there is nothing to watch."""
        with self._changed:
            self._changed.notify_all()

    def _watch(self) -> None:
        """A work that comes while this sleeps is due later than what it sleeps for, as all have the same time."""
        with self._changed:
            while self._works:
                first = min(self._works, key=lambda work: work.due)
                if (left := first.due - time.monotonic()) > 0:
                    self._changed.wait(left)
                    continue
                self._works.remove(first)
                first.late = True
                first.on_late()
            self._thread = None
