"""Calls as the log keeps them: a row for the table, a record for the detail. Both are redacted already."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from ostiary.domain.approval import Decision


class DecidedBy(StrEnum):
    """Who or what decided about a call."""

    DEFAULT = "default"
    RULE = "rule"
    PERSON = "person"
    NOBODY = "nobody"
    MODE = "mode"
    HEADLESS = "headless"


class Outcome(StrEnum):
    """How a call ended. ``failed`` is a tool that said so itself, ``error`` a protocol error."""

    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    ERROR = "error"
    DENIED = "denied"
    UNANSWERED = "unanswered"
    CANCELLED = "cancelled"
    CUT_OFF = "cut-off"
    """The gateway ended while the call ran; what the server did is not known."""


FAILURES = (Outcome.FAILED, Outcome.ERROR, Outcome.UNANSWERED, Outcome.CUT_OFF)
"""What went wrong; a denial is a decision."""


class CallRow(Struct, frozen=True, kw_only=True):
    """One call in the table. ``started_at`` is Unix seconds; ``item`` the path or URI it was about."""

    id: int
    started_at: float
    host: str
    server: str
    method: str
    tool: str
    item: str
    decision: Decision
    decided_by: DecidedBy
    outcome: Outcome
    waited_ms: float = 0.0
    """Time spent waiting for the person."""
    duration_ms: float = 0.0
    """Whole time, from the host's request to its answer."""
    request_bytes: int = 0
    response_bytes: int = 0


class CallDetail(Struct, frozen=True, kw_only=True):
    """A call in full. ``arguments`` and ``result`` are redacted JSON text, perhaps cut; empty when not kept."""

    row: CallRow
    arguments: str = ""
    result: str = ""
    reason: str = ""
    """Which rule, or whose hand, in words."""
    caller: str = ""
    """The verified process, in words."""
    rule: int = 0
    """The number of the rule that decided it, or that the answer to it left behind; 0 for none."""
    undo: str = ""
    """The change that the call made, while it can be undone (``UndoCall``); empty where there is nothing to undo."""


class CallFilter(Struct, frozen=True, kw_only=True):
    """Which calls to show; an empty field does not restrict."""

    host: str = ""
    server: str = ""
    tool: str = ""
    """The tool's name; of a call that is no tool's, its method."""
    decision: Decision | None = None
    outcome: Outcome | None = None
    text: str = ""
    """Sought in the names, the object and the reason."""
    anywhere: str = ""
    """Sought in all that is kept of a call: arguments and result as well."""
    failures: bool = False
    """Only calls that went wrong."""
    since: float = 0.0
    """Only calls from this moment on, in Unix seconds."""
