"""Which flow settings of a server make sense. Pure."""

from __future__ import annotations

from ostiary.domain.errors import UsageError
from ostiary.domain.flow import Flow

MOST_RUNNING = 1024
MOST_WAITING = 10_000
LONGEST_S = 86_400.0
"""A day, for every span."""

SHORTEST_S = 0.05


def checked(flow: Flow) -> Flow:
    """The same again. Raises ``UsageError`` for numbers that would make a server useless or its limits none."""
    if not 1 <= flow.running <= MOST_RUNNING:
        raise UsageError("That many calls cannot run", f"Choose 1 to {MOST_RUNNING:,} at the same time.")
    if not 0 <= flow.waiting <= MOST_WAITING:
        raise UsageError("That many calls cannot wait", f"Choose 0 to {MOST_WAITING:,}.")
    for span_s in (flow.idle_stop_s, flow.timeout_s, flow.longest_s, *flow.tool_timeouts_s.values()):
        if not SHORTEST_S <= span_s <= LONGEST_S:
            raise UsageError(f"{span_s:g} s is no time to wait", f"Choose {SHORTEST_S:g} s to {LONGEST_S:.0f} s.")
    return flow
