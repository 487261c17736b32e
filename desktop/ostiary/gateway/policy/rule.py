"""A rule that an answer left behind or the person wrote, and whether it speaks about a call. Pure.

A rule that allows is bound to what the person saw: the host's program, the server's command, the tool's definition.
Where one of them is another now, the rule is suspended. A rule that asks or denies needs no such proof.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import assert_never

from msgspec import Struct

from ostiary.domain.approval import Decision, Duration, Grant, Scope
from ostiary.gateway.policy.call import TOOLS_CALL, Call

LASTS_S = {Duration.FIVE_MINUTES: 300.0, Duration.HOUR: 3600.0}
OF_ONE_TOOL = (Scope.ARGUMENTS, Scope.FOLDER, Scope.TOOL)

_FOR_HOW_LONG = {
    Duration.ONCE: "for this one call",
    Duration.FIVE_MINUTES: "for 5 minutes",
    Duration.HOUR: "for one hour",
    Duration.UNTIL_DISCONNECT: "until the host disconnects",
    Duration.UNTIL_QUIT: "until Ostiary quits",
    Duration.ALWAYS: "until you end it",
}


class Rule(Struct, frozen=True, kw_only=True):
    """One rule, as it is kept. Times are Unix seconds.

    ``host`` is empty for every verified host. ``session`` binds it to one connection: for *until the host
    disconnects*, and for whatever was allowed to an unverified host, whose name any program could claim.
    ``arguments`` is their hash, for the scope of that name.
    """

    id: int
    decision: Decision = Decision.ALLOW
    scope: Scope
    duration: Duration
    host: str
    host_identity: str = ""
    session: int | None = None
    server: str
    server_identity: str = ""
    tool: str = ""
    definition: str = ""
    arguments: str = ""
    folder: str = ""
    given_at: float
    ends_at: float | None = None


def rule_for(call: Call, number: int, scope: Scope, duration: Duration, now: float, folder: str = "") -> Rule:
    """What an answer of this reach to ``call`` leaves behind."""
    of_one_tool = scope in OF_ONE_TOOL
    lasts_s = LASTS_S.get(duration)
    return Rule(
        id=number,
        scope=scope,
        duration=duration,
        host=call.host,
        host_identity=call.host_identity,
        session=call.session if duration is Duration.UNTIL_DISCONNECT else call.session_bound,
        server=call.server,
        server_identity=call.server_identity,
        tool=call.tool if of_one_tool else "",
        definition=call.definition if of_one_tool else "",
        arguments=call.arguments_hash if scope is Scope.ARGUMENTS else "",
        folder=folder if scope is Scope.FOLDER else "",
        given_at=now,
        ends_at=None if lasts_s is None else now + lasts_s,
    )


def is_about(rule: Rule, call: Call) -> bool:
    """Whether the rule speaks about this call, by its names, arguments and paths."""
    if rule.server != call.server or rule.host not in ("", call.host) or call.method != TOOLS_CALL:
        return False
    if rule.session not in (None, call.session):
        return False
    return rule.tool in ("", call.tool) and _reaches(rule, call)


def gap(rule: Rule, call: Call) -> str:
    """Why a rule that speaks about the call does not count for it, in words; empty where it counts."""
    if rule.decision is not Decision.ALLOW:
        return ""
    if rule.session is None and not call.host_verified:
        return "The host could not be verified."
    return suspended_by(rule, call)


def suspended_by(rule: Rule, call: Call) -> str:
    """What is another now than when the rule was given, in words; empty where nothing is."""
    if rule.decision is not Decision.ALLOW:
        return ""
    if rule.host_identity not in ("", call.host_identity):
        return "The host's program is another now."
    if rule.server_identity not in ("", call.server_identity):
        return "The server is started by another command now."
    if rule.definition not in ("", call.definition):
        return "The tool's definition changed."
    return ""


def same(one: Rule, other: Rule) -> bool:
    """True when one rule would take the other's place: it differs in how long it holds at most."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in Rule.__struct_fields__
        if name not in ("id", "duration", "given_at", "ends_at")
    )


def in_words(rule: Rule) -> str:
    """The rule as the log names it: "Rule 12 allows edit_file in the folder /home/me, for one hour." """
    what, how_long = _what(rule), _FOR_HOW_LONG[rule.duration]
    match rule.decision:
        case Decision.ALLOW:
            return f"Rule {rule.id} allows {what}, {how_long}."
        case Decision.ASK:
            return f"Rule {rule.id} asks about {what}, {how_long}."
        case Decision.DENY:
            return f"Rule {rule.id} denies {what}, {how_long}."
    assert_never(rule.decision)


def shown(rule: Rule, used_at: float | None, uses: int, suspended: str) -> Grant:
    """The rule as fronts see it."""
    return Grant(
        id=rule.id,
        host=rule.host,
        server=rule.server,
        tool=rule.tool,
        scope=rule.scope,
        duration=rule.duration,
        granted_at=rule.given_at,
        decision=rule.decision,
        folder=rule.folder,
        ends_at=rule.ends_at,
        used_at=used_at,
        uses=uses,
        suspended=suspended,
    )


def _reaches(rule: Rule, call: Call) -> bool:
    match rule.scope:
        case Scope.CALL:
            return False
        case Scope.ARGUMENTS:
            return rule.arguments == call.arguments_hash
        case Scope.FOLDER:
            return bool(call.paths) and all(PurePath(path).is_relative_to(rule.folder) for path in call.paths or ())
        case Scope.SERVER_READS:
            return call.hints.read_only
        case Scope.TOOL | Scope.SERVER:
            return True
    assert_never(rule.scope)


def _what(rule: Rule) -> str:
    match rule.scope:
        case Scope.CALL | Scope.ARGUMENTS:
            return f"{rule.tool} with the same arguments"
        case Scope.FOLDER:
            return f"{rule.tool} in the folder {rule.folder}"
        case Scope.TOOL:
            return rule.tool
        case Scope.SERVER_READS:
            return f"what {rule.server} only reads"
        case Scope.SERVER:
            return f"every tool of {rule.server}"
    assert_never(rule.scope)
