"""The call log's own thread: redacts, writes in batches, reads. What it exchanges with the loop are frozen values."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ostiary.domain.call import CallDetail, CallRow
from ostiary.domain.errors import OstiaryError, RefusedError, SettingsError
from ostiary.domain.events import Notice, Severity
from ostiary.gateway.calllog.backlog import Backlog
from ostiary.gateway.calllog.entries import CallEnd, Step, advance
from ostiary.gateway.calllog.redact import Redactor
from ostiary.gateway.calllog.store import CallStore, Retention, open_store

T = TypeVar("T")

BATCH_S = 0.05
"""Our policy: a call is in the file and in the window about this long after it happened."""

SLICE_S = 50e-6
PAUSE_S = 100e-6
"""Two threads of one interpreter take turns: after a slice of work this one pauses, or the relay would stand still for
as long as a batch takes (measured: p99 of a call 5 ms instead of 0.3 ms)."""

QUIET_S = 2.0
"""Nothing was noted for so long after something was: time to tidy up."""
ANSWER_WITHIN_S = 5.0
_OPEN_WITHIN_S = 30.0
_STOP_WITHIN_S = 2.0
_UNSAVED_ENTRIES = 10_000
_AT_ONCE = 100
"""More entries in one transaction gain nothing, and all of them are held in memory until then; more rows for a window
stop every call while they are encoded."""
_SAVES_BETWEEN_TRIMS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Who is told what, on the loop; the last two are called on the log's thread."""

    on_rows: Callable[[tuple[CallRow, ...]], None]
    on_notice: Callable[[Notice], None]
    known_secrets: Callable[[], frozenset[str]]
    """Gives a finished set."""
    on_quiet: Callable[[], None]
    """Calls have come, and now none for ``QUIET_S``."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do with the store after all that came before is written."""

    work: Callable[[CallStore], Any]
    answer: asyncio.Future[Any]


class _Stop:
    """Ends the thread."""


_Steps = dict[int, list[Step]]
"""By the number of the call: most begin and end in the same batch, and are made into an entry at once."""


