"""Answers that count for the identical retry: those that came too late, and those given from the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ostiary.domain.approval import Decision, QuestionEnd
from ostiary.domain.errors import UsageError
from ostiary.gateway.policy.rules import Recent
from tests.support.asking_gate import Gate
from tests.support.virtual_time import run

ALLOW, DENY = Decision.ALLOW, Decision.DENY


def test_a_late_allow_counts_once_for_the_identical_retry() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        await gate.unanswered("k")
        await gate.after(500)
        gate.approvals.answer(1, ALLOW)
        with pytest.raises(UsageError):
            gate.approvals.answer(1, ALLOW)
        await gate.after(599)
        assert gate.approvals.recent("k") is Recent.ALLOWED_LATE
        gate.approvals.use_late_answer("k")
        assert gate.approvals.recent("k") is Recent.NOTHING
        assert gate.closed == [(1, QuestionEnd.TIMED_OUT)]

    run(scenario)


def test_a_late_allow_lapses_after_ten_minutes() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        await gate.unanswered("k")
        gate.approvals.answer(1, ALLOW)
        await gate.after(600)
        assert gate.approvals.recent("k") is Recent.NOTHING

    run(scenario)


def test_an_answer_that_comes_ten_minutes_late_is_refused() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        await gate.unanswered("k")
        await gate.after(600)
        with pytest.raises(UsageError):
            gate.approvals.answer(1, ALLOW)

    run(scenario)


def test_an_answer_after_the_deadline_does_not_allow_even_when_the_timer_is_late() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        asleep = [0.0]
        gate = Gate(lambda: clock() + asleep[0])
        waiting = await gate.ask("k")
        asleep[0] = 3600.0  # the wall clock went on while the machine slept; the loop's did not
        gate.approvals.answer(1, ALLOW)
        assert (await waiting).end is QuestionEnd.TIMED_OUT
        assert gate.approvals.recent("k") is Recent.ALLOWED_LATE

    run(scenario)


def test_what_is_allowed_from_the_log_counts_once_and_undoes_a_denial() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = await gate.ask("k")
        gate.approvals.answer(1, DENY)
        await waiting
        gate.approvals.allow_next("k")
        assert gate.approvals.recent("k") is Recent.ALLOWED_LATE
        gate.approvals.use_late_answer("k")
        assert gate.approvals.recent("k") is Recent.NOTHING

    run(scenario)
