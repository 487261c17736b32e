"""Whether a server that kept failing is asked at all. Pure: times come in, decisions go out.

After some failures in a row its calls are refused; after a pause one is let through, and what becomes of it decides.
The pause doubles up to a limit. Supervision is another matter: this is about a process that runs and does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """Our policy, in seconds. ``most_failures`` in a row and it opens."""

    most_failures: int = 5
    first_pause_s: float = 5.0
    longest_pause_s: float = 300.0


OUR_POLICY: Final = BreakerPolicy()


class Breaker:
    """Of one process name: it outlives the process. Times are seconds of one clock that never jumps."""

    def __init__(self, policy: BreakerPolicy = OUR_POLICY) -> None:
        self._policy = policy
        self.failures = 0
        """In a row."""
        self._retry_at: float | None = None
        self._pauses = 0
        self._trying = False

    @property
    def is_closed(self) -> bool:
        """True while every call passes."""
        return self._retry_at is None

    def refuses(self, now: float) -> bool:
        """Whether a call would be refused at this moment."""
        return self._retry_at is not None and (self._trying or now < self._retry_at)

    def retry_in_s(self, now: float) -> float:
        """How long until a call is let through again, at least; 0 when one may pass or is being tried."""
        return 0.0 if self._retry_at is None else max(0.0, self._retry_at - now)

    def enter(self, now: float) -> bool:
        """A call wants to pass; the one that passes after a pause is the trial. False when it is refused."""
        if self.refuses(now):
            return False
        self._trying = self._retry_at is not None
        return True

    def succeeded(self) -> None:
        """The server answered, whatever it said."""
        self.failures = self._pauses = 0
        self._retry_at = None
        self._trying = False

    def failed(self, now: float) -> bool:
        """A call was late, or its process ended. True when calls are refused from now on, and were not before."""
        self.failures += 1
        if self.failures < self._policy.most_failures:
            return False
        opens = self._retry_at is None
        pause_s = min(self._policy.first_pause_s * 2.0 ** min(self._pauses, 30), self._policy.longest_pause_s)
        if opens or self._trying:
            self._retry_at = now + pause_s
            self._pauses += 1
        self._trying = False
        return opens

    def given_up(self) -> None:
        """The trial was cancelled before it showed anything: the next call is one."""
        self._trying = False
