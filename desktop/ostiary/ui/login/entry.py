"""What each desktop's way of starting a program at login has in common."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Protocol


class LoginState(Enum):
    """What is found."""

    OFF = auto()
    ON = auto()
    OTHER = auto()
    """Under our name another program starts, or this one with other arguments."""


class LoginEntry(Protocol):
    """One desktop's entry for us. Nothing is started or ended by writing it."""

    def state(self, command: Sequence[str]) -> LoginState:
        """Whether exactly ``command`` starts at login."""

    def write(self, command: Sequence[str]) -> None:
        """Start this from the next login on, in place of what was there. OSError when that cannot be written."""

    def remove(self) -> None:
        """Start nothing any more. OSError when that cannot be written."""
