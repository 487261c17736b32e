"""Work on threads, so that a file system that does not answer holds up its own caller and nobody else.

The threads are daemons, unlike those of ``concurrent.futures``, which are waited for at the interpreter's end: one that
hangs in a disk that is gone must not keep its server from ending. Nothing that was begun is waited for there; what must
be, as a write, is its owner's to wait for (``Toolbox.close``).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

import anyio.lowlevel

from ostiary_servers.common.errors import ErrorCode, ToolError

READ_BUDGET_S = 2.0
"""For what only looks at a disk: one that has not answered by then is not going to soon."""

LONG_BUDGET_S = 30.0
"""For what may have much to do. A write that was begun goes on after the client was told."""

THREAD_LIMIT = 40
"""How much may be done at once in a server; what hangs counts until it ends."""

WAITING_LIMIT = 256
"""How much may wait for a thread: four times what the gateway sends a server at once by default."""

Result = TypeVar("Result")


class TooMuchWaitsError(Exception):
    """``WAITING_LIMIT`` is reached."""


class Threads:
    """At most ``limit`` threads, each started when it is first needed, that do what they are given in its order."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._started = 0
        self._free = 0
        """Threads without work; below zero: work without a thread."""
        self._lock = Lock()
        self._work: SimpleQueue[Callable[[], object] | None] = SimpleQueue()

    def take(self, work: Callable[[], object]) -> None:
        """Has ``work``, which must not raise, done. Raises ``TooMuchWaitsError``."""
        with self._lock:
            if self._free <= 0 and self._started < self._limit:
                Thread(target=self._run, daemon=True).start()
                self._started += 1
                self._free += 1
            if self._free <= -WAITING_LIMIT:
                raise TooMuchWaitsError
            self._free -= 1
        self._work.put(work)

    def submit(self, work: Callable[[], Result]) -> "Future[Result]":
        """Has ``work`` done, unless the future is cancelled before. Raises ``TooMuchWaitsError``."""
        future: Future[Result] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except BaseException as error:  # whatever it is belongs to who waits, as in concurrent.futures
                future.set_exception(error)

        self.take(run)
        return future

    def end(self) -> None:
        """Each thread ends when all that was taken is done. Take nothing afterwards."""
        for _ in range(self._started):
            self._work.put(None)

    def _run(self) -> None:
        while work := self._work.get():
            work()
            with self._lock:
                self._free += 1


workers = Threads(THREAD_LIMIT)


async def on_thread(work: Callable[[], Result], budget_s: float, *, writes: bool = False) -> Result:
    """What ``work`` gives. Raises what it raises, and ToolError ``timeout`` after ``budget_s`` or while too much waits.

    A thread cannot be stopped: one that was begun ends by itself. What was not begun by then is not begun any more.
    """
    await anyio.lowlevel.checkpoint_if_cancelled()
    try:
        call = workers.submit(partial(copy_context().run, work))
    except TooMuchWaitsError:
        raise took_too_long(budget_s, writes=False) from None
    try:
        async with asyncio.timeout(budget_s):
            return await asyncio.wrap_future(call)
    except TimeoutError:
        raise took_too_long(budget_s, writes=writes) from None


def took_too_long(budget_s: float, *, writes: bool) -> ToolError:
    """For a call that did not end in its time."""
    state = "The change may still be made" if writes else "Nothing was changed"
    return ToolError(
        ErrorCode.TIMEOUT,
        f"The call did not end within {budget_s:g} s. {state}.",
        "Look whether it was, or try something smaller; tell the person that a disk is slow.",
    )
