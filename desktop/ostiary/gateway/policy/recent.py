"""What the person said about a call a short while ago, for when the identical call comes again. Pure: time comes in."""

from __future__ import annotations

from typing import Final

from ostiary.gateway.policy.rules import Recent

DENIED_FOR_S: Final = 60.0
"""Our policy: an agent that repeats a denied call does not get the person to press Allow out of weariness."""
ALLOWED_LATE_FOR_S: Final = 600.0
"""Our policy: a person who answers after the host gave up should not have to answer the retry as well."""


class RecentAnswers:
    """Answers by the key of the call (``rules.Call.key``). Times are Unix seconds."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[Recent, float]] = {}

    def __bool__(self) -> bool:
        """True while any answer may count."""
        return bool(self._until)

    def denied(self, key: str, now: float) -> None:
        self._keep(key, Recent.DENIED, now, now + DENIED_FOR_S)

    def allowed_late(self, key: str, now: float) -> None:
        self._keep(key, Recent.ALLOWED_LATE, now, now + ALLOWED_LATE_FOR_S)

    def about(self, key: str, now: float) -> Recent:
        answer, until = self._until.get(key, (Recent.NOTHING, 0.0))
        return answer if now < until else Recent.NOTHING

    def use(self, key: str) -> None:
        """The call passes because of a late answer, which counts once."""
        self._until.pop(key, None)

    def _keep(self, key: str, answer: Recent, now: float, until: float) -> None:
        self._until = {known: kept for known, kept in self._until.items() if now < kept[1]}
        self._until[key] = (answer, until)
