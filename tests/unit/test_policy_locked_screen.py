"""Questions and a screen that is locked: nobody can see them, so they are denied once, and nothing else comes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ostiary.domain.approval import Decision, QuestionEnd
from ostiary.domain.errors import UsageError
from ostiary.gateway.policy.approvals import Answer
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.rules import Recent
from tests.support.asking_gate import Gate, draft
from tests.support.virtual_time import run

LOCKED_AWAY = Answer(QuestionEnd.LOCKED, DenialCause.LOCKED)


def test_every_open_question_is_denied_once_when_the_screen_is_locked() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        mine, same, other = await gate.ask("a"), await gate.ask("a", call=2), await gate.ask("b", question=draft("x"))
        gate.approvals.set_locked(locked=True)
        assert [await mine, await same, await other] == [LOCKED_AWAY] * 3
        assert gate.closed == [(1, QuestionEnd.LOCKED), (2, QuestionEnd.LOCKED)]
        assert gate.approvals.recent("a") is Recent.NOTHING
        with pytest.raises(UsageError):
            gate.approvals.answer(1, Decision.ALLOW)

    run(scenario)


def test_nobody_is_asked_until_the_screen_is_unlocked() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        gate.approvals.set_locked(locked=True)
        assert await gate.unanswered("a") == LOCKED_AWAY
        assert gate.opened == []
        gate.approvals.set_locked(locked=False)
        waiting = await gate.ask("a")
        gate.approvals.answer(1, Decision.ALLOW)
        assert (await waiting).end is QuestionEnd.ALLOWED

    run(scenario)


def test_a_locked_screen_neither_silences_a_host_nor_takes_its_place_in_the_count() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        await gate.unanswered("a")
        await gate.unanswered("b")
        waiting = await gate.ask("c")
        gate.approvals.set_locked(locked=True)
        assert await waiting == LOCKED_AWAY
        assert await gate.unanswered("d") == LOCKED_AWAY
        gate.approvals.set_locked(locked=False)
        assert gate.notices == []
        await gate.unanswered("e")
        assert [notice.silenced for notice in gate.notices] == ["cursor"]

    run(scenario)


def test_what_a_locked_screen_denied_can_be_allowed_for_its_retry() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        waiting = await gate.ask("a")
        gate.approvals.set_locked(locked=True)
        await waiting
        gate.approvals.set_locked(locked=False)
        gate.approvals.allow_next("a")
        assert gate.approvals.recent("a") is Recent.ALLOWED_LATE

    run(scenario)
