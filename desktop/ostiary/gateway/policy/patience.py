"""When a host's questions stop being asked: after several in a row that nobody answered. Pure: time comes in."""

from __future__ import annotations

UNANSWERED_IN_A_ROW = 3
SILENT_FOR_S = 300.0


class Patience:
    """Counts unanswered questions for each asker. Times are Unix seconds."""

    def __init__(self) -> None:
        self._unanswered: dict[str, int] = {}
        self._silent_until: dict[str, float] = {}

    def unanswered(self, asker: str, now: float) -> bool:
        """One more stayed unanswered. True when the asker is silenced from now on."""
        count = self._unanswered.pop(asker, 0) + 1
        if count < UNANSWERED_IN_A_ROW:
            self._unanswered[asker] = count
            return False
        self._silent_until[asker] = now + SILENT_FOR_S
        return True

    def answered(self, asker: str) -> None:
        """A person is there: counting begins anew, and silence ends."""
        self._unanswered.pop(asker, None)
        self._silent_until.pop(asker, None)

    def is_silent(self, asker: str, now: float) -> bool:
        return now < self._silent_until.get(asker, 0.0)