class Writer:
    """Owns the thread and, through it, the store. All methods are called on the loop."""

    def __init__(self, path: Path, clock: Callable[[], float], retention: Retention, outlets: Outlets) -> None:
        self._path = path
        self._clock = clock
        self.retention = retention
        """May be replaced from the loop: it is one value, read when the log is trimmed."""
        self._outlets = outlets
        self._loop = asyncio.get_running_loop()
        self._noted: _Steps = {}
        self._backlog = Backlog()
        self._due: asyncio.TimerHandle | None = None
        self._awaited = 0
        self._inbox: queue.SimpleQueue[_Steps | _Job | _Stop] = queue.SimpleQueue()
        self._opened: asyncio.Future[int] = self._loop.create_future()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name="call log", daemon=True)
        # From here on: the thread's own.
        self._redactor = Redactor()
        self._known: frozenset[str] = frozenset()
        self._running: dict[int, CallDetail] = {}
        self._unsaved: dict[int, CallDetail] = {}
        self._changed: dict[int, CallRow] = {}
        self._saved_since_trim = 0
        self._was_quiet = True
        self._failing = False

    async def start(self) -> int:
        """Opens the store; gives the last number that was given before. Raises ``SettingsError``."""
        self._thread.start()
        try:
            return await _within(_OPEN_WITHIN_S, self._opened)
        except OstiaryError:
            await self.stop()
            raise

    def put(self, number: int, step: Step) -> None:
        """Notes a step. The thread gets a batch of them: waking it for each would stop the relay in mid-call."""
        noted = self._noted.get(number)
        if noted is None:
            self._noted[number] = [step]
        else:
            noted.append(step)
        self._backlog.note(step)
        if self._due is None:
            self._due = self._loop.call_later(BATCH_S, self._hand_over)
        if self._backlog.is_long:
            self._hand_over()
            self._backlog.wait()

    async def do(self, work: Callable[[CallStore], T]) -> T:
        """Runs ``work`` on the thread, after all that was put before.

        Raises what it raises, and ``RefusedError`` when there is no answer within 5 s.
        """
        answer: asyncio.Future[T] = self._loop.create_future()
        self._hand_over()
        self._awaited += 1
        try:
            self._inbox.put(_Job(work, answer))
            return await _within(ANSWER_WITHIN_S, answer)
        finally:
            self._awaited -= 1

    async def commit(self, number: int) -> None:
        """Returns once all that was put about this call is in the database. Raises ``RefusedError`` when it is not."""

        def check(store: CallStore) -> None:
            if number in self._unsaved or not store.has(number):
                raise RefusedError(
                    "The call could not be noted", "A call that may write goes out only when it is noted."
                )

        await self.do(check)

    async def stop(self) -> None:
        """Writes what is left and closes the store. A disk that hangs is not waited for longer than 2 s."""
        self._hand_over()
        self._awaited += 1
        if self._thread.is_alive():
            self._inbox.put(_Stop())
            await asyncio.wait([self._ended], timeout=_STOP_WITHIN_S)
        if self._ended.done():
            self._thread.join()  # it has nothing left to do

    def _hand_over(self) -> None:
        """Gives the thread what was noted."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
            self._inbox.put(self._noted)
            self._noted = {}

    @property
    def _must_hurry(self) -> bool:
        """True while somebody waits for the thread. Asked on the thread."""
        return self._awaited > 0 or self._backlog.is_awaited

    # On the thread

    def _run(self) -> None:
        try:
            store, aside = open_store(self._path, self._clock())
            with contextlib.closing(store):
                self._work(store, aside)
        except OstiaryError as error:
            self._tell(_fail, self._opened, error)
        except (sqlite3.Error, OSError) as error:
            self._tell(_fail, self._opened, SettingsError("The call log cannot be opened", f"{self._path}: {error}."))
        finally:
            self._tell(_finish, self._ended, None)

    def _work(self, store: CallStore, aside: Path | None) -> None:
        if aside is not None:
            self._tell(self._outlets.on_notice, _set_aside_notice(aside))
        self._attempt(store.mark_cut_off)
        self._attempt(lambda: store.trim(self.retention, self._clock()))
        self._tell(_finish, self._opened, store.last_id())
        while not isinstance(message := self._next(), _Stop):
            if isinstance(message, _Job):
                self._flush(store)
                self._answer(store, message)
            else:
                self._take_all(store, message)
                self._flush(store)
        self._flush(store)

    def _next(self) -> _Steps | _Job | _Stop:
        """Waits for it. When calls have come since this was last told, and none for a while, that is told meanwhile."""
        if self._was_quiet:
            return self._inbox.get()
        try:
            return self._inbox.get(timeout=QUIET_S)
        except queue.Empty:
            self._was_quiet = True
            self._outlets.on_quiet()
            return self._inbox.get()

    def _take_all(self, store: CallStore, noted: _Steps) -> None:
        self._was_quiet = False
        began_s = time.perf_counter()
        for number in tuple(noted):
            steps = noted.pop(number)  # their bodies are let go as soon as they are read
            self._take(number, steps)
            self._backlog.take(steps)
            if len(self._unsaved) == _AT_ONCE:
                self._save(store)
            if len(self._changed) == _AT_ONCE:
                self._tell_rows()
            if time.perf_counter() - began_s > SLICE_S and not self._must_hurry:
                time.sleep(PAUSE_S)
                began_s = time.perf_counter()

    def _take(self, number: int, steps: list[Step]) -> None:
        entry = self._running.get(number)
        try:
            redactor = self._current_redactor()
            for step in steps:
                entry = advance(number, entry, step, redactor)
            assert entry is not None
        except Exception:
            # The border of this thread: one entry that cannot be made must not end the log. It is not written either,
            # so a call that must be noted first does not go out. What was in it is not told: it is not redacted.
            self._tell(self._outlets.on_notice, _lost_notice(number))
            return
        self._unsaved[number] = entry
        self._changed[number] = entry.row
        if isinstance(steps[-1], CallEnd):
            self._running.pop(number, None)
        else:
            self._running[number] = entry

    def _current_redactor(self) -> Redactor:
        known = self._outlets.known_secrets()
        if known != self._known:
            self._known, self._redactor = known, Redactor(known)
        return self._redactor

    def _flush(self, store: CallStore) -> None:
        self._save(store)
        self._trim_now_and_then(store)
        self._tell_rows()

    def _tell_rows(self) -> None:
        if self._changed:
            self._tell(self._outlets.on_rows, tuple(self._changed.values()))
            self._changed = {}

    def _save(self, store: CallStore) -> None:
        if self._unsaved and self._attempt(lambda: store.save(self._unsaved.values())):
            self._saved_since_trim += len(self._unsaved)
            self._unsaved = {}
        elif len(self._unsaved) > _UNSAVED_ENTRIES:
            self._unsaved = dict(list(self._unsaved.items())[-_UNSAVED_ENTRIES:])

    def _trim_now_and_then(self, store: CallStore) -> None:
        if self._saved_since_trim >= _SAVES_BETWEEN_TRIMS:
            self._saved_since_trim = 0
            self._attempt(lambda: store.trim(self.retention, self._clock()))

    def _attempt(self, write: Callable[[], object]) -> bool:
        """Does one write. Tells when writing begins to fail, and nothing while it goes on failing."""
        try:
            write()
        except sqlite3.Error as error:
            if not self._failing:
                self._tell(self._outlets.on_notice, _failing_notice(self._path, error))
            self._failing = True
            return False
        self._failing = False
        return True

    def _answer(self, store: CallStore, job: _Job) -> None:
        try:
            result = job.work(store)
        except OstiaryError as error:
            self._tell(_fail, job.answer, error)
        except sqlite3.Error as error:
            self._tell(_fail, job.answer, SettingsError("The call log cannot be read", f"{self._path}: {error}."))
        except Exception as error:  # a border: what one asker wants, as a number beyond SQLite's, must not end the log
            self._tell(_fail, job.answer, error)
        else:
            self._tell(_finish, job.answer, result)

    def _tell(self, receiver: Callable[..., None], *values: object) -> None:
        self._loop.call_soon_threadsafe(receiver, *values)


async def _within(seconds: float, answer: asyncio.Future[T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError as error:
        raise RefusedError("The call log does not answer", "The disk may be very slow, or gone.") from error


def _finish(answer: asyncio.Future[T], result: T) -> None:
    if not answer.done():  # done: who asked gave up
        answer.set_result(result)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)


def _set_aside_notice(aside: Path) -> Notice:
    return Notice(
        severity=Severity.PROBLEM,
        title="The call log was damaged and a new one was begun",
        detail=f"The old one is kept as {aside}.",
    )


def _failing_notice(path: Path, error: sqlite3.Error) -> Notice:
    is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    why = "the disk is full" if is_full else str(error)
    return Notice(
        severity=Severity.PROBLEM,
        title="The call log cannot be written",
        detail=f"{path}: {why}. Calls that may write are denied until it can be.",
    )


def _lost_notice(number: int) -> Notice:
    return Notice(
        severity=Severity.PROBLEM, title="A call could not be noted", detail=f"Call {number} is missing in the log."
    )
