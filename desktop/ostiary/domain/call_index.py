"""What there is in the call log without its rows: how many calls where, and what can be drawn of them.

A *block* is 256 consecutive numbers of the log, whatever is kept of them: the block of call ``n`` is ``n // 256``.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from ostiary.domain.call import CallRow, Outcome

BLOCK_IDS: Final = 256


class Block(Struct, frozen=True, array_like=True):
    """``calls`` of this block match, in ``groups`` of calls that are alike and follow each other."""

    number: int
    calls: int
    groups: int


class CallIndex(Struct, frozen=True, kw_only=True):
    """One step back through the log. Blocks with nothing that matches are left out; the newest is first."""

    blocks: tuple[Block, ...]
    reached: int
    """Everything from this number on was looked at; what is older comes with the next step."""
    oldest: int
    """The lowest number that is kept: once ``reached`` is not above it, there is nothing older. 0 for an empty log."""
    newest: int


class Slot(Struct, frozen=True, array_like=True):
    """So many calls ended so in this part of the time, counted from 0."""

    place: int
    outcome: Outcome
    calls: int


class Latency(Struct, frozen=True, kw_only=True):
    """How long a tool takes in its server, without the time that it waited for the person."""

    server: str
    tool: str
    calls: int
    p50_ms: float
    p95_ms: float


class CallCharts(Struct, frozen=True, kw_only=True):
    """Calls from ``since`` to ``until`` (Unix seconds), in ``slots`` parts of the same length."""

    since: float
    until: float
    slots: int
    over_time: tuple[Slot, ...]
    latency: tuple[Latency, ...]
    """The tools that were called most, the busiest first. Times are right to about 5 %."""

    @property
    def slot_s(self) -> float:
        return (self.until - self.since) / self.slots


def alike(one: CallRow, other: CallRow) -> bool:
    """True for calls that a person may see as one line: same host, server, tool and outcome."""
    return (one.host, one.server, one.method, one.tool, one.outcome) == (
        other.host,
        other.server,
        other.method,
        other.tool,
        other.outcome,
    )
