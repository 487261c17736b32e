"""No accident possible: when the prompt's buttons may be pressed, and which keys reach them.

Pure: seconds of a monotonic clock come in, a new ``Guard`` goes out. *Approvals, §3 rules 2 and 4.*
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

ARM_AFTER_S: Final = 0.8
"""From the moment the window with its present content can be seen to the moment a button works."""

HELD_EVERY_S: Final = 1.0
"""The gateway is told at most this often that the person is busy with the prompt."""


class Key(Enum):
    """What a key would do in the prompt."""

    PRESSES = "presses"
    """Enter, Space: presses what has the focus."""
    MOVES = "moves"
    """Tab and back: moves the focus."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guard:
    """What was seen of the window and the person since the content last changed.

    ``engaged``: the person has tabbed or clicked. ``stale_keys`` went down before the buttons were armed and do
    nothing until they are released.
    """

    visible_since: float | None = None
    engaged: bool = False
    stale_keys: frozenset[int] = frozenset()
    held_at: float = -math.inf

    def armed(self, now: float) -> bool:
        """True when a button may work."""
        return self.visible_since is not None and now - self.visible_since >= ARM_AFTER_S

    def exposed(self, visible: bool, now: float) -> Guard:
        """The window came into view or left it."""
        if not visible:
            return replace(self, visible_since=None, engaged=False)
        return self if self.visible_since is not None else replace(self, visible_since=now, engaged=False)

    def content_changed(self, now: float) -> Guard:
        """Something else is shown: what the person did so far was meant for what was shown before."""
        visible_since = None if self.visible_since is None else now
        return replace(self, visible_since=visible_since, engaged=False)

    def key_down(self, code: int, key: Key, repeat: bool, now: float) -> tuple[Guard, bool]:
        """The guard after this key, and whether the key may do anything."""
        if not self.armed(now):
            return replace(self, stale_keys=self.stale_keys | {code}), False
        if code in self.stale_keys:
            return self, False
        match key:
            case Key.PRESSES:
                return self, self.engaged and not repeat
            case Key.MOVES:
                return replace(self, engaged=True), True
            case Key.OTHER:
                return self, True

    def key_up(self, code: int, repeat: bool) -> Guard:
        """A key was released; the releases inside a repeat are none."""
        return self if repeat else replace(self, stale_keys=self.stale_keys - {code})

    def clicked(self, now: float) -> Guard:
        """A mouse button went down in the window; before the buttons are armed that says nothing."""
        return replace(self, engaged=True) if self.armed(now) else self

    def touched(self, now: float) -> tuple[Guard, bool]:
        """The person does something; True when the gateway should hear of it."""
        if now - self.held_at < HELD_EVERY_S:
            return self, False
        return replace(self, held_at=now), True


def seconds_left(deadline: float, now: float) -> int:
    """Whole seconds for the countdown, rounded up, never below zero; both in Unix seconds."""
    return max(0, math.ceil(deadline - now))
