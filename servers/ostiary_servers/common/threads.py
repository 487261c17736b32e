"""Work on threads, so that a file system that does not answer holds up its own caller and nobody else."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar

import anyio
import anyio.to_thread

from ostiary_servers.common.errors import ErrorCode, ToolError

READ_BUDGET_S = 2.0
"""For what only looks at a disk: one that has not answered by then is not going to soon."""

LONG_BUDGET_S = 30.0
"""For what may have much to do. A write that was begun goes on after the client was told."""

SLOW_LIMIT = 40
"""How much may be under way at once in a server; what hangs counts until it ends."""

Result = TypeVar("Result")
_slots = BoundedSemaphore(SLOW_LIMIT)


async def on_thread(work: Callable[[], Result], budget_s: float, *, writes: bool = False) -> Result:
    """What ``work`` gives. Raises what it raises, and ToolError ``timeout`` after ``budget_s`` or while too much hangs.

    A thread cannot be stopped: one that was begun ends by itself. What was not begun by then is not begun any more.
    """
    if not _slots.acquire(blocking=False):
        raise took_too_long(budget_s, writes=False)
    not_begun = [True]  # popped by the one of both sides that comes first

    def counted() -> Result:
        if not _popped(not_begun):
            raise TimeoutError
        try:
            return work()
        finally:
            _slots.release()

    try:
        with anyio.fail_after(budget_s):
            return await anyio.to_thread.run_sync(counted, abandon_on_cancel=True)
    except TimeoutError:
        raise took_too_long(budget_s, writes=writes) from None
    finally:
        if _popped(not_begun):
            _slots.release()


def took_too_long(budget_s: float, *, writes: bool) -> ToolError:
    """For a call that did not end in its time."""
    state = "The change may still be made" if writes else "Nothing was changed"
    return ToolError(
        ErrorCode.TIMEOUT,
        f"The call did not end within {budget_s:g} s. {state}.",
        "Look whether it was, or try something smaller; tell the person that a disk is slow.",
    )


def _popped(mark: list[bool]) -> bool:
    """Whether the mark was still there; asked by two threads, one of them is told so."""
    try:
        return mark.pop()
    except IndexError:
        return False
