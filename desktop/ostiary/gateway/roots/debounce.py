"""When a change is told: after a moment of quiet, but never long after the first. Pure: times in seconds come in.

Saving a file is several changes; telling each would have a host read it half written, many times.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

QUIET_S = 0.1
LONGEST_S = 0.25
"""Our policy: a file that changes without a pause is told four times a second."""

K = TypeVar("K", bound=Hashable)


class Debounce(Generic[K]):
    """Changes that wait to be told, by what changed."""

    def __init__(self, quiet_s: float = QUIET_S, longest_s: float = LONGEST_S) -> None:
        self._quiet_s = quiet_s
        self._longest_s = longest_s
        self._first: dict[K, float] = {}
        self._due: dict[K, float] = {}

    def changed(self, key: K, now: float) -> None:
        """Takes a change."""
        first = self._first.setdefault(key, now)
        self._due[key] = min(now + self._quiet_s, first + self._longest_s)

    def take_due(self, now: float) -> list[K]:
        """Gives what is to be told now, in the order of the first changes, and forgets it."""
        due = [key for key in self._first if self._due[key] <= now]
        for key in due:
            self.forget(key)
        return due

    def next_due(self) -> float | None:
        """When there will be something to tell; ``None`` while nothing waits."""
        return min(self._due.values(), default=None)

    def forget(self, key: K) -> None:
        """Drops a change that waits, if there is one."""
        self._first.pop(key, None)
        self._due.pop(key, None)
