"""How much a server may say by itself: so much at once, and so much a second. Pure: times come in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then ``per_s`` each second."""

    per_s: float
    burst: float


class Bucket:
    """A token bucket. Times are seconds of one clock that never jumps."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left = rate.burst
        self._filled_at = 0.0

    def take(self, now: float) -> bool:
        """Take one, unless there is none."""
        self._fill(now)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def overdraw(self, now: float) -> float:
        """Take one, there or not. Gives how many seconds it takes until what is owed has come in."""
        self._fill(now)
        self._left -= 1
        return max(0.0, -self._left / self._rate.per_s)

    def _fill(self, now: float) -> None:
        self._left = min(self._rate.burst, self._left + (now - self._filled_at) * self._rate.per_s)
        self._filled_at = now
