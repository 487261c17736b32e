"""A rule that the person writes by hand: checked, and bound to what the server and its tool are now."""

from __future__ import annotations

import os
from pathlib import Path

from ostiary.control.messages import AddRule
from ostiary.domain.approval import Decision, Duration, Scope
from ostiary.domain.errors import UsageError
from ostiary.gateway.policy.offers import is_tame
from ostiary.gateway.policy.rule import LASTS_S, OF_ONE_TOOL, Rule
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.servers import Servers

_SCOPES = (Scope.FOLDER, Scope.TOOL, Scope.SERVER_READS, Scope.SERVER)
_DURATIONS = (Duration.FIVE_MINUTES, Duration.HOUR, Duration.UNTIL_QUIT, Duration.ALWAYS)


def written(wanted: AddRule, servers: Servers, pins: PinStore, *, risky_always: bool, now: float) -> Rule:
    """The rule, without a number yet. Raises ``UsageError`` for one that would say nothing, or too much."""
    if wanted.scope not in _SCOPES or wanted.duration not in _DURATIONS:
        raise UsageError("That is no rule", f"{wanted.scope} {wanted.duration} can be an answer only.")
    if (wanted.scope in OF_ONE_TOOL) is not bool(wanted.tool):
        raise UsageError("That is no rule", f"Name a tool for {Scope.TOOL} and {Scope.FOLDER}, and for nothing else.")
    if wanted.decision is Decision.ALLOW and wanted.duration is Duration.ALWAYS and not risky_always:
        _check_tame(wanted, servers)
    accepted = pins.accepted(wanted.server, wanted.tool)
    return Rule(
        id=0,
        decision=wanted.decision,
        scope=wanted.scope,
        duration=wanted.duration,
        host=wanted.host,
        server=wanted.server,
        server_identity=servers.identity(wanted.server),
        tool=wanted.tool,
        definition="" if accepted is None else accepted.fingerprint,
        folder=_folder(wanted),
        given_at=now,
        ends_at=now + LASTS_S[wanted.duration] if wanted.duration in LASTS_S else None,
    )


def _check_tame(wanted: AddRule, servers: Servers) -> None:
    spec = servers.known(wanted.server)
    tool = next((tool for tool in servers.view(wanted.server).tools if tool.own_name == wanted.tool), None)
    if tool is None or not is_tame(tool.hints, spec.origin, trusted=spec.trusted):
        raise UsageError(
            "This cannot be allowed for always",
            "It may destroy, or reach beyond this computer. Choose a shorter time, or permit it in the settings.",
        )


def _folder(wanted: AddRule) -> str:
    if wanted.scope is not Scope.FOLDER:
        return ""
    if not Path(wanted.folder).is_absolute():
        raise UsageError("That is no folder", "Give its whole path.")
    return os.path.realpath(wanted.folder)
