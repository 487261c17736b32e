"""How a page asks the gateway for something, whoever carries it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from ostiary.control.messages import Command
from ostiary.domain.errors import OstiaryError

R = TypeVar("R")

OnError = Callable[[OstiaryError], None]


class Ask(Protocol):
    """Send a command; later exactly one of the two is called, never before this returns.

    Without ``on_error`` the error is shown as a notice of the window.
    """

    def __call__(
        self, command: Command[R], on_result: Callable[[R], None] | None = None, on_error: OnError | None = None
    ) -> None: ...
