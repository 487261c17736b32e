"""What the gate makes of a call. A value only."""

from __future__ import annotations

from msgspec import Struct

from ostiary.domain.approval import QuestionEnd
from ostiary.domain.call import DecidedBy
from ostiary.gateway.policy.denial import DenialCause


class Verdict(Struct, frozen=True):
    """What the gate made of a call. ``cause`` is set when, and only when, it was denied."""

    by: DecidedBy
    reason: str
    cause: DenialCause | None = None
    end: QuestionEnd | None = None
    """How the question ended, when there was one."""
    waited_s: float = 0.0
    rule: int = 0
    """The number of the rule that decided it or that the answer left behind; 0 for none."""

    @property
    def allowed(self) -> bool:
        """True when, and only when, the call may pass."""
        return self.cause is None
