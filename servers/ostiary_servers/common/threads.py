"""Work on threads, so that a file system that does not answer holds up its own caller and nobody else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore
from typing import TypeVar

import anyio.lowlevel

from ostiary_servers.common.errors import ErrorCode, ToolError

READ_BUDGET_S = 2.0
"""For what only looks at a disk: one that has not answered by then is not going to soon."""

LONG_BUDGET_S = 30.0
"""For what may have much to do. A write that was begun goes on after the client was told."""

SLOW_LIMIT = 40
"""How much may be under way at once in a server; what hangs counts until it ends."""

Result = TypeVar("Result")
_slots = BoundedSemaphore(SLOW_LIMIT)
_pool = ThreadPoolExecutor(SLOW_LIMIT)


async def on_thread(work: Callable[[], Result], budget_s: float, *, writes: bool = False) -> Result:
    """What ``work`` gives. Raises what it raises, and ToolError ``timeout`` after ``budget_s`` or while too much hangs.

    A thread cannot be stopped: one that was begun ends by itself. What was not begun by then is not begun any more.
    """
    await anyio.lowlevel.checkpoint_if_cancelled()
    if not _slots.acquire(blocking=False):
        raise took_too_long(budget_s, writes=False)
    call = _pool.submit(copy_context().run, work)
    call.add_done_callback(lambda _: _slots.release())
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
