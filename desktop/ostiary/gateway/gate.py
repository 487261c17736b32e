"""The gate: whether one call may pass, and asking the person where it must be asked.

Joins the rules, the open questions, the live grants, the pins and the mode. The call itself travels in ``passage``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from ostiary.domain.approval import Decision, GateMode, Question, QuestionEnd, Scope
from ostiary.domain.call import DecidedBy
from ostiary.domain.errors import UsageError
from ostiary.domain.house_rules import Writes
from ostiary.domain.server import ToolState
from ostiary.gateway.policy import rules
from ostiary.gateway.policy.approvals import Answer, Approvals
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.denial import DenialCause, decided_by
from ostiary.gateway.policy.grants import Grants
from ostiary.gateway.policy.host_deadline import UNKNOWN, HostDeadline
from ostiary.gateway.policy.modes import is_laxer
from ostiary.gateway.policy.pins import Definition
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.policy.verdict import Verdict

HOST_PATIENCE_S: Final = UNKNOWN.last_s

PLANS_REMEMBERED: Final = 200
"""Fingerprints of plans that were shown, for answers that come after the deadline."""

SEVERAL_PLANS: Final = "several"
"""Instead of a fingerprint, and like none."""

DENIED_REMEMBERED: Final = 500
"""Denied calls of which the identical next one may be allowed from the log."""

SCREEN_LOCKED: Final = "The screen was locked, so nobody could be asked."
"""Whatever holds for writes while no front is there: who locks the screen has not said that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question about a call. ``plan`` is the fingerprint of what is shown, empty without one."""

    call: Call
    question: Question
    definition: Definition | None
    plan: str
    session: int
    number: Hashable
    deadline: HostDeadline = UNKNOWN


class Gate:
    """Decides about calls. Everything belongs to the loop's thread; ``clock`` gives Unix seconds."""

    def __init__(
        self,
        approvals: Approvals,
        grants: Grants,
        pins: PinStore,
        writes: Writes,
        clock: Callable[[], float],
        on_mode: Callable[[], None],
    ) -> None:
        self.approvals = approvals
        self.grants = grants
        self.writes = writes
        self.mode = GateMode.NORMAL
        self.mode_until: float | None = None
        self.can_ask = False
        """True while a front is attached that shows questions to the person."""
        self._pins = pins
        self._clock = clock
        self._on_mode = on_mode
        self._mode_timer: asyncio.TimerHandle | None = None
        self._waiting: dict[tuple[int, Hashable], Call] = {}
        self._shown_plans: dict[str, str] = {}
        self._denied: dict[int, str] = {}

    def set_mode(self, mode: GateMode, minutes: float | None = None) -> None:
        """Set what holds for all calls. With ``minutes`` (1 … 1440) it goes back to normal by itself."""
        if minutes is not None and not 1 <= minutes <= 1440:
            raise UsageError("That is no length for a pause", "Give 1 to 1440 minutes.")
        if self._mode_timer is not None:
            self._mode_timer.cancel()
            self._mode_timer = None
        self.mode = mode
        self.mode_until = None
        if minutes is not None and mode is not GateMode.NORMAL:
            self.mode_until = self._clock() + minutes * 60
            self._mode_timer = asyncio.get_running_loop().call_later(minutes * 60, self.set_mode, GateMode.NORMAL)
        if mode in (GateMode.BLOCK_ALL, GateMode.PAUSED):
            self.approvals.withdraw_all()
        self._on_mode()

    def would_loosen(self, mode: GateMode, minutes: float | None = None) -> bool:
        """Whether setting this would let more pass than now, at once or when it ends by itself."""
        until = None if minutes is None else self._clock() + minutes * 60
        return is_laxer(mode, until, self.mode, self.mode_until)

    def close(self) -> None:
        """Stop asking: open questions end as withdrawn, which denies."""
        self.can_ask = False
        if self._mode_timer is not None:
            self._mode_timer.cancel()
        self.approvals.withdraw_all()

    def ruling(self, call: Call) -> rules.Ruling:
        """What the rules say, before anybody is asked."""
        recent = self.approvals.recent(call.key) if self.approvals.remembers else rules.Recent.NOTHING
        live = self.grants.rules()
        if live:
            self.grants.look_at(call)
        return rules.decide(call, self.mode, live, recent)

    def settle(self, call: Call, ruling: rules.Ruling) -> Verdict | None:
        """The verdict where nobody has to be asked, or nobody can be; None where a person is to be asked."""
        match ruling.decision:
            case Decision.ALLOW:
                self._use(call, ruling)
                return _verdict(ruling)
            case Decision.DENY:
                self._use(call, ruling)
                return _verdict(ruling)
            case Decision.ASK if self.approvals.locked:
                return Verdict(DecidedBy.NOBODY, SCREEN_LOCKED, DenialCause.LOCKED)
            case Decision.ASK if not self.can_ask and not self.elicits(call):
                return self._unasked(call)
            case Decision.ASK:
                return None

    def elicits(self, call: Call) -> bool:
        """Whether the call's host has to ask, because no front can."""
        return not self.can_ask and self.writes is Writes.ELICIT and self._is_plain_write(call)

    def remember_denied(self, row: int, call: Call) -> None:
        """A call was denied; ``row`` is its number in the log."""
        self._denied[row] = call.key
        _drop_oldest(self._denied, DENIED_REMEMBERED)

    def allow_next(self, row: int) -> None:
        """Let the call identical to that denied one pass, once and soon. What its plan changes must be the same."""
        key = self._denied.get(row)
        if key is None:
            raise UsageError("This call is too long ago", "Only what was denied since Ostiary started can be allowed.")
        self.approvals.allow_next(key)

    def was_shown(self, call: Call, plan: str) -> bool:
        """Whether this is the only plan that the person saw for the identical call; ``plan`` is its fingerprint."""
        return self._shown_plans.get(call.key) == plan

    def may_still(self, call: Call) -> Verdict | None:
        """A denial that came up while the person was asked: the tool was disabled, or everything blocked."""
        ruling = self.ruling(call)
        if ruling.cause in (DenialCause.BLOCKED, DenialCause.DISABLED, DenialCause.RULE):
            return _verdict(ruling)
        return None

    async def ask(self, asked: Asking) -> Verdict:
        """Put the question to the person. Cancelling withdraws it."""
        asked_at = self._clock()
        self._waiting[asked.session, asked.number] = asked.call
        try:
            answer = await self.approvals.ask(
                asked.question,
                key=asked.call.key,
                session=asked.session,
                call=asked.number,
                last_deadline=asked_at + asked.deadline.last_s,
                within_s=asked.deadline.answer_within_s,
                opened=lambda: self._remember_plan(asked),
            )
        finally:
            del self._waiting[asked.session, asked.number]
        waited_s = self._clock() - asked_at
        if answer.end is QuestionEnd.ALLOWED:
            rule = self._keep(asked, answer)
            return Verdict(DecidedBy.PERSON, _words(answer), None, answer.end, waited_s, rule)
        ruling = self.ruling(asked.call)
        if answer.end is QuestionEnd.WITHDRAWN and _lets_pass(ruling) and self.can_ask:
            self._use(asked.call, ruling)
            return replace(_verdict(ruling), end=answer.end, waited_s=waited_s)
        cause = answer.cause or DenialCause.WITHDRAWN
        return Verdict(decided_by(cause), _words(answer), cause, answer.end, waited_s)

    def _keep(self, asked: Asking, answer: Answer) -> int:
        """What an allowed answer leaves behind, for the other open questions too. Gives the rule's number, or 0."""
        rule = 0
        if answer.scope is not Scope.CALL:
            rule = self.grants.give(asked.call, answer.scope, answer.duration, answer.folder).id
            self.let_pass_what_may()
        if asked.call.definition_changed and asked.definition is not None:
            self._pins.accept(asked.call.server, asked.definition)
        return rule

    def let_pass_what_may(self) -> None:
        """A rule was given: what waits and is covered by it need not be answered any more."""
        for (session, number), call in tuple(self._waiting.items()):
            if _lets_pass(self.ruling(call)):
                self.approvals.withdraw(session, number)

    def _remember_plan(self, asked: Asking) -> None:
        """Where the same call was shown with different plans, nobody can tell which of them a later *yes* meant."""
        if asked.plan:
            known = self._shown_plans.pop(asked.call.key, asked.plan)
            self._shown_plans[asked.call.key] = asked.plan if known == asked.plan else SEVERAL_PLANS
        _drop_oldest(self._shown_plans, PLANS_REMEMBERED)

    def _use(self, call: Call, ruling: rules.Ruling) -> None:
        if ruling.rule is not None:
            self.grants.use(ruling.rule)
        elif ruling.by is DecidedBy.PERSON and ruling.decision is Decision.ALLOW:
            self.approvals.use_late_answer(call.key)

    def _unasked(self, call: Call) -> Verdict:
        if self.writes is Writes.ALLOW and self._is_plain_write(call):
            return Verdict(DecidedBy.HEADLESS, "Nobody could be asked, and writes are allowed then.")
        return Verdict(DecidedBy.HEADLESS, "Nobody can be asked.", DenialCause.HEADLESS)

    def _is_plain_write(self, call: Call) -> bool:
        """What ``--writes`` speaks about; what asks for another reason stays closed while no front is there."""
        plain = call.is_write and not call.sensitive and not call.definition_changed
        return plain and self.mode is GateMode.NORMAL and call.tool_state is not ToolState.ASKS


def _drop_oldest(kept: dict[Any, str], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]


def _verdict(ruling: rules.Ruling) -> Verdict:
    return Verdict(ruling.by, ruling.reason, ruling.cause, rule=ruling.rule or 0)


def _lets_pass(ruling: rules.Ruling) -> bool:
    """Whether a rule lets the call pass that was asked about."""
    return ruling.rule is not None and ruling.decision is Decision.ALLOW


def _words(answer: Answer) -> str:
    match answer.end:
        case QuestionEnd.ALLOWED if answer.scope is not Scope.CALL:
            return "The person allowed this call, and more like it."
        case QuestionEnd.ALLOWED:
            return "The person allowed this call."
        case QuestionEnd.LOCKED:
            return SCREEN_LOCKED
        case QuestionEnd.TIMED_OUT:
            return "Nobody answered in time."
        case QuestionEnd.WITHDRAWN:
            return "The question was withdrawn."
        case QuestionEnd.DENIED if answer.cause is DenialCause.PERSON:
            return "The person denied this call."
        case QuestionEnd.DENIED:
            return "It was denied without asking."
