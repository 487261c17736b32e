"""Open questions to the person. Each ends exactly once: answered, timed out, locked away or withdrawn.

Only an explicit *allow* allows. What is asked is made in ``preview``, whether to ask at all is ``rules``. Whoever
joins the parts asks only while a front is attached, withdraws all when it goes, and says when the screen is locked.
Everything here runs on the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from msgspec.structs import replace

from ostiary.domain.approval import Caller, Decision, Duration, Question, QuestionEnd, Scope
from ostiary.domain.errors import UsageError
from ostiary.domain.events import Notice, Severity
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.host_deadline import UNKNOWN
from ostiary.gateway.policy.patience import SILENT_FOR_S, UNANSWERED_IN_A_ROW, Patience
from ostiary.gateway.policy.recent import RecentAnswers
from ostiary.gateway.policy.rules import Recent

ANSWER_WITHIN_S = UNKNOWN.answer_within_s
HOLD_S = 30.0
PENDING_PER_HOST = 10
LATE_WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question ended for one call. ``cause`` is set when, and only when, it did not end in *allowed*."""

    end: QuestionEnd
    cause: DenialCause | None = None
    scope: Scope = Scope.CALL
    duration: Duration = Duration.ONCE
    folder: str = ""


_LOCKED_AWAY = Answer(QuestionEnd.LOCKED, DenialCause.LOCKED)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told what, on the loop."""

    on_open: Callable[[Question], None]
    on_changed: Callable[[Question], None]
    on_close: Callable[[int, QuestionEnd], None]
    on_notice: Callable[[Notice], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """One call that waits. ``call`` names it within its session."""

    session: int
    call: Hashable
    answer: asyncio.Future[Answer]


@dataclass(slots=True, eq=False)
class _Open:
    question: Question
    key: str
    timer: asyncio.TimerHandle
    waiters: list[_Waiter] = field(default_factory=list)


class Approvals:
    """The queue of open questions. ``clock`` gives Unix seconds; all deadlines are in them."""

    def __init__(self, clock: Callable[[], float], listeners: Listeners) -> None:
        self._clock = clock
        self._tell = listeners
        self.locked = False
        """True while the screen is locked: whoever asks is denied at once."""
        self._open: dict[int, _Open] = {}
        self._late: dict[int, tuple[str, float]] = {}
        self._recent = RecentAnswers()
        self._patience = Patience()
        self._last_id = 0

    def questions(self) -> tuple[Question, ...]:
        return tuple(entry.question for entry in self._open.values())

    @property
    def remembers(self) -> bool:
        """False while ``recent`` knows of nothing, whatever the key: making one takes time."""
        return bool(self._recent)

    def recent(self, key: str) -> Recent:
        """What the person said about the identical call a short while ago, for ``rules.decide``."""
        return self._recent.about(key, self._clock())

    def use_late_answer(self, key: str) -> None:
        """A call passes because it was allowed after its deadline. That counts once."""
        self._recent.use(key)

    async def ask(
        self,
        draft: Question,
        *,
        key: str,
        session: int,
        call: Hashable,
        last_deadline: float,
        within_s: float = ANSWER_WITHIN_S,
        opened: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Waits for the person. Cancelling it withdraws the call.

        ``draft`` is a question whose id and times are not set yet. Calls with the same ``key`` share one question
        while a person would read the same: a file may have changed between two plans, or another program may ask.
        ``last_deadline`` (Unix seconds) is when the host gives up; the countdown begins with ``within_s``. ``opened``
        is called once the person is really asked.
        """
        now = self._clock()
        if self.locked:
            return _LOCKED_AWAY
        if (cause := self._refusal(draft.caller, now)) is not None:
            return Answer(QuestionEnd.DENIED, cause)
        if last_deadline <= now:
            return Answer(QuestionEnd.TIMED_OUT, DenialCause.UNANSWERED)
        waiter = _Waiter(session, call, asyncio.get_running_loop().create_future())
        self._join(draft, key, waiter, last_deadline, within_s)
        opened()
        try:
            return await waiter.answer
        finally:
            self._withdraw(lambda other: other is waiter)

    def answer(
        self,
        number: int,
        decision: Decision,
        scope: Scope = Scope.CALL,
        duration: Duration = Duration.ONCE,
        folder: str = "",
    ) -> None:
        """The person said allow or deny. After the deadline it still counts, for the identical retry.

        A denial is for this call only, whatever the scope. Raises ``UsageError`` for a question that is not open, or
        an answer that was not on offer.
        """
        if decision is Decision.ASK:
            raise UsageError("Not an answer", "A question is answered with allow or deny.")
        entry = self._open.get(number)
        if entry is not None and entry.question.deadline <= self._clock():
            self._expire(entry)  # its timer is late: the machine slept
            entry = None
        if entry is None:
            self._answer_late(number, decision)
        elif decision is Decision.DENY:
            self._recent.denied(entry.key, self._clock())
            self._end(entry, Answer(QuestionEnd.DENIED, DenialCause.PERSON))
        else:
            _check_offered(entry.question, scope, duration, folder)
            self._end(entry, Answer(QuestionEnd.ALLOWED, None, scope, duration, folder))

    def allow_next(self, key: str) -> None:
        """The identical call passes once, as after a late answer."""
        self._recent.allowed_late(key, self._clock())

    def hold(self, number: int) -> None:
        """The person is at work on it: give them more time, within the host's own."""
        if (entry := self._open.get(number)) is None:
            return  # it ended while the word was on its way
        question = entry.question
        deadline = min(max(question.deadline, self._clock() + HOLD_S), question.last_deadline)
        if deadline > question.deadline:
            self._change(entry, replace(question, deadline=deadline))

    def withdraw(self, session: int, call: Hashable | None = None) -> None:
        """A host cancelled a call, or went away with all of them."""
        self._withdraw(lambda waiter: waiter.session == session and call in (None, waiter.call))

    def withdraw_all(self) -> None:
        """The front went away, or the gateway ends."""
        self._withdraw(lambda waiter: True)

    def set_locked(self, *, locked: bool) -> None:
        """The screen is locked, or no longer. What is open then is denied once, which silences no host."""
        self.locked = locked
        if locked:
            for entry in tuple(self._open.values()):
                self._end(entry, _LOCKED_AWAY)

    def resume(self, host: str) -> None:
        """The person is back: ask about this host's calls again."""
        for verified in (True, False):
            self._patience.answered(_asker(host, verified))

    def _refusal(self, caller: Caller, now: float) -> DenialCause | None:
        asker = _asker(caller.host, caller.verified)
        if self._patience.is_silent(asker, now):
            return DenialCause.SILENCED
        pending = sum(len(entry.waiters) for entry in self._open.values() if _asker_of(entry) == asker)
        return DenialCause.TOO_MANY if pending >= PENDING_PER_HOST else None

    def _join(self, draft: Question, key: str, waiter: _Waiter, last_deadline: float, within_s: float) -> None:
        same = (entry for entry in self._open.values() if entry.key == key)
        entry = next((entry for entry in same if _as_read(entry.question) == _as_read(draft)), None)
        if entry is None:
            self._begin(draft, key, waiter, last_deadline, within_s)
            return
        entry.waiters.append(waiter)
        last = min(entry.question.last_deadline, last_deadline)
        deadline = min(entry.question.deadline, last)
        self._change(entry, replace(entry.question, repeats=len(entry.waiters), deadline=deadline, last_deadline=last))

    def _begin(self, draft: Question, key: str, waiter: _Waiter, last_deadline: float, within_s: float) -> None:
        self._last_id += 1
        now = self._clock()
        deadline = min(now + within_s, last_deadline)
        question = replace(draft, id=self._last_id, asked_at=now, deadline=deadline, last_deadline=last_deadline)
        self._open[question.id] = _Open(question, key, self._timer(question), [waiter])
        self._tell.on_open(question)

    def _change(self, entry: _Open, question: Question) -> None:
        entry.question = question
        entry.timer.cancel()
        entry.timer = self._timer(question)
        self._tell.on_changed(question)

    def _timer(self, question: Question) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        return loop.call_later(max(question.deadline - self._clock(), 0), self._expire_by_id, question.id)

    def _expire_by_id(self, number: int) -> None:
        self._expire(self._open[number])

    def _expire(self, entry: _Open) -> None:
        now = self._clock()
        self._late = {number: kept for number, kept in self._late.items() if now < kept[1]}
        self._late[entry.question.id] = (entry.key, now + LATE_WITHIN_S)
        self._end(entry, Answer(QuestionEnd.TIMED_OUT, DenialCause.UNANSWERED))
        if self._patience.unanswered(_asker_of(entry), now):
            self._tell.on_notice(_silence_notice(entry.question.caller))

    def _answer_late(self, number: int, decision: Decision) -> None:
        key, until = self._late.pop(number, ("", 0.0))
        now = self._clock()
        if now >= until:
            raise UsageError("This question is no longer open", "It was answered, withdrawn, or ended long ago.")
        if decision is Decision.ALLOW:
            self._recent.allowed_late(key, now)
        else:
            self._recent.denied(key, now)

    def _withdraw(self, goes: Callable[[_Waiter], bool]) -> None:
        for entry in tuple(self._open.values()):
            gone = [waiter for waiter in entry.waiters if goes(waiter)]
            if not gone:
                continue
            withdrawn = Answer(QuestionEnd.WITHDRAWN, DenialCause.WITHDRAWN)
            if len(gone) == len(entry.waiters):
                self._end(entry, withdrawn)
                continue
            entry.waiters = [waiter for waiter in entry.waiters if waiter not in gone]
            _settle(gone, withdrawn)
            self._change(entry, replace(entry.question, repeats=len(entry.waiters)))

    def _end(self, entry: _Open, answer: Answer) -> None:
        """The one place where a question ends."""
        del self._open[entry.question.id]
        entry.timer.cancel()
        _settle(entry.waiters, answer)
        if answer.end in (QuestionEnd.ALLOWED, QuestionEnd.DENIED):
            self._patience.answered(_asker_of(entry))
        self._tell.on_close(entry.question.id, answer.end)


