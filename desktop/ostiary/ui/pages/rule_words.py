"""What the page Rules says. Pure: rules come in, plain text goes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from ostiary.domain.approval import Decision, EndedGrant, Grant, Scope
from ostiary.ui.approval.visible import reveal_line
from ostiary.ui.approval.wording import tilde
from ostiary.ui.figures import count, duration
from ostiary.ui.words import DURATIONS

LIVE: Final = "What passes without asking, and what is denied"
NO_RULES: Final = "No rule yet"
NO_RULES_TEACH: Final = (
    "When a host asks you, “Allow for…” leaves a rule here: how far it reaches, how long it still holds, and the way "
    "to take it back."
)
CHANGED: Final = "Tools that are not what you accepted"
COMPARE: Final = "Compare…"
ACCEPT: Final = "Accept"
KEEP_ASKING: Final = "Keep asking"
SWITCH_OFF: Final = "Disable"
ENDED: Final = "Ended"
REVOKE: Final = "Revoke"
REVOKE_ALL: Final = "Revoke all"
EVERY_HOST: Final = "Every host"

_VERBS: Final = {Decision.ALLOW: "may use", Decision.ASK: "asks for", Decision.DENY: "may not use"}

Titles = Mapping[str, str]
"""What hosts and servers are called, by their names."""


def title(rule: Grant, hosts: Titles, servers: Titles) -> str:
    """ "Cursor may use edit_file in ~/Projects"."""
    if not rule.host and rule.decision is Decision.DENY:
        return f"No host may use {what(rule, servers)}"
    who = reveal_line(hosts.get(rule.host, rule.host)) if rule.host else EVERY_HOST
    return f"{who} {_VERBS[rule.decision]} {what(rule, servers)}"


def what(rule: Grant, servers: Titles) -> str:
    """What the rule reaches."""
    server = reveal_line(servers.get(rule.server, rule.server))
    tool = reveal_line(rule.tool)
    match rule.scope:
        case Scope.CALL | Scope.ARGUMENTS:
            return f"{tool} with the same arguments"
        case Scope.FOLDER:
            return f"{tool} in {reveal_line(tilde(rule.folder))}"
        case Scope.TOOL:
            return f"{tool} of {server}"
        case Scope.SERVER_READS:
            return f"what {server} says only reads"
        case Scope.SERVER:
            return f"every tool of {server}"


def facts(rule: Grant, now: float) -> str:
    """Its number, how long it still holds, and its use."""
    used = f"used {count(rule.uses, 'time')}" if rule.uses else "not used yet"
    last = f", last {duration(now - rule.used_at)} ago" if rule.used_at else ""
    return f"Rule {rule.id} · {time_left(rule, now)} · {used}{last}"


def time_left(rule: Grant, now: float) -> str:
    """ "43 min left", or until when it holds."""
    if rule.ends_at is None:
        return DURATIONS[rule.duration]
    return f"{duration(max(0, math.ceil(rule.ends_at - now)))} left"


def suspended(rule: Grant) -> str:
    """Why it does not count at present; empty while it does."""
    return f"▲ Suspended. {rule.suspended} It counts again when that is as it was." if rule.suspended else ""


def ended(end: EndedGrant, hosts: Titles, servers: Titles, now: float) -> str:
    """An ended rule in one line."""
    used = f"used {count(end.grant.uses, 'time')}" if end.grant.uses else "never used"
    ago = duration(now - end.ended_at)
    return f"{title(end.grant, hosts, servers)} · {end.reason.rstrip('.').lower()} {ago} ago · {used}"


def changed_tool(server: str, own_name: str) -> str:
    return f"{reveal_line(own_name)} of {reveal_line(server)}"
