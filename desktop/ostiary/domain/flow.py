"""How calls flow to one server: how many at a time, for how long, and whether it runs while nobody needs it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class StartChoice(StrEnum):
    """When a server that is switched on runs."""

    ALWAYS = "always"
    ON_DEMAND = "on-demand"
    """From the first call on, until nobody has needed it for a while."""


class Flow(Struct, frozen=True, kw_only=True):
    """A server's settings of that kind. The limits count for each of its processes."""

    start: StartChoice = StartChoice.ALWAYS
    idle_stop_s: float = 600.0
    """How long a server that starts on demand stays when nobody needs it."""
    running: int = 64
    """Calls that it works on at the same time."""
    waiting: int = 256
    """Calls that wait for their turn; one more is refused."""
    timeout_s: float = 300.0
    """How long a call may go without an answer or progress; the person's own time does not count."""
    longest_s: float = 3600.0
    """How long a call may take with progress."""
    tool_timeouts_s: dict[str, float] = {}
    """``timeout_s`` of single tools, by the server's own names."""

    def timeout_of(self, tool: str) -> float:
        """How long a call of this tool may go without a word, in seconds."""
        return self.tool_timeouts_s.get(tool, self.timeout_s)
