"""Calls for Activity's tests and pictures."""

from __future__ import annotations

import time
from typing import Final

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallRow, DecidedBy, Outcome

_ITEMS: Final = ("~/Projects/site/config.toml", "~/Documents/plan.md", "https://github.com/ada/site/issues/7", "")
_TOOLS: Final = (("files", "read_text_file"), ("files", "edit_file"), ("github", "create_issue"), ("code", "outline"))
_ENDS: Final = (
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.OK, 0.0, 12.0),
    (Decision.ALLOW, DecidedBy.PERSON, Outcome.OK, 8_200.0, 8_231.0),
    (Decision.ALLOW, DecidedBy.RULE, Outcome.FAILED, 0.0, 340.0),
    (Decision.DENY, DecidedBy.PERSON, Outcome.DENIED, 2_900.0, 2_901.0),
    (Decision.DENY, DecidedBy.NOBODY, Outcome.UNANSWERED, 45_000.0, 45_000.0),
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.RUNNING, 0.0, 0.0),
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.CUT_OFF, 0.0, 1_500.0),
)


def call(number: int, outcome: Outcome | None = None) -> CallRow:
    """One call; its number decides what it is, unless an outcome is asked for."""
    ends = [end for end in _ENDS if outcome is None or end[2] is outcome]
    decision, decided_by, outcome, waited_ms, duration_ms = ends[number % len(ends)]
    server, tool = _TOOLS[number % len(_TOOLS)]
    return CallRow(
        id=number,
        started_at=time.time() - 3_000 + number,
        host=("cursor", "claude-desktop")[number % 3 == 0],
        server=server,
        method="tools/call",
        tool=tool,
        item=_ITEMS[number % len(_ITEMS)],
        decision=decision,
        decided_by=decided_by,
        outcome=outcome,
        waited_ms=waited_ms,
        duration_ms=duration_ms,
    )


def calls(first: int, count: int) -> tuple[CallRow, ...]:
    """So many calls with ids from ``first`` on."""
    return tuple(call(number) for number in range(first, first + count))


def detail(row: CallRow) -> CallDetail:
    """The call in full."""
    return CallDetail(
        row=row,
        arguments='{"path":"~/Projects/site/config.toml","edits":[{"oldText":"port = 8080","newText":"port = 9090"}]}',
        result='{"content":[{"type":"text","text":"Changed 3 lines."}],"isError":false}',
        reason="",
        caller="cursor, pid 4121, /opt/cursor/cursor",
    )
