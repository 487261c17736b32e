"""The words and shapes that several commands show: states, times, sizes, counts. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

from ostiary.cli.text import Span, Tone
from ostiary.domain.approval import GateMode
from ostiary.domain.call import Outcome
from ostiary.domain.host import HostState
from ostiary.domain.server import ServerState

GOOD: Final = Span("●", Tone.GOOD)
OFF: Final = Span("○", Tone.DIM)
BUSY: Final = Span("◐", Tone.BUSY)
PROBLEM: Final = Span("▲", Tone.BAD)

SERVER_STATES: Final = {
    ServerState.STOPPED: (OFF, "off"),
    ServerState.STARTING: (BUSY, "starting"),
    ServerState.RUNNING: (GOOD, "running"),
    ServerState.BACKOFF: (PROBLEM, "waiting to start again"),
    ServerState.STOPPING: (BUSY, "stopping"),
    ServerState.EXITED: (PROBLEM, "ended"),
    ServerState.FATAL: (PROBLEM, "problem"),
    ServerState.IDLE: (OFF, "stopped, starts when needed"),
}
HOST_STATES: Final = {
    HostState.NOT_FOUND: (OFF, "not on this machine"),
    HostState.AVAILABLE: (OFF, "not connected"),
    HostState.CONNECTED: (GOOD, "connected"),
    HostState.CHANGED: (PROBLEM, "entry was changed"),
    HostState.UNREADABLE: (PROBLEM, "problem"),
}
OUTCOMES: Final = {
    Outcome.RUNNING: (BUSY, "running"),
    Outcome.OK: (GOOD, "ok"),
    Outcome.FAILED: (PROBLEM, "failed"),
    Outcome.ERROR: (PROBLEM, "error"),
    Outcome.DENIED: (OFF, "denied"),
    Outcome.UNANSWERED: (OFF, "unanswered"),
    Outcome.CANCELLED: (OFF, "cancelled"),
    Outcome.CUT_OFF: (PROBLEM, "cut off"),
}
MODES: Final = {
    GateMode.NORMAL: "reads pass, writes ask",
    GateMode.ASK_ALL: "asks for everything",
    GateMode.BLOCK_ALL: "blocks everything",
    GateMode.PAUSED: "prompts are paused, what would ask is denied",
}


def duration(seconds: float) -> str:
    """How long, in its largest unit: "12 s", "4 min", "3 h", "2 days"."""
    whole = max(0, int(seconds))
    for unit, length in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if whole >= length:
            return count(whole // length, unit) if unit == "day" else f"{whole // length} {unit}"
    return f"{whole} s"


def size(size_bytes: int) -> str:
    """A size a person can compare: "14 MB"."""
    amount = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def count(number: int, one: str) -> str:
    """A number with its noun: "1 tool", "2 tools"."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def command_line(command: Sequence[str]) -> str:
    """A program with its arguments as they would be typed: complete, and with every word's borders to be seen."""
    return shlex.join(command)
