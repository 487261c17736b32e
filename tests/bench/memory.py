"""What a process takes, as the system tells it: resident memory, its share of what several use, what is its own."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Memory:
    """One process at one moment. ``share`` is its proportional share, and None where the system does not tell it."""

    resident_bytes: int
    share_bytes: int | None
    own_bytes: int


def memory_of(pid: int) -> Memory:
    """Of a process of this user, now."""
    found = psutil.Process(pid).memory_full_info()
    return Memory(int(found.rss), getattr(found, "pss", None), int(found.uss))  # Linux alone tells the share
