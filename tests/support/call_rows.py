"""Calls as the log has them, for tests that are about one or two of their members."""

from typing import Any

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallRow, DecidedBy, Outcome


def call_row(number: int, **more: Any) -> CallRow:
    """Cursor read the file ``/number``, and nobody was asked; ``more`` is what this call has otherwise."""
    plain: dict[str, Any] = {
        "started_at": float(number),
        "host": "cursor",
        "server": "files",
        "method": "tools/call",
        "tool": "read_text_file",
        "item": f"/{number}",
        "decision": Decision.ALLOW,
        "decided_by": DecidedBy.DEFAULT,
        "outcome": Outcome.OK,
        "duration_ms": 10.0,
    }
    return CallRow(id=number, **plain | more)