def _settle(waiters: list[_Waiter], answer: Answer) -> None:
    for waiter in waiters:
        if not waiter.answer.done():  # done: its call was cancelled in this very turn of the loop
            waiter.answer.set_result(answer)


def _as_read(question: Question) -> Question:
    """What a person reads of it, without what differs between two questions about the same."""
    plan = None if question.plan is None else replace(question.plan, id="")
    return replace(question, id=0, asked_at=0.0, deadline=0.0, last_deadline=0.0, repeats=1, plan=plan)


def _check_offered(question: Question, scope: Scope, duration: Duration, folder: str) -> None:
    if (scope, duration, folder) == (Scope.CALL, Duration.ONCE, ""):
        return
    if not any(
        (offer.scope, offer.folder) == (scope, folder) and duration in offer.durations for offer in question.offers
    ):
        raise UsageError("This answer was not on offer", f"{scope} {duration} does not go with this question.")


def _asker_of(entry: _Open) -> str:
    return _asker(entry.question.caller.host, entry.question.caller.verified)


def _asker(host: str, verified: bool) -> str:
    """Whose questions are counted together: a program that only claims a host's name must not use up its turns."""
    return host if verified else f"{host} (unverified)"


def _silence_notice(caller: Caller) -> Notice:
    return Notice(
        severity=Severity.WARNING,
        title=f"{caller.title} is denied without asking for {SILENT_FOR_S / 60:.0f} minutes",
        detail=f"{UNANSWERED_IN_A_ROW} of its questions in a row stayed unanswered. Resume to be asked again.",
        silenced=caller.host,
    )
