"""What a client asks the person before a write, and what their answer means. Pure.

The words are those of the gateway, which asks in the same way where it has no window (``--writes elicit``).
"""

from collections.abc import Iterator
from enum import Enum, auto

import mcp_types as types

from ostiary_servers.common.plan import ChangePlan, PlanItem
from ostiary_servers.common.visible import revealed

SHOWN_LINES = 20
"""Of the diff, and of the paths and the warnings each."""

SHOWN_CHARACTERS = 300
"""Of one line."""

_ALLOW = "allow"
_SCHEMA: types.ElicitRequestedSchema = {
    "type": "object",
    "properties": {_ALLOW: {"type": "boolean", "title": "Allow this change", "default": False}},
    "required": [_ALLOW],
}


class Verdict(Enum):
    """What was said to a write."""

    ALLOWED = auto()
    DECLINED = auto()
    UNANSWERED = auto()


def question(plan: ChangePlan) -> types.ElicitRequestFormParams:
    """The form that shows this plan: its title, how much changes where, the warnings, and how the diff begins."""
    return types.ElicitRequestFormParams(message="\n".join(_message(plan)), requested_schema=_SCHEMA)


def can_be_asked(capabilities: types.ClientCapabilities | None) -> bool:
    """Whether the client shows forms. One that names no mode does (MCP 2026-07-28, client/elicitation#capabilities)."""
    asks = capabilities.elicitation if capabilities else None
    return asks is not None and (asks.form is not None or asks.url is None)


def verdict(reply: object) -> Verdict:
    """Only a form that was sent with its one box ticked allows; what is no reply at all is none."""
    match reply:
        case types.ElicitResult(action="accept", content={"allow": True}):
            return Verdict.ALLOWED
        case types.ElicitResult(action="accept" | "decline"):
            return Verdict.DECLINED
        case _:
            return Verdict.UNANSWERED


def _message(plan: ChangePlan) -> Iterator[str]:
    added, removed = sum(item.added for item in plan.items), sum(item.removed for item in plan.items)
    yield revealed(plan.title)
    yield f"{_counted(plan.items)}, +{added} −{removed}"
    yield from _beginning([f"{item.op.value} {item.real_path}" for item in plan.items])
    yield from _beginning([f"Warning: {warning}" for item in plan.items for warning in item.warnings])
    yield from _beginning([line for item in plan.items for line in item.diff.removesuffix("\n").split("\n") if line])


def _counted(items: list[PlanItem]) -> str:
    return "1 path" if len(items) == 1 else f"{len(items)} paths"


def _beginning(lines: list[str]) -> Iterator[str]:
    yield from (_shortened(revealed(line)) for line in lines[:SHOWN_LINES])
    if len(lines) > SHOWN_LINES:
        yield f"… {len(lines) - SHOWN_LINES} more lines"


def _shortened(line: str) -> str:
    left_out = len(line) - SHOWN_CHARACTERS
    return line if left_out <= 0 else f"{line[:SHOWN_CHARACTERS]}… {left_out} more characters"
