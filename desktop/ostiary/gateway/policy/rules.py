"""Allow, ask or deny: what the gate makes of one call. Pure.

Every rule that speaks about a call gives a verdict with a reach, from the widest (what kind of call it is) to the
narrowest (what the person said about this identical call). The narrowest wins; among equals deny beats ask beats
allow. Two things stand above all of them: *block everything*, and a disabled tool.

Where questions are asked is ``approvals``; where rules live is ``grants``; what one covers is ``rule``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Final, assert_never

from ostiary.domain.approval import Decision, GateMode, Scope
from ostiary.domain.call import DecidedBy
from ostiary.domain.server import ToolState
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.pins import PinState
from ostiary.gateway.policy.rule import Rule, gap, in_words, is_about


class Recent(Enum):
    """What the person said about the identical call a short while ago."""

    NOTHING = auto()
    DENIED = auto()
    ALLOWED_LATE = auto()


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision, who made it, and why in words for the log. ``rule`` is the number of the one it rests on."""

    decision: Decision
    by: DecidedBy
    reason: str
    rule: int | None = None
    cause: DenialCause | None = None
    """Set when, and only when, the decision is deny."""


class _Reach(IntEnum):
    """How narrowly a rule speaks about a call. A higher one wins."""

    KIND = auto()
    SERVER = auto()
    SERVER_READS = auto()
    TOOL = auto()
    TOOL_FOR_HOST = auto()
    FOLDER = auto()
    DEFINITION = auto()
    PATHS = auto()
    SAME_ARGUMENTS = auto()
    EVERYTHING = auto()  # the person's mode overrules what was set before
    IDENTICAL_CALL = auto()


_REACHES: Final = {
    Scope.ARGUMENTS: _Reach.SAME_ARGUMENTS,
    Scope.FOLDER: _Reach.FOLDER,
    Scope.TOOL: _Reach.TOOL_FOR_HOST,
    Scope.SERVER_READS: _Reach.SERVER_READS,
    Scope.SERVER: _Reach.SERVER,
}
_SEVERITY: Final = {Decision.ALLOW: 0, Decision.ASK: 1, Decision.DENY: 2}
_WRITES: Final = Ruling(Decision.ASK, DecidedBy.DEFAULT, "It may write.")
_READS: Final = Ruling(Decision.ALLOW, DecidedBy.DEFAULT, "It only reads.")


def decide(call: Call, mode: GateMode, live: Iterable[Rule], recent: Recent) -> Ruling:
    """Allow, ask or deny. *Paused* turns what would ask into a denial; it takes nothing away that is allowed."""
    if mode is GateMode.BLOCK_ALL:
        return Ruling(Decision.DENY, DecidedBy.MODE, "Everything is blocked.", cause=DenialCause.BLOCKED)
    if call.tool_state is ToolState.DISABLED:
        return Ruling(Decision.DENY, DecidedBy.RULE, "The tool is disabled.", cause=DenialCause.DISABLED)
    verdicts = _verdicts(call, mode, live, recent)
    _, ruling = verdicts[0] if len(verdicts) == 1 else max(verdicts, key=_weight)
    if ruling.decision is Decision.ASK and mode is GateMode.PAUSED:
        return Ruling(Decision.DENY, DecidedBy.MODE, "Prompts are paused.", cause=DenialCause.PAUSED)
    return ruling


def _weight(verdict: tuple[_Reach, Ruling]) -> tuple[_Reach, int]:
    reach, ruling = verdict
    return reach, _SEVERITY[ruling.decision]


def _verdicts(call: Call, mode: GateMode, live: Iterable[Rule], recent: Recent) -> list[tuple[_Reach, Ruling]]:
    found = [(_Reach.KIND, _by_kind(call))]
    if call.tool_state is ToolState.ASKS:
        found.append((_Reach.TOOL, Ruling(Decision.ASK, DecidedBy.RULE, "The tool is set to ask.")))
    for rule in live:
        if is_about(rule, call) and not gap(rule, call):
            found.append((_REACHES[rule.scope], _by_rule(rule)))
    if call.definition_changed:
        found.append((_Reach.DEFINITION, Ruling(Decision.ASK, DecidedBy.DEFAULT, _pin_reason(call.pin))))
    if call.sensitive:
        found.append((_Reach.PATHS, Ruling(Decision.ASK, DecidedBy.DEFAULT, "The file may hold secrets.")))
    if mode is GateMode.ASK_ALL:
        found.append((_Reach.EVERYTHING, Ruling(Decision.ASK, DecidedBy.MODE, "Everything is asked for.")))
    if (said := _by_recent_answer(recent)) is not None:
        found.append((_Reach.IDENTICAL_CALL, said))
    return found


def _by_kind(call: Call) -> Ruling:
    return _WRITES if call.is_write else _READS


def _by_rule(rule: Rule) -> Ruling:
    cause = DenialCause.RULE if rule.decision is Decision.DENY else None
    return Ruling(rule.decision, DecidedBy.RULE, in_words(rule), rule=rule.id, cause=cause)


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
