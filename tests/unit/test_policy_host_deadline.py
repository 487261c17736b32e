"""How long a question may wait, by what is known of its host."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ostiary.domain.approval import QuestionEnd
from ostiary.gateway.policy.host_deadline import LONGEST_S, MARGIN_S, UNKNOWN, HostDeadline, host_deadline
from tests.support.asking_gate import Gate, draft
from tests.support.virtual_time import STARTED_AT, run


@pytest.mark.parametrize(
    ("timeout_s", "resets", "told", "expected"),
    [
        (None, False, True, UNKNOWN),
        (None, True, True, UNKNOWN),
        (60, False, True, HostDeadline(55, 55)),
        (300, False, True, HostDeadline(295, 295)),
        (60, True, True, HostDeadline(55, LONGEST_S)),
        (60, True, False, HostDeadline(55, 55)),
        (900, True, True, HostDeadline(895, 895)),
        (3, False, False, HostDeadline(1, 1)),
    ],
)
def test_a_question_ends_before_its_host_gives_up(
    timeout_s: float | None, resets: bool, told: bool, expected: HostDeadline
) -> None:
    found = host_deadline(timeout_s, resets=resets, told=told)
    assert found == expected
    if timeout_s is not None and timeout_s > MARGIN_S:
        assert found.answer_within_s < timeout_s


def test_a_patient_host_gives_the_person_as_long_as_it_waits() -> None:
    async def scenario(clock: Callable[[], float]) -> None:
        gate = Gate(clock)
        answer = await gate.approvals.ask(
            draft(), key="k", session=1, call=1, last_deadline=clock() + 295, within_s=295
        )
        assert (answer.end, clock()) == (QuestionEnd.TIMED_OUT, STARTED_AT + 295)

    run(scenario)
