"""Where axes have their marks, and what those say. Pure but for the local time zone."""

from __future__ import annotations

import math
import time
from typing import Final, NamedTuple

_TIME_STEPS_S: Final = (15, 60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000)
_DAY_S: Final = 86_400


class Mark(NamedTuple):
    """``share`` is the place along the axis, 0 to 1."""

    share: float
    text: str


def ceiling(value: float, *, unit: float = 1.0) -> float:
    """The least 1, 2 or 5 times a power of ten, in units, that is not below the value; one unit at least."""
    amount = max(value / unit, 1.0)
    power = 10.0 ** math.floor(math.log10(amount))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= amount * (1 - 1e-9)) * unit


def time_marks(since: float, until: float, most: int) -> list[Mark]:
    """Round moments of local time between two, at most so many."""
    step = next((step for step in _TIME_STEPS_S if (until - since) / step <= most), _TIME_STEPS_S[-1])
    first, last = (at + time.localtime(at).tm_gmtoff for at in (since, until))
    form = "%H:%M:%S" if step < 60 else "%H:%M" if step < _DAY_S / 2 else "%d %b"
    clock = range(math.ceil(first / step) * step, int(last) + 1, step)
    moments = sorted({at for told in clock if since <= (at := _moment(told)) <= until})
    return [Mark((at - since) / (until - since), time.strftime(form, time.localtime(at))) for at in moments]


def _moment(told_s: int) -> float:
    """When local clocks tell these seconds. Marks of one axis may lie before and behind a change to summer time."""
    about = told_s - time.localtime(told_s).tm_gmtoff
    return told_s - time.localtime(about).tm_gmtoff


def log_share(value: float, low: float, high: float) -> float:
    """Where a value stands between two on a logarithmic axis, 0 to 1."""
    bounded = min(max(value, low), high)
    return math.log(bounded / low) / math.log(high / low)


def powers(low: float, high: float) -> list[float]:
    """The powers of ten from one to the other, both of which are such."""
    return [10.0**power for power in range(round(math.log10(low)), round(math.log10(high)) + 1)]
