"""What a person chose about the gate and the log, beside servers, folders and rules. The gateway enforces it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct


class Writes(StrEnum):
    """What happens to a write when nobody can be asked."""

    DENY = "deny"
    ALLOW = "allow"
    ELICIT = "elicit"
    """The host asks in its own window."""


_STRICTNESS = {Writes.ALLOW: 0, Writes.ELICIT: 1, Writes.DENY: 2}


class HouseRules(Struct, frozen=True, kw_only=True):
    """A value outside its limits is refused where it is decoded."""

    risky_always: bool = False
    """Whether *always* may be answered for tools that may destroy or reach beyond this computer."""
    writes: Writes = Writes.DENY
    """What happens to a write while no tray is there, unless the gateway was started with ``--writes``."""
    answer_within_s: Annotated[int, Meta(ge=10, le=600)] = 600
    """What a question's countdown begins with, at most: a host that gives up earlier shortens it."""
    keep_bodies: bool = True
    """Whether the call log keeps redacted arguments and results."""
    log_days: Annotated[int, Meta(ge=1, le=3_650)] = 30
    """How long a call stays in the log."""
    log_rows: Annotated[int, Meta(ge=1_000, le=10_000_000)] = 100_000
    """How many calls stay in the log."""
    log_size_mb: Annotated[int, Meta(ge=1, le=10_240)] = 64
    """How large the log may grow, in MiB."""

    def is_looser_than(self, other: HouseRules) -> bool:
        """Whether these let more pass without a person than the others do."""
        return self.risky_always > other.risky_always or _STRICTNESS[self.writes] < _STRICTNESS[other.writes]
