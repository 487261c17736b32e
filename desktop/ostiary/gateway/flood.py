"""One server that says too much: what of it is left out, when it is not listened to for a moment, and that in words.

Changes are never lost here: of lists and resources several are told as one, elsewhere. What is left out is progress,
log messages and noise; everything else waits in the server's own pipe.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Final, assert_never

from ostiary.gateway.throttle import Bucket, Rate


class Kind(Enum):
    """What may be left out, with a name for people."""

    PROGRESS = "progress messages"
    LOG = "log messages"
    NOISE = "lines that mean nothing"


RATES: Final = {Kind.LOG: Rate(per_s=100, burst=500), Kind.NOISE: Rate(per_s=20, burst=100)}
"""Our policy, for a server."""

PROGRESS_RATE: Final = Rate(per_s=20, burst=40)
"""Our policy, for a call: nobody sees more of a bar."""

WHOLE_RATE: Final = Rate(per_s=4000, burst=8000)
"""Our policy, for all that a server says unasked: beyond it, it is not read for a moment (a message costs us 5 µs)."""

LONGEST_PAUSE_S: Final = 1.0
TOLD_S: Final = 60.0
"""So long after the last message that was left out, a person still sees it."""

PROGRESS_REMEMBERED: Final = 1024


class Flood:
    """``pause`` stops reading from the server for so many seconds; ``on_flood`` is told of each kind once."""

    def __init__(self, pause: Callable[[float], None], on_flood: Callable[[str], None]) -> None:
        self._pause = pause
        self._on_flood = on_flood
        self._clock = asyncio.get_running_loop().time
        self._whole = Bucket(WHOLE_RATE)
        self._buckets = {kind: Bucket(rate) for kind, rate in RATES.items()}
        self._progress: dict[int, Bucket] = {}
        self._left_out: Counter[Kind] = Counter()
        self._last_at: float | None = None
        self._is_paused = False

    def said(self) -> None:
        """The server says something that nobody asked it for."""
        span_s = self._whole.overdraw(self._clock())
        if span_s > 0 and not self._is_paused:
            self._is_paused = True
            self._pause(min(span_s, LONGEST_PAUSE_S))

    def read_on(self) -> None:
        """It is listened to again."""
        self._is_paused = False

    def passes(self, kind: Kind) -> bool:
        """Whether one more message of this kind is passed on."""
        return self._buckets[kind].take(self._clock()) or self._leave_out(kind)

    def progress_passes(self, number: int) -> bool:
        """Whether one more progress message of this call is passed on."""
        bucket = self._progress.get(number)
        if bucket is None:
            if len(self._progress) >= PROGRESS_REMEMBERED:
                del self._progress[next(iter(self._progress))]
            bucket = self._progress[number] = Bucket(PROGRESS_RATE)
        return bucket.take(self._clock()) or self._leave_out(Kind.PROGRESS)

    def left_out(self, kind: Kind) -> int:
        """How many so far."""
        return self._left_out[kind]

    def words(self) -> str:
        """What a person is told of it; empty when it was long ago."""
        if self._last_at is None or self._clock() - self._last_at > TOLD_S:
            return ""
        counts = " ".join(_so_many(kind, count) for kind, count in self._left_out.items())
        return f"It says more than hosts can use. Left out since it was started: {counts}"

    def _leave_out(self, kind: Kind) -> bool:
        self._left_out[kind] += 1
        self._last_at = self._clock()
        if self._left_out[kind] == 1:
            self._on_flood(f"It sends too many {kind.value} at a time. Those beyond the limit are left out.")
        return False


def _so_many(kind: Kind, count: int) -> str:
    match kind:
        case Kind.PROGRESS:
            return f"{count:,} progress messages."
        case Kind.LOG:
            return f"{count:,} log messages."
        case Kind.NOISE:
            return f"{count:,} lines that mean nothing."
    assert_never(kind)
