"""A morning's calls for the fake gateway's ``--busy``: of two hosts, with every end a call can come to."""

from __future__ import annotations

from typing import Final

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallRow, DecidedBy, Outcome

CALLS: Final = 60
WRITTEN: Final = 51
"""A write that a rule let pass, and that can be undone."""
_HERE: Final = "/home/robin/Projects/website"
_CALLED: Final = (
    ("files", "read_text_file", f"{_HERE}/config.toml"),
    ("files", "edit_file", f"{_HERE}/config.toml"),
    ("github", "create_issue", "https://github.com/robin/website/issues/7"),
    ("files", "search_files", _HERE),
    ("weather", "forecast", "Port Louis"),
)
_ENDS: Final = (
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.OK, 0.0, 12.0),
    (Decision.ALLOW, DecidedBy.PERSON, Outcome.OK, 8_200.0, 8_231.0),
    (Decision.ALLOW, DecidedBy.RULE, Outcome.OK, 0.0, 64.0),
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.FAILED, 0.0, 340.0),
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.OK, 0.0, 3.0),
    (Decision.DENY, DecidedBy.PERSON, Outcome.DENIED, 2_900.0, 2_901.0),
    (Decision.ALLOW, DecidedBy.DEFAULT, Outcome.OK, 0.0, 21.0),
)


def calls(until: float) -> list[CallRow]:
    """The newest began at ``until`` (Unix seconds); the numbers decide what each is."""
    return [_call(number, until - (CALLS - number) * 41) for number in range(1, CALLS + 1)]


def _call(number: int, began: float) -> CallRow:
    server, tool, item = _CALLED[number % len(_CALLED)]
    decision, decided_by, outcome, waited_ms, duration_ms = _ENDS[number % len(_ENDS)]
    return CallRow(
        id=number,
        started_at=began,
        host=("cursor", "claude-desktop")[number % 3 == 0],
        server=server,
        method="tools/call",
        tool=tool,
        item=item,
        decision=decision,
        decided_by=decided_by,
        outcome=outcome,
        waited_ms=waited_ms,
        duration_ms=duration_ms,
    )
