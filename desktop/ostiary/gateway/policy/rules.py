"""Allow, ask or deny: what the gate makes of one call. Pure.

Every rule that speaks about a call gives a verdict with a reach, from the widest (what kind of call it is) to the
narrowest (what the person said about this identical call). The narrowest wins; among equals deny beats ask beats
allow. Two things stand above all of them: *block everything*, and a disabled tool.

Where questions are asked is ``approvals``; where grants live is ``grants``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import assert_never

from ostiary.domain.approval import Decision, GateMode
from ostiary.domain.call import DecidedBy
from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.pins import PinState

TOOLS_CALL = "tools/call"
_NO_HINTS = ToolHints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """All that a decision depends on.

    ``session`` is the host's connection. ``server_identity`` is a hash of the server's command, ``definition`` of the
    tool's definition. ``arguments`` is the JSON of the request's parameters as they will be sent. ``tool`` is the
    server's own name for it; for other methods than ``tools/call`` it is empty and ``arguments`` covers the URI or the
    prompt.
    """

    host: str
    host_verified: bool
    session: int
    server: str
    server_identity: str
    origin: ServerOrigin
    trusted: bool = False
    method: str = TOOLS_CALL
    tool: str = ""
    hints: ToolHints = _NO_HINTS
    tool_state: ToolState = ToolState.ENABLED
    pin: PinState = PinState.SAME
    definition: str = ""
    arguments: bytes = b""
    sensitive: bool = False
    """True when one of the paths it names is likely to hold secrets (``sensitive.is_sensitive``)."""

    @property
    def is_write(self) -> bool:
        """A tool is a write unless it says otherwise and its server is believed (MCP: hints are untrusted)."""
        believed = self.trusted or self.origin is ServerOrigin.BUNDLED
        return self.method == TOOLS_CALL and not (believed and self.hints.read_only)

    @property
    def definition_changed(self) -> bool:
        """True while the person has not seen this definition of the tool."""
        return self.pin in (PinState.BEHAVIOURAL, PinState.NEW)

    @property
    def key(self) -> str:
        """The same for identical calls of one caller, and for nothing else. Costly where the arguments are long."""
        parts = (
            self.host,
            str(_session_bound(self)),
            self.server,
            self.server_identity,
            self.method,
            self.tool,
            self.definition,
            hashlib.sha256(self.arguments).hexdigest(),
        )
        return hashlib.sha256(ascii(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a live grant covers: one tool, as it was defined then, of one server, as it was started then, for one host.

    ``session`` binds a grant that was given to an *unverified* host to that one connection. A lasting rule for a name
    that any program can claim would be a rule for every program; but the process behind an open connection cannot
    change, so the person who saw "unverified" and still said *until quit* gets it for as long as it stays connected.
    """

    grant: int
    host: str
    session: int | None
    server: str
    server_identity: str
    tool: str
    definition: str


class Recent(Enum):
    """What the person said about the identical call a short while ago."""

    NOTHING = auto()
    DENIED = auto()
    ALLOWED_LATE = auto()


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision, who made it, and why in words for the log. ``grant`` is the one it rests on."""

    decision: Decision
    by: DecidedBy
    reason: str
    grant: int | None = None
    cause: DenialCause | None = None
    """Set when, and only when, the decision is deny."""


class _Reach(IntEnum):
    """How narrowly a rule speaks about a call. A higher one wins."""

    KIND = auto()
    TOOL = auto()
    TOOL_FOR_HOST = auto()
    DEFINITION = auto()
    ARGUMENTS = auto()
    EVERYTHING = auto()  # the person's mode overrules what was set before
    IDENTICAL_CALL = auto()


_SEVERITY = {Decision.ALLOW: 0, Decision.ASK: 1, Decision.DENY: 2}


def permission_for(call: Call, grant: int) -> Permission:
    """What a grant covers that is given in answer to ``call``."""
    return Permission(
        grant=grant,
        host=call.host,
        session=_session_bound(call),
        server=call.server,
        server_identity=call.server_identity,
        tool=call.tool,
        definition=call.definition,
    )


def covers(permission: Permission, call: Call) -> bool:
    """True when the grant was given to exactly this caller, server and definition of the tool."""
    return call.method == TOOLS_CALL and permission_for(call, permission.grant) == permission


def decide(call: Call, mode: GateMode, permissions: Iterable[Permission], recent: Recent) -> Ruling:
    """Allow, ask or deny. *Paused* turns what would ask into a denial; it takes nothing away that is allowed."""
    if mode is GateMode.BLOCK_ALL:
        return Ruling(Decision.DENY, DecidedBy.MODE, "Everything is blocked.", cause=DenialCause.BLOCKED)
    if call.tool_state is ToolState.DISABLED:
        return Ruling(Decision.DENY, DecidedBy.RULE, "The tool is disabled.", cause=DenialCause.DISABLED)
    _, ruling = max(
        _verdicts(call, mode, permissions, recent), key=lambda found: (found[0], _SEVERITY[found[1].decision])
    )
    if ruling.decision is Decision.ASK and mode is GateMode.PAUSED:
        return Ruling(Decision.DENY, DecidedBy.MODE, "Prompts are paused.", cause=DenialCause.PAUSED)
    return ruling


def _verdicts(
    call: Call, mode: GateMode, permissions: Iterable[Permission], recent: Recent
) -> list[tuple[_Reach, Ruling]]:
    found = [(_Reach.KIND, _by_kind(call))]
    if call.tool_state is ToolState.ASKS:
        found.append((_Reach.TOOL, Ruling(Decision.ASK, DecidedBy.RULE, "The tool is set to ask.")))
    for permission in permissions:
        if covers(permission, call):
            found.append((_Reach.TOOL_FOR_HOST, _by_grant(permission)))
    if call.definition_changed:
        found.append((_Reach.DEFINITION, Ruling(Decision.ASK, DecidedBy.DEFAULT, _pin_reason(call.pin))))
    if call.sensitive:
        found.append((_Reach.ARGUMENTS, Ruling(Decision.ASK, DecidedBy.DEFAULT, "The file may hold secrets.")))
    if mode is GateMode.ASK_ALL:
        found.append((_Reach.EVERYTHING, Ruling(Decision.ASK, DecidedBy.MODE, "Everything is asked for.")))
    if (said := _by_recent_answer(recent)) is not None:
        found.append((_Reach.IDENTICAL_CALL, said))
    return found


def _by_kind(call: Call) -> Ruling:
    if call.is_write:
        return Ruling(Decision.ASK, DecidedBy.DEFAULT, "It may write.")
    return Ruling(Decision.ALLOW, DecidedBy.DEFAULT, "It only reads.")


def _by_grant(permission: Permission) -> Ruling:
    return Ruling(Decision.ALLOW, DecidedBy.RULE, "Allowed until Ostiary quits.", grant=permission.grant)


def _by_recent_answer(recent: Recent) -> Ruling | None:
    match recent:
        case Recent.NOTHING:
            return None
        case Recent.DENIED:
            reason = "The person denied the identical call within the last minute."
            return Ruling(Decision.DENY, DecidedBy.PERSON, reason, cause=DenialCause.REPEATED)
        case Recent.ALLOWED_LATE:
            return Ruling(Decision.ALLOW, DecidedBy.PERSON, "The person allowed the identical call after its deadline.")
    assert_never(recent)


def _pin_reason(pin: PinState) -> str:
    return "The tool is new on its server." if pin is PinState.NEW else "The tool's definition changed."


def _session_bound(call: Call) -> int | None:
    return None if call.host_verified else call.session
