"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Effort:
    """Counts for one run; all are for one way, in one turn."""

    rounds: int
    calls: int
    big_calls: int
    flood: int
    crowd_rounds: int
    crowd_s: float
    starts: int
    changes: int
    idle_hosts: int
    rest_s: float
    others: bool = True
    """Whether other programs are measured beside Ostiary."""


FULL: Final = Effort(
    rounds=30,
    calls=150,
    big_calls=10,
    flood=3_000,
    crowd_rounds=3,
    crowd_s=4.0,
    starts=30,
    changes=40,
    idle_hosts=40,
    rest_s=20.0,
)
QUICK: Final = Effort(
    rounds=8,
    calls=100,
    big_calls=6,
    flood=1_500,
    crowd_rounds=1,
    crowd_s=3.0,
    starts=8,
    changes=10,
    idle_hosts=20,
    rest_s=8.0,
)
TINY: Final = Effort(
    rounds=1,
    calls=5,
    big_calls=1,
    flood=100,
    crowd_rounds=1,
    crowd_s=0.1,
    starts=1,
    changes=1,
    idle_hosts=1,
    rest_s=0.1,
    others=False,
)
"""Only to see that everything works."""
