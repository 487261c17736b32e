"""How long a question about a host's call may stay open. Pure; what is known of a host is in its data file."""

from __future__ import annotations

from dataclasses import dataclass, replace

MARGIN_S = 5.0
"""For the answer's way back: a host that gave up in between would take a done write for one that failed."""
LEAST_S = 1.0
LONGEST_S = 600.0
"""Our policy, where progress keeps a host waiting for as long as it is told."""


@dataclass(frozen=True, slots=True)
class HostDeadline:
    """``answer_within_s`` is what the countdown begins with; a person at work on it has ``last_s`` at most."""

    answer_within_s: float
    last_s: float

    def within(self, most_s: float) -> HostDeadline:
        """The same with a countdown of ``most_s`` at most, as the person may want it."""
        return replace(self, answer_within_s=min(self.answer_within_s, most_s))


UNKNOWN = HostDeadline(answer_within_s=45.0, last_s=55.0)
"""Most hosts give up at 60 s and do not say so before (measured: hosts' timeouts)."""


def host_deadline(call_timeout_s: float | None, *, resets: bool, told: bool) -> HostDeadline:
    """The deadline for one call of a host that gives up after ``call_timeout_s`` (None: not known).

    ``resets``: a progress notification makes it wait anew. ``told``: this call gave a token, so that it hears some.
    """
    if call_timeout_s is None:
        return UNKNOWN
    within_s = max(call_timeout_s - MARGIN_S, LEAST_S)
    return HostDeadline(within_s, max(within_s, LONGEST_S) if resets and told else within_s)
