"""Many changes of the same thing, told as few: the first at once, those that follow closely as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

GAP_S = 0.1
"""How often the same change is told at most (our policy: a person sees no more)."""

KeyT = TypeVar("KeyT", bound=Hashable)


class Coalescing(Generic[KeyT]):
    """``tell`` is called for each key soon after its last change. No more is kept than keys that changed just now."""

    def __init__(self, tell: Callable[[KeyT], None], gap_s: float = GAP_S) -> None:
        self._tell = tell
        self._gap_s = gap_s
        self._changed: dict[KeyT, bool] = {}

    def changed(self, key: KeyT) -> None:
        """It is different now."""
        if key in self._changed:
            self._changed[key] = True
            return
        self._changed[key] = False
        asyncio.get_running_loop().call_later(self._gap_s, self._look, key)
        self._tell(key)

    def _look(self, key: KeyT) -> None:
        if self._changed.pop(key):
            self.changed(key)
