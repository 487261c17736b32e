"""Who waits for which answer of the gateway, and what each gets: a result, an error, or word that none will come."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from ostiary.control import codec
from ostiary.control.messages import Command
from ostiary.domain.errors import OstiaryError, UnreachableError
from ostiary.ui.asking import OnError
from ostiary.ui.language import tr

R = TypeVar("R")

log = logging.getLogger(__name__)


class Waiting:
    """Each command has a number, and is answered once. ``unheard`` gets the errors that nobody takes care of."""

    def __init__(self, unheard: Callable[[OstiaryError], None]) -> None:
        self._unheard = unheard
        self._numbers = count(1)
        self._waiting: dict[int, tuple[Command[Any], Callable[[Any], None] | None, OnError | None]] = {}

    def add(self, command: Command[R], on_result: Callable[[R], None] | None, on_error: OnError | None) -> int:
        """Gives the number to send it with."""
        number = next(self._numbers)
        self._waiting[number] = (command, on_result, on_error)
        return number

    def settle(self, reply: codec.Reply) -> None:
        command, on_result, on_error = self._waiting.pop(reply.id, (None, None, None))
        if command is None:
            log.error("a reply to nothing that was asked: %d", reply.id)
            return
        try:
            result = codec.result_of(command, reply)
        except OstiaryError as error:
            self.fail(on_error, error)
            return
        if on_result is not None and _is_there(on_result):
            _tell(on_result, result)

    def fail(self, on_error: OnError | None, error: OstiaryError) -> None:
        if on_error is not None and _is_there(on_error):
            _tell(on_error, error)
        else:
            self._unheard(error)

    def give_up(self) -> None:
        """The gateway has gone; to who takes care of no errors, the window says that in general."""
        waiting, self._waiting = self._waiting, {}
        gone = UnreachableError(tr("The gateway stopped"), tr("What you asked for may not have been done."))
        for command, _, on_error in waiting.values():
            log.info("no answer: %s", type(command).__name__)
            if on_error is not None and _is_there(on_error):
                _tell(on_error, gone)


def _is_there(taker: Callable[..., None]) -> bool:
    """False for a method of a widget that has gone since it asked: a row whose server, say, was removed."""
    receiver = getattr(taker.func if isinstance(taker, partial) else taker, "__self__", None)
    return not isinstance(receiver, QObject) or isValid(receiver)


def _tell(taker: Callable[[R], None], answer: R) -> None:
    """A fault of who asked is told as any that nobody caught. It takes no other's answer along, and no new start."""
    try:
        taker(answer)
    except Exception:  # the border to all pages
        sys.excepthook(*sys.exc_info())
