"""Stands where a page asks the gateway, and answers when a test says so: late, out of turn, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ostiary.control.messages import Command
from ostiary.domain.errors import OstiaryError


class SlowGateway:
    """``asked`` keeps every command in order; ``answer`` and ``refuse`` take the place of one in it."""

    def __init__(self) -> None:
        self.asked: list[Command[Any]] = []
        self._waiting: list[tuple[Callable[[Any], None] | None, Callable[[OstiaryError], None] | None]] = []

    def __call__(
        self,
        command: Command[Any],
        on_result: Callable[[Any], None] | None = None,
        on_error: Callable[[OstiaryError], None] | None = None,
    ) -> None:
        self.asked.append(command)
        self._waiting.append((on_result, on_error))

    def answer(self, result: object, place: int = -1) -> None:
        """The command at that place was done."""
        on_result, _ = self._waiting[place]
        if on_result is not None:
            on_result(result)

    def refuse(self, error: OstiaryError, place: int = -1) -> None:
        """The command at that place was not done."""
        _, on_error = self._waiting[place]
        assert on_error is not None, "nobody takes care of the error"
        on_error(error)
