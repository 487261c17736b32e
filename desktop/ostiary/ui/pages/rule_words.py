"""What the page Rules says. Pure: rules come in, plain text goes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from ostiary.domain.approval import Decision, EndedGrant, Grant, Scope
from ostiary.ui.approval.wording import tilde
from ostiary.ui.figures import duration, number
from ostiary.ui.language import said, tr, tr_n
from ostiary.ui.visible import reveal_line
from ostiary.ui.words import DURATIONS

LIVE: Final = tr("What passes without asking, and what is denied")
NO_RULES: Final = tr("No rules")
NO_RULES_TEACH: Final = tr(
    "When a host asks you, “Allow for…” leaves a rule here: how far it reaches, how long it still holds, and the way "
    "to take it back."
)
CHANGED: Final = tr("Tools that are not what you accepted")
COMPARE: Final = tr("Compare…")
ACCEPT: Final = tr("Accept")
KEEP_ASKING: Final = tr("Keep asking")
SWITCH_OFF: Final = tr("Disable")
ENDED: Final = tr("Ended")
REVOKE: Final = tr("Revoke")
REVOKE_ALL: Final = tr("Revoke all")
EVERY_HOST: Final = tr("Every host")

_TITLES: Final = {
    Decision.ALLOW: tr("{host} may use {what}"),
    Decision.ASK: tr("{host} asks for {what}"),
    Decision.DENY: tr("{host} may not use {what}"),
}

Titles = Mapping[str, str]
"""What hosts and servers are called, by their names."""


def title(rule: Grant, hosts: Titles, servers: Titles) -> str:
    """ "Cursor may use edit_file in ~/Projects"."""
    if not rule.host and rule.decision is Decision.DENY:
        return tr("No host may use {what}").format(what=what(rule, servers))
    who = reveal_line(hosts.get(rule.host, rule.host)) if rule.host else EVERY_HOST
    return _TITLES[rule.decision].format(host=who, what=what(rule, servers))


def what(rule: Grant, servers: Titles) -> str:
    """What the rule reaches."""
    server = reveal_line(servers.get(rule.server, rule.server))
    tool = reveal_line(rule.tool)
    match rule.scope:
        case Scope.CALL | Scope.ARGUMENTS:
            return tr("{tool} with the same arguments").format(tool=tool)
        case Scope.FOLDER:
            return tr("{tool} in {folder}").format(tool=tool, folder=reveal_line(tilde(rule.folder)))
        case Scope.TOOL:
            return tr("{tool} of {server}").format(tool=tool, server=server)
        case Scope.SERVER_READS:
            return tr("what {server} says only reads").format(server=server)
        case Scope.SERVER:
            return tr("every tool of {server}").format(server=server)


def facts(rule: Grant, now: float) -> str:
    """Its number, how long it still holds, and its use."""
    return " · ".join((tr("Rule {n}").format(n=rule.id), time_left(rule, now), _use(rule, now)))


def _use(rule: Grant, now: float) -> str:
    if not rule.uses:
        return tr("not used yet")
    if not rule.used_at:
        return _used(rule)
    told = tr_n("used {n} time, last {time} ago", "used {n} times, last {time} ago", rule.uses)
    return told.format(n=number(rule.uses), time=duration(now - rule.used_at))


def _used(rule: Grant) -> str:
    return tr_n("used {n} time", "used {n} times", rule.uses).format(n=number(rule.uses))


def time_left(rule: Grant, now: float) -> str:
    """ "43 min left", or until when it holds."""
    if rule.ends_at is None:
        return DURATIONS[rule.duration]
    return tr("{time} left").format(time=duration(max(0, math.ceil(rule.ends_at - now))))


def suspended(rule: Grant) -> str:
    """Why it does not count at present; empty while it does."""
    if not rule.suspended:
        return ""
    return tr("Suspended. {why} It counts again when that is as it was.").format(why=said(rule.suspended))


def ended(end: EndedGrant, hosts: Titles, servers: Titles, now: float) -> str:
    """An ended rule in one line."""
    used = _used(end.grant) if end.grant.uses else tr("never used")
    ago = tr("{time} ago").format(time=duration(now - end.ended_at))
    return " · ".join((title(end.grant, hosts, servers), said(end.reason).rstrip("."), ago, used))


def revoke(title: str) -> str:
    return tr("Revoke: {rule}").format(rule=title)


def about(word: str, tool: str) -> str:
    """What a screen reader says of a button about one of several tools."""
    return tr("{word}: {tool}").format(word=word, tool=tool)


def changed_tool(server: str, own_name: str) -> str:
    return tr("{tool} of {server}").format(tool=reveal_line(own_name), server=reveal_line(server))
