"""Which mode of the gate lets more pass than the one before it."""

import pytest

from ostiary.domain.approval import GateMode
from ostiary.gateway.policy.modes import is_laxer

NORMAL, ASKS, PAUSED, BLOCKED = GateMode.NORMAL, GateMode.ASK_ALL, GateMode.PAUSED, GateMode.BLOCK_ALL


@pytest.mark.parametrize(
    ("mode", "until", "held", "held_until"),
    [
        (NORMAL, None, BLOCKED, None),
        (ASKS, None, BLOCKED, None),
        (PAUSED, None, BLOCKED, None),
        (PAUSED, None, ASKS, None),  # what only reads would pass, and what rules allow
        (ASKS, None, PAUSED, None),  # what was denied would be asked
        (NORMAL, None, PAUSED, 60.0),
        (BLOCKED, 60.0, BLOCKED, None),
        (BLOCKED, 60.0, ASKS, None),
        (BLOCKED, 60.0, PAUSED, 90.0),
    ],
)
def test_what_lets_more_pass_now_or_sooner_is_laxer(
    mode: GateMode, until: float | None, held: GateMode, held_until: float | None
) -> None:
    assert is_laxer(mode, until, held, held_until)


@pytest.mark.parametrize(
    ("mode", "until", "held", "held_until"),
    [
        (BLOCKED, 60.0, NORMAL, None),
        (PAUSED, 60.0, NORMAL, None),
        (NORMAL, None, NORMAL, None),
        (BLOCKED, None, ASKS, None),
        (BLOCKED, None, PAUSED, 60.0),
        (PAUSED, 90.0, PAUSED, 60.0),
        (ASKS, None, ASKS, None),
    ],
)
def test_what_lets_nothing_more_pass_and_ends_no_sooner_is_not(
    mode: GateMode, until: float | None, held: GateMode, held_until: float | None
) -> None:
    assert not is_laxer(mode, until, held, held_until)
