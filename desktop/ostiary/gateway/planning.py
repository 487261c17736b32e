"""What a bundled server says a write would change or did change, and the proof that both are the same. Pure."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from ostiary.domain.plan import ChangePlan, FileState
from ostiary.gateway.lists import Tool
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.members import may_have

PLAN_KEY: Final = methods.OUR_PREFIX + "plan"
"""``_meta`` key under which a bundled server finds the hashes its plan was shown with."""


class _Structured(Struct):
    plan: ChangePlan


class _Written(Struct, rename="camel"):
    applied: bool = False
    change_id: str | None = None


class _ToolResult(Struct, rename="camel"):
    is_error: bool = False
    structured_content: Raw | UnsetType = UNSET


class _Schema(Struct):
    properties: dict[str, Raw] = {}


class _Definition(Struct, rename="camel"):
    input_schema: _Schema = msgspec.field(default_factory=_Schema)


def can_plan(tool: Tool) -> bool:
    """True when the tool knows ``dryRun``: one that ignored it would write."""
    try:
        return "dryRun" in msgspec.json.decode(tool.definition, type=_Definition).input_schema.properties
    except msgspec.MsgspecError:
        return False


def read_plan(result: bytes | None) -> ChangePlan | None:
    """The plan in a dry run's result, or None where there is none."""
    found = _read(result)
    if found is None or found.is_error or found.structured_content is UNSET:
        return None
    try:
        return msgspec.json.decode(found.structured_content, type=_Structured).plan
    except msgspec.MsgspecError:
        return None


def change_made(result: bytes | None) -> str:
    """The number under which the server can undo what a write's result tells; empty where it cannot."""
    found = _read(result)
    if found is None or found.is_error or found.structured_content is UNSET:
        return ""
    try:
        written = msgspec.json.decode(found.structured_content, type=_Written)
    except msgspec.MsgspecError:
        return ""
    return (written.applied and written.change_id) or ""


def says_error(result: bytes | None) -> bool:
    """True when a tool's result says itself that it failed.

    Most that say it at all say *no*, as the last member: the comma before it ends another one, so this is no text.
    """
    if result is None or result.endswith(b',"isError":false}') or not may_have(result, b'"isError"'):
        return False
    found = _read(result)
    return found is not None and found.is_error


def proof(plan: ChangePlan) -> dict[str, Any]:
    """What the server holds its files against before it applies: None stands for a path that must not exist."""
    before = [
        {"realPath": item.real_path, "sha256": None if item.before is None else item.before.sha256}
        for item in plan.items
    ]
    return {"id": plan.id, "before": before}


def fingerprint(plan: ChangePlan | None) -> str:
    """The same for plans that make the same bytes of the same bytes; empty for none."""
    if plan is None:
        return ""
    changes = [(item.op, item.real_path, _sha256(item.before), _sha256(item.after)) for item in plan.items]
    return hashlib.sha256(repr(changes).encode()).hexdigest()


def _sha256(state: FileState | None) -> str | None:
    return None if state is None else state.sha256


def _read(result: bytes | None) -> _ToolResult | None:
    try:
        return None if result is None else msgspec.json.decode(result, type=_ToolResult)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
