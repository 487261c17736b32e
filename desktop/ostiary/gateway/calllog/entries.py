"""The life of one log entry: begun, decided, ended. Pure; every text and body is redacted on its way in."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallRow, DecidedBy, Outcome
from ostiary.gateway.calllog.redact import LABEL_CHARACTERS, Redactor

BODY_CHARACTERS = 16_384
"""How much is kept of a call's arguments, and of its result."""
_TEXT_CHARACTERS = 2_000


class CallStart(Struct, frozen=True, kw_only=True):
    """A call as it arrives. ``started_at`` is Unix seconds; ``arguments`` is raw JSON, empty when it is not kept."""

    started_at: float
    host: str
    server: str
    method: str
    tool: str = ""
    item: str = ""
    """The path or URI it is about."""
    decision: Decision
    decided_by: DecidedBy
    reason: str = ""
    rule: int = 0
    caller: str = ""
    request_bytes: int = 0
    arguments: bytes = b""


class CallDecision(Struct, frozen=True, kw_only=True):
    """What became of a call that was asked about."""

    decision: Decision
    decided_by: DecidedBy
    reason: str = ""
    waited_ms: float = 0.0
    rule: int = 0


class CallEnd(Struct, frozen=True, kw_only=True):
    """How a call ended. ``result`` is the raw JSON of its result or error; empty when bodies are not kept."""

    outcome: Outcome
    duration_ms: float
    response_bytes: int = 0
    result: bytes = b""
    undo: str = ""
    """The change it made, by its own server's number: random, so it is kept as it is."""


Step = CallStart | CallDecision | CallEnd


def advance(number: int, entry: CallDetail | None, step: Step, redactor: Redactor) -> CallDetail:
    """The entry after one more step. Raises ``ValueError`` for a step of a call that never began."""
    if isinstance(step, CallStart):
        return _begun(number, step, redactor)
    if entry is None:
        raise ValueError(f"call {number} has not begun, or ended before")
    match step:
        case CallDecision():
            row = replace(entry.row, decision=step.decision, decided_by=step.decided_by, waited_ms=step.waited_ms)
            return replace(entry, row=row, reason=_text(step.reason, redactor), rule=step.rule)
        case CallEnd():
            row = replace(
                entry.row, outcome=step.outcome, duration_ms=step.duration_ms, response_bytes=step.response_bytes
            )
            return replace(entry, row=row, result=_body(step.result, redactor), undo=step.undo)
    assert_never(step)


def _begun(number: int, start: CallStart, redactor: Redactor) -> CallDetail:
    row = CallRow(
        id=number,
        started_at=start.started_at,
        host=_text(start.host, redactor),
        server=_text(start.server, redactor),
        method=_text(start.method, redactor),
        tool=_text(start.tool, redactor),
        item=_text(start.item, redactor),
        decision=start.decision,
        decided_by=start.decided_by,
        outcome=Outcome.RUNNING,
        request_bytes=start.request_bytes,
    )
    return CallDetail(
        row=row,
        arguments=_body(start.arguments, redactor),
        reason=_text(start.reason, redactor),
        caller=_text(start.caller, redactor),
        rule=start.rule,
    )


def _text(text: str, redactor: Redactor) -> str:
    shown = redactor.label(text) if len(text) <= LABEL_CHARACTERS else redactor.beginning(text, _TEXT_CHARACTERS)
    # SQLite takes no lone surrogates, and a host may send some.
    return shown if shown.isascii() else shown.encode(errors="replace").decode()


def _body(raw: bytes, redactor: Redactor) -> str:
    return redactor.body(raw, BODY_CHARACTERS) if raw else ""
