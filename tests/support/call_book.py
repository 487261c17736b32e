"""Calls in a real log of their own, asked as the window asks the gateway: for what shows many of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar, cast

from ostiary.control.messages import ChartCalls, Command, IndexCalls, PageCalls
from ostiary.domain.call import CallDetail, CallRow
from ostiary.domain.errors import UsageError
from ostiary.gateway.calllog.reader import CallReader
from ostiary.gateway.calllog.store import CallStore, Retention

R = TypeVar("R")


class CallBook:
    """``note`` writes calls down; ``answer`` gives what the gateway would."""

    def __init__(self, rows: Iterable[CallRow] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name) / "calls.sqlite"
        self._store = CallStore(self._file)
        self._reader = CallReader(self._file)
        self.note(rows)

    def note(self, rows: Iterable[CallRow], arguments: str = "") -> None:
        """Write these calls down, or what became of them."""
        self._store.save(CallDetail(row=row, arguments=arguments) for row in rows)

    def keep_newest(self, rows: int) -> None:
        """Delete the oldest, as retention does."""
        self._store.trim(Retention(age_s=time.time(), rows=rows), time.time())

    def answer(self, command: Command[Any]) -> object:
        """Raises ``UsageError`` for what is no question about the log."""
        match command:
            case IndexCalls(filter=wanted, before=before):
                return self._reader.index(wanted, before)
            case PageCalls(filter=wanted, blocks=blocks):
                return self._reader.page(wanted, blocks)
            case ChartCalls(filter=wanted, slots=slots):
                return self._reader.charts(wanted, slots, time.time())
        raise UsageError("The call book does not know that", type(command).__name__)

    def close(self) -> None:
        """Leave nothing behind."""
        with closing(self._store), closing(self._reader):
            pass
        self._folder.cleanup()


class Asked:
    """An ``Ask`` over a book: it answers later, as the gateway does. ``commands`` holds what was asked.

    From the command numbered ``fails_at`` on (1 is the first) there is only an error; while ``holds``, no answer.
    """

    def __init__(self, book: CallBook, later: Callable[[Callable[[], None]], None], fails_at: int = 0) -> None:
        self.book = book
        self._later = later
        self._fails_at = fails_at
        self._held: list[Callable[[], None]] = []
        self.holds = False
        self.commands: list[Command[Any]] = []

    def __call__(
        self,
        command: Command[R],
        on_result: Callable[[R], None] | None = None,
        on_error: Callable[[Any], None] | None = None,
    ) -> None:
        self.commands.append(command)
        if self._fails_at and len(self.commands) >= self._fails_at:
            error = UsageError("The gateway stopped")
            self._answer_later(lambda: on_error and on_error(error))
            return
        result = cast("R", self.book.answer(command))
        self._answer_later(lambda: on_result and on_result(result))

    def let_go(self) -> None:
        """Give the answers that were held."""
        self.holds = False
        for answer in self._held:
            self._later(answer)
        self._held.clear()

    def _answer_later(self, answer: Callable[[], None]) -> None:
        if self.holds:
            self._held.append(answer)
        else:
            self._later(answer)
