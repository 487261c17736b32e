"""What a person can answer to a question, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ostiary.domain.approval import Decision, Duration, Scope


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: the decision, how far it reaches and how long it holds. ``folder`` goes with *this folder*."""

    decision: Decision
    scope: Scope = Scope.CALL
    duration: Duration = Duration.ONCE
    folder: str = ""


DENY: Final = Choice(Decision.DENY)
ALLOW_ONCE: Final = Choice(Decision.ALLOW)
