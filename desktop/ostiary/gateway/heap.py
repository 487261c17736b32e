"""The C library's heap, kept small unless long messages come. OS-specific: only glibc can be told what to keep.

glibc gives each thread that asks for memory an arena of its own, keeps what was freed in each, and after one message of
a megabyte it keeps blocks of a megabyte too.
*Measured, after calls of 200 bytes to 1 MB and a flood: 45.5 MiB resident; given back 37.7, with one arena 36.3.*

Between long messages it keeps too little: what lies on top goes back as soon as it is free, and the next message finds
no page of it. *Measured: 290 to 800 page faults and 0.5 to 1 ms for each call of 1 MB.*
"""

from __future__ import annotations

import sys
from typing import Final

LONG_BYTES: Final = 64 * 1024
"""Of a message there are several copies; together they are what glibc gives back."""

if sys.platform == "linux":
    import ctypes  # the guard of servers needs it here anyway
    from threading import Event

    _LIBRARY: Final = ctypes.CDLL(None)
    _M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8

    _KEPT_BYTES: Final = 32 * 1024 * 1024
    """Holes included that calls of 1 MB leave; more is no threshold that mallopt(3) takes."""

    _FIRST_BYTES: Final = 128 * 1024
    """Both thresholds, at the start of a process."""

    _is_keeping = Event()

    def share() -> None:
        """One arena for all threads that are started from here on: the interpreter's lock keeps them apart already."""
        if hasattr(_LIBRARY, "mallopt"):  # musl has neither of the two
            _LIBRARY.mallopt(_M_ARENA_MAX, 1)

    def keep() -> None:
        """Keeps what is freed from here on, until it is given back: more long messages will come. From any thread."""
        if not _is_keeping.is_set() and hasattr(_LIBRARY, "mallopt"):
            _give_back_above(_KEPT_BYTES)
            _is_keeping.set()

    def give_back() -> None:
        """Gives the system what is free. Takes 0.2 to 2 ms without the interpreter's lock; from any thread."""
        if _is_keeping.is_set():
            _is_keeping.clear()
            _give_back_above(_FIRST_BYTES)
        if hasattr(_LIBRARY, "malloc_trim"):
            _LIBRARY.malloc_trim(0)

    def _give_back_above(size_bytes: int) -> None:
        _LIBRARY.mallopt(_M_MMAP_THRESHOLD, size_bytes)
        _LIBRARY.mallopt(_M_TRIM_THRESHOLD, size_bytes)

else:

    def share() -> None:
        """Other systems' heaps are not divided by threads in this way."""

    def keep() -> None:
        """Other systems keep for a while what was freed by themselves."""

    def give_back() -> None:
        """Other systems take back more by themselves."""
