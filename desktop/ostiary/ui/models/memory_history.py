"""What servers used of the memory, as long as the window looks on: for the chart. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ostiary.domain.server import ServerView

MOST_SAMPLES: Final = 450
"""A quarter of an hour: servers are measured every two seconds while somebody looks."""
LEAST_APART_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Sample:
    """What each server that ran used at a moment (Unix seconds)."""

    at: float
    used_bytes: dict[str, int]


class MemoryHistory:
    """The newest samples, oldest first."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=MOST_SAMPLES)

    @property
    def samples(self) -> tuple[Sample, ...]:
        return tuple(self._samples)

    def note(self, servers: Iterable[ServerView], at: float) -> None:
        """What is known now; what comes too soon after the last is left out."""
        if self._samples and at - self._samples[-1].at < LEAST_APART_S:
            return
        self._samples.append(Sample(at, {one.name: one.memory_bytes for one in servers if one.memory_bytes}))
