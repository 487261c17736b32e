"""What long messages leave behind in memory: kept while more of them come, given back to the system soon after.

glibc gives large blocks back as soon as they are free, and the next long message finds no page of them (measured:
350 to 800 page faults and 0.7 to 1.2 ms a call of 1 MB). Elsewhere allocators keep what they gave back for a while by
themselves, and nothing is done.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

LONG_BYTES = 64 * 1024
"""Blocks of 128 KiB are the first that glibc gives back, and of a message there are several copies."""

KEPT_BYTES = 32 * 1024 * 1024
"""The most that is kept, holes included that calls of 1 MB leave; more is no threshold that mallopt(3) takes."""

REST_S = 10.0
"""Models think for some seconds between one long file and the next."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
GLIBC_THRESHOLD_BYTES = 128 * 1024
"""Of both, at the start of a process (mallopt(3))."""


class FreedMemory:
    """Belongs to the loop's thread. ``keep`` is told to begin, and to end once no long message came for ``rest_s``."""

    def __init__(self, keep: Callable[[bool], None], rest_s: float = REST_S) -> None:
        self._keep = keep
        self._rest_s = rest_s
        self._used_at = 0.0
        self._rest: asyncio.TimerHandle | None = None

    def used(self, size_bytes: int) -> None:
        """A call took so much, with its answer."""
        if size_bytes < LONG_BYTES:
            return
        loop = asyncio.get_running_loop()
        self._used_at = loop.time()
        if self._rest is None:
            self._keep(True)
            self._rest = loop.call_later(self._rest_s, self._look)

    def close(self) -> None:
        """Nothing is given back any more: the process ends."""
        if self._rest is not None:
            self._rest.cancel()
        self._rest = None

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        rests_at = self._used_at + self._rest_s
        self._rest = None
        if loop.time() < rests_at:
            self._rest = loop.call_at(rests_at, self._look)
        else:
            self._keep(False)


def keep_freed(is_kept: bool) -> None:
    """Have the process keep what it frees, or give back all that is free. Only glibc can be told (mallopt(3))."""
    if sys.platform == "linux":
        import ctypes  # what it takes is left to those who send long messages

        libc = ctypes.CDLL(None)
        if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim"):
            threshold_bytes = KEPT_BYTES if is_kept else GLIBC_THRESHOLD_BYTES
            libc.mallopt(M_MMAP_THRESHOLD, threshold_bytes)
            libc.mallopt(M_TRIM_THRESHOLD, threshold_bytes)
            if not is_kept:
                libc.malloc_trim(0)
