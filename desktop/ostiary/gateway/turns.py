"""Calls to one server that take turns once it showed that it asks back: one at a time, in the order they came."""

from __future__ import annotations

from collections.abc import Callable


class Turns:
    """Calls by number. Until ``begin`` all run at the same time."""

    def __init__(self) -> None:
        self._taking = False
        self._running: set[int] = set()
        self._waiting: dict[int, Callable[[], None]] = {}

    def begin(self) -> None:
        """From now on a call waits until no other runs."""
        self._taking = True

    def run(self, number: int, send: Callable[[], None]) -> None:
        """Send a call when it is its turn."""
        if self._taking and self._running:
            self._waiting[number] = send
        else:
            self._running.add(number)
            send()

    def leave(self, number: int) -> None:
        """A call ended or is not wanted any more."""
        if self._waiting.pop(number, None) is not None:
            return
        self._running.discard(number)
        if self._waiting and not self._running:
            following = next(iter(self._waiting))
            self.run(following, self._waiting.pop(following))
