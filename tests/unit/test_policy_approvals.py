"""Open questions: that each ends exactly once, and only an explicit allow allows. Time is virtual."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from ostiary.domain.approval import Decision, Duration, Question, QuestionEnd, Scope
from ostiary.domain.errors import UsageError
from ostiary.domain.plan import ChangePlan, Operation, PlannedChange
from ostiary.gateway.policy.approvals import (
    ANSWER_WITHIN_S,
    HOLD_S,
    PENDING_PER_HOST,
    Answer,
)
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.rules import Recent
from tests.support.asking_gate import Gate, draft
from tests.support.virtual_time import STARTED_AT, run

ALLOW, DENY = Decision.ALLOW, Decision.DENY


def test_an_allowed_question_ends_once_and_is_told_open_and_closed() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = await gate.ask()
        (question,) = gate.opened
        assert gate.approvals.questions() == (question,)
        assert (question.asked_at, question.deadline) == (STARTED_AT, STARTED_AT + ANSWER_WITHIN_S)
        gate.approvals.answer(question.id, ALLOW, Scope.TOOL, Duration.UNTIL_QUIT)
        assert await waiting == Answer(QuestionEnd.ALLOWED, None, Scope.TOOL, Duration.UNTIL_QUIT)
        with pytest.raises(UsageError):
            gate.approvals.answer(question.id, DENY)
        assert gate.closed == [(question.id, QuestionEnd.ALLOWED)]
        assert gate.approvals.questions() == ()

    run(scenario)


def test_a_question_times_out_when_nobody_answers() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        answer = await gate.unanswered("k")
        assert answer == Answer(QuestionEnd.TIMED_OUT, DenialCause.UNANSWERED)
        assert clock() == STARTED_AT + ANSWER_WITHIN_S
        assert gate.closed == [(1, QuestionEnd.TIMED_OUT)]
        assert gate.approvals.recent("k") is Recent.NOTHING

    run(scenario)


def test_a_question_ends_before_the_host_gives_up() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        answer = await (await gate.ask(gives_up_after_s=10))
        assert (answer.end, clock()) == (QuestionEnd.TIMED_OUT, STARTED_AT + 10)
        too_late = await (await gate.ask(gives_up_after_s=0))
        assert too_late.end is QuestionEnd.TIMED_OUT
        assert len(gate.opened) == 1

    run(scenario)


def test_a_denial_is_remembered_for_the_identical_call_for_a_minute() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = await gate.ask("k")
        gate.approvals.answer(1, DENY, Scope.TOOL, Duration.UNTIL_QUIT)
        assert await waiting == Answer(QuestionEnd.DENIED, DenialCause.PERSON)
        assert gate.approvals.recent("other") is Recent.NOTHING
        await gate.after(59)
        assert gate.approvals.recent("k") is Recent.DENIED
        await gate.after(1)
        assert gate.approvals.recent("k") is Recent.NOTHING

    run(scenario)


def test_holding_moves_the_deadline_but_never_past_the_hosts_own() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = await gate.ask(gives_up_after_s=60)
        gate.approvals.hold(1)
        assert gate.changed == []  # there was more time left than a hold gives
        await gate.after(20)
        gate.approvals.hold(1)
        assert gate.changed[-1].deadline == STARTED_AT + 20 + HOLD_S
        await gate.after(25)
        gate.approvals.hold(1)
        assert gate.changed[-1].deadline == STARTED_AT + 60
        assert (await waiting).end is QuestionEnd.TIMED_OUT
        assert clock() == STARTED_AT + 60
        gate.approvals.hold(1)

    run(scenario)


def test_identical_calls_share_one_question_and_its_answer() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = [await gate.ask("k", call=number) for number in range(3)]
        other = await gate.ask("other", call=9)
        assert [question.id for question in gate.opened] == [1, 2]
        assert gate.changed[-1].repeats == 3
        gate.approvals.answer(1, ALLOW)
        assert {(await task).end for task in waiting} == {QuestionEnd.ALLOWED}
        assert not other.done()
        gate.approvals.withdraw_all()
        assert (await other).cause is DenialCause.WITHDRAWN

    run(scenario)


def test_identical_calls_with_different_plans_are_asked_about_one_by_one() -> None:
    def planned(number: str, diff: str) -> Question:
        change = PlannedChange(op=Operation.EDIT, path="/a", real_path="/a", diff=diff)
        return replace(draft(), plan=ChangePlan(id=number, tool="t", title="T", items=(change,)))

    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        seen = await gate.ask(question=planned("1", "-a+b"), call=1)
        again = await gate.ask(question=planned("2", "-a+b"), call=2)
        other = await gate.ask(question=planned("3", "-c+b"), call=3)
        gate.approvals.answer(1, ALLOW)
        assert (await seen).end is (await again).end is QuestionEnd.ALLOWED
        assert not other.done()
        other.cancel()

    run(scenario)


def test_what_another_program_asks_is_asked_about_by_itself() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        shell = await gate.ask("k", question=draft("shell"))
        agent = await gate.ask("k", question=draft("agent"))
        gate.approvals.answer(1, ALLOW)
        assert (await shell).end is QuestionEnd.ALLOWED
        assert not agent.done()
        agent.cancel()

    run(scenario)


def test_a_merged_question_ends_before_the_first_host_gives_up() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        patient = await gate.ask("k", call=1)
        hasty = await gate.ask("k", call=2, gives_up_after_s=5)
        assert (await hasty).end is QuestionEnd.TIMED_OUT
        assert (await patient).end is QuestionEnd.TIMED_OUT
        assert clock() == STARTED_AT + 5

    run(scenario)


def test_a_cancelled_call_is_withdrawn_and_the_other_still_waits() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        first, second = await gate.ask("k", call=1), await gate.ask("k", call=2)
        gate.approvals.withdraw(1, 1)
        assert (await first).end is QuestionEnd.WITHDRAWN
        assert gate.changed[-1].repeats == 1
        second.cancel()
        await asyncio.wait([second])
        assert gate.closed == [(1, QuestionEnd.WITHDRAWN)]

    run(scenario)


def test_a_host_that_goes_away_takes_all_its_questions_with_it() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        gone = [await gate.ask("a", session=1), await gate.ask("b", session=1)]
        stays = await gate.ask("c", session=2)
        gate.approvals.withdraw(1)
        assert [(await task).end for task in gone] == [QuestionEnd.WITHDRAWN] * 2
        assert not stays.done()
        assert [question.id for question in gate.approvals.questions()] == [3]
        stays.cancel()

    run(scenario)


def test_at_most_ten_calls_of_a_host_wait() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = [await gate.ask(str(number), call=number) for number in range(PENDING_PER_HOST)]
        refused = await (await gate.ask("one more"))
        assert refused == Answer(QuestionEnd.DENIED, DenialCause.TOO_MANY)
        others = [await gate.ask("x", question=draft("claude")), await gate.ask("y", question=draft(verified=False))]
        assert len(gate.opened) == PENDING_PER_HOST + 2
        gate.approvals.withdraw_all()
        await asyncio.wait([*waiting, *others])

    run(scenario)


def test_after_three_unanswered_in_a_row_a_host_is_denied_for_five_minutes() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        for key in "abc":
            assert not gate.notices
            await gate.unanswered(key)
        (notice,) = gate.notices
        assert "5 minutes" in notice.title
        assert notice.silenced == "cursor"
        assert await gate.unanswered("d") == Answer(QuestionEnd.DENIED, DenialCause.SILENCED)
        assert (await gate.unanswered("e", draft("claude"))).end is QuestionEnd.TIMED_OUT
        await gate.after(300)
        assert (await gate.unanswered("f")).end is QuestionEnd.TIMED_OUT

    run(scenario)


def test_resuming_ends_the_silence_at_once() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        for key in "abc":
            await gate.unanswered(key)
        gate.approvals.resume("cursor")
        assert (await gate.unanswered("d")).end is QuestionEnd.TIMED_OUT

    run(scenario)


def test_an_answer_in_between_starts_the_count_anew_and_a_withdrawal_does_not_count() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        await gate.unanswered("a")
        await gate.unanswered("b")
        gone = await gate.ask("c")
        gate.approvals.withdraw_all()
        await gone
        answered = await gate.ask("d")
        gate.approvals.answer(4, DENY)
        await answered
        await gate.unanswered("e")
        await gate.unanswered("f")
        assert gate.notices == []

    run(scenario)


def test_an_impostor_cannot_silence_the_host_whose_name_it_claims() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        for key in "abc":
            await gate.unanswered(key, draft(verified=False))
        assert (await gate.unanswered("d")).end is QuestionEnd.TIMED_OUT

    run(scenario)


@pytest.mark.parametrize(
    ("decision", "scope", "duration", "folder"),
    [
        (Decision.ASK, Scope.CALL, Duration.ONCE, ""),
        (ALLOW, Scope.CALL, Duration.UNTIL_QUIT, ""),
        (ALLOW, Scope.TOOL, Duration.ONCE, ""),
        (ALLOW, Scope.TOOL, Duration.ALWAYS, ""),
        (ALLOW, Scope.TOOL, Duration.HOUR, "/notes"),
        (ALLOW, Scope.FOLDER, Duration.UNTIL_QUIT, "/notes"),
        (ALLOW, Scope.FOLDER, Duration.HOUR, "/"),
        (ALLOW, Scope.SERVER, Duration.HOUR, ""),
    ],
)
def test_what_was_not_on_offer_is_refused_and_the_question_stays(
    decision: Decision, scope: Scope, duration: Duration, folder: str
) -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = await gate.ask()
        with pytest.raises(UsageError):
            gate.approvals.answer(1, decision, scope, duration, folder)
        assert not waiting.done()
        gate.approvals.answer(1, ALLOW, Scope.FOLDER, Duration.HOUR, "/notes")
        assert await waiting == Answer(QuestionEnd.ALLOWED, None, Scope.FOLDER, Duration.HOUR, "/notes")

    run(scenario)
