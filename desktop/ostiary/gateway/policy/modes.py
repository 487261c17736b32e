"""Whether another mode of the gate lets more pass than the one that holds. Pure: times come in."""

from __future__ import annotations

import math

from ostiary.domain.approval import GateMode

_NO_LAXER = {
    GateMode.NORMAL: frozenset(GateMode),
    GateMode.ASK_ALL: frozenset((GateMode.ASK_ALL, GateMode.BLOCK_ALL)),
    GateMode.PAUSED: frozenset((GateMode.PAUSED, GateMode.BLOCK_ALL)),
    GateMode.BLOCK_ALL: frozenset((GateMode.BLOCK_ALL,)),
}
"""What may follow a mode by itself. A pause denies where *ask for everything* asks, and lets pass what rules allow."""


def is_laxer(mode: GateMode, until: float | None, held: GateMode, held_until: float | None) -> bool:
    """Whether ``mode`` lets more pass than what is ``held``, now or as soon as it ends by itself.

    The times are when each does (Unix seconds), and None where it lasts: afterwards all is normal.
    """
    if mode not in _NO_LAXER[held]:
        return True
    return held is not GateMode.NORMAL and _end(until) < _end(held_until)


def _end(until: float | None) -> float:
    return math.inf if until is None else until
