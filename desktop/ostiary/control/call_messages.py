"""Commands about the call log: its rows, one of them whole, what comes in, and taking a write back.

A window that shows a million rows holds few of them: it asks for the index step by step (each step is short, so that
it can show progress and stop), and for the blocks that are in view.
"""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct

from ostiary.control.command import Command, Done
from ostiary.domain.call import CallDetail, CallFilter, CallRow
from ostiary.domain.call_index import CallCharts, CallIndex
from ostiary.domain.plan import ChangePlan


class ListCalls(Command[tuple[CallRow, ...]], frozen=True, kw_only=True, tag="calls.list"):
    """At most ``limit`` rows before the row ``before`` (0: the newest), oldest first."""

    result: ClassVar[Any] = tuple[CallRow, ...]
    filter: CallFilter = CallFilter()
    before: int = 0
    limit: int = 200


class IndexCalls(Command[CallIndex], frozen=True, kw_only=True, tag="calls.index"):
    """How many calls match, block by block, one step back from the number ``before`` (0: from the newest)."""

    result: ClassVar[Any] = CallIndex
    filter: CallFilter = CallFilter()
    before: int = 0


class PageCalls(Command[tuple[CallRow, ...]], frozen=True, kw_only=True, tag="calls.page"):
    """The rows of these blocks (1 to 16) that match, oldest first."""

    result: ClassVar[Any] = tuple[CallRow, ...]
    filter: CallFilter = CallFilter()
    blocks: tuple[int, ...]


class ChartCalls(Command[CallCharts], frozen=True, kw_only=True, tag="calls.charts"):
    """What can be drawn of the calls that match, from ``filter.since`` (0: from the oldest) in 1 to 200 ``slots``."""

    result: ClassVar[Any] = CallCharts
    filter: CallFilter = CallFilter()
    slots: int = 48


class GetCall(Command[CallDetail], frozen=True, kw_only=True, tag="calls.get"):
    result: ClassVar[Any] = CallDetail
    id: int


class Undone(Struct, frozen=True, kw_only=True):
    """A call was undone: ``id`` is the undo's own row in the log, ``plan`` what it changed."""

    id: int
    plan: ChangePlan


class UndoCall(Command[Undone], frozen=True, kw_only=True, tag="calls.undo"):
    """Undo what a call changed, while its ``CallDetail.undo`` is not empty. *Widens*: it writes."""

    result: ClassVar[Any] = Undone
    widens: ClassVar[bool] = True
    id: int


class FollowCalls(Command[Done], frozen=True, kw_only=True, tag="calls.follow"):
    """Send me ``calls`` events from here on, and nothing else."""

    result: ClassVar[Any] = Done
