"""Stands where a page asks the gateway, for tests of a page by itself."""

from collections.abc import Callable
from typing import Any

from ostiary.control.messages import Command
from ostiary.domain.errors import OstiaryError


class PreparedGateway:
    """Gives at once what was prepared for a command, by the name of its type, and keeps the command in ``asked``.

    An ``OstiaryError`` that was prepared is given as one.
    """

    def __init__(self, **answers: object) -> None:
        self.asked: list[Command[Any]] = []
        self._answers = answers

    def prepare(self, **answers: object) -> None:
        """From now on, for these types."""
        self._answers |= answers

    def __call__(
        self,
        command: Command[Any],
        on_result: Callable[[Any], None] | None = None,
        on_error: Callable[[OstiaryError], None] | None = None,
    ) -> None:
        self.asked.append(command)
        answer = self._answers[type(command).__name__]
        if isinstance(answer, OstiaryError):
            assert on_error is not None
            on_error(answer)
        else:
            assert on_result is not None
            on_result(answer)
