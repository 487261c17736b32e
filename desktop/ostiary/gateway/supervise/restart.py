"""When a server that failed is started again, and when no more. Pure: how long it ran comes in, a delay goes out.

Failures are counted in a row, not within a span of time: a server that takes a minute to fail must give up too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Our policy, in seconds. A *short run* is one that did not stay up for ``short_run_s``."""

    first_delay_s: float = 1.0
    longest_delay_s: float = 60.0
    short_run_s: float = 10.0
    forgiving_run_s: float = 60.0
    most_short_runs: int = 5


OUR_POLICY = RestartPolicy()


@dataclass(frozen=True, slots=True)
class Failures:
    """What is remembered of the failures since the last long run: how many, and how many short runs in a row."""

    count: int = 0
    short_runs: int = 0


def after_failure(past: Failures, ran_s: float, policy: RestartPolicy) -> tuple[Failures, float | None]:
    """Takes a failure after ``ran_s`` seconds in state running (0 for a start that failed).

    Returns what to remember, and the seconds to wait before the next start, or ``None`` to give up.
    """
    if ran_s >= policy.forgiving_run_s:
        past = Failures()
    short_runs = past.short_runs + 1 if ran_s < policy.short_run_s else 0
    failures = Failures(past.count + 1, short_runs)
    if short_runs >= policy.most_short_runs:
        return failures, None
    return failures, min(policy.first_delay_s * 2.0 ** min(past.count, 30), policy.longest_delay_s)
