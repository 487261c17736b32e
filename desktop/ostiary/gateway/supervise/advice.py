"""What a person can do about a server that ended: by how it ended and what it said. Pure.

What it said is the server's own text: it picks among these sentences and is never part of one.
"""

from __future__ import annotations

import re
import signal
from typing import Final

MEMORY: Final = "The machine ran short of memory, or somebody killed it. Close what needs much memory, then restart it."
FAULT: Final = "That is a fault of the program itself: update it, or tell its makers."
LOOK: Final = "Show its output for the reason, put that right, then restart it."

_FAULTS: Final = frozenset(
    {
        signal.SIGSEGV,
        signal.SIGABRT,
        signal.SIGILL,
        signal.SIGFPE,
        *([signal.SIGBUS] if hasattr(signal, "SIGBUS") else []),
    }
)
_BY_CODE: Final = {
    126: "A program that it starts may not be run: look at the command and at that file's rights.",
    127: "A program that it starts was not found: install that, then restart it.",
    137: MEMORY,
    139: FAULT,
}
"""What shells report of what they ran (POSIX sh, *Exit Status for Commands*; 128 and a signal's number)."""

_BY_WORDS: Final = (
    (r"out of memory|MemoryError|Cannot allocate memory|ENOMEM", MEMORY),
    (
        r"(?i)\b401\b|unauthori[sz]ed|bad credentials|invalid (api.?key|token)"
        r"|(api.?key|token)\b.{0,40}\b(required|missing|not set)",
        "Set the token that it needs on the page of secrets, then restart it.",
    ),
    (
        r"Cannot find module|No module named|ModuleNotFoundError|ImportError|ERR_MODULE_NOT_FOUND"
        r"|cannot open shared object",
        "A part of it is missing: install it again, then restart it.",
    ),
    (
        r"\b404\b.{0,80}(registry|npm|pypi)|E404|not found in the package registry|No solution found when resolving",
        "Its package was not found: look at the name in its command.",
    ),
    (
        r"ENOTFOUND|EAI_AGAIN|getaddrinfo|Could not resolve|Name or service not known"
        r"|[Nn]etwork is unreachable|dns error",
        "It did not reach the network: look at the connection, then restart it.",
    ),
    (
        r"EADDRINUSE|[Aa]ddress already in use",
        "Another program has the port that it wants: end that one, then restart it.",
    ),
    (r"ENOSPC|No space left", "The disk is full: make room, then restart it."),
    (r"EACCES|EPERM|[Pp]ermission denied", "It may not use something that it needs: its output says what."),
    (
        r"(?im)^usage:|unrecognized argument|unknown (option|argument|flag)|missing required",
        "Look at its command: it does not understand these arguments.",
    ),
)


def advice(code: int, said: str) -> str:
    """The next step. ``code`` is negative for a signal, as everywhere; ``said`` the end of its output."""
    if -code == getattr(signal, "SIGKILL", 9):
        return MEMORY
    if -code in _FAULTS:
        return FAULT
    by_words = (step for pattern, step in _BY_WORDS if re.search(pattern, said))
    return _BY_CODE.get(code) or next(by_words, LOOK)
