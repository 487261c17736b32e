"""What a long call owes its caller: word of how far it is, and an end as soon as nobody waits any more.

Operations are plain functions on worker threads, so both reach them through a context variable: ``step`` is called in
every loop over files and does nothing when nobody listens, as in a test. A thread that waits for another process cannot
look whether it still should; ``ended_with_call`` ends that process for it, from the event loop.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import anyio.from_thread
import mcp_types as types

from ostiary_servers.common.tool_server import Context, Toolbox

REPORT_INTERVAL_S = 0.5


@dataclass(slots=True)
class _Call:
    """One call: how to tell its caller, when that was done last, and what else ends when nobody waits any more."""

    report: Callable[[int, int, str], None]
    told: float = field(default_factory=time.monotonic)
    over: bool = False
    ends: list[Callable[[], None]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        """Ends what still works for it; whatever it starts from now on ends at once."""
        with self.lock:
            self.over = True
            ends = tuple(self.ends)
        for end in ends:
            end()


_current: ContextVar[_Call | None] = ContextVar("call", default=None)


def step(done: int, total: int, doing: str) -> None:
    """Marks progress. Raises the event loop's cancellation when the call was cancelled."""
    call = _current.get()
    if call is None:
        return
    anyio.from_thread.check_cancelled()
    if time.monotonic() - call.told >= REPORT_INTERVAL_S:
        call.told = time.monotonic()
        call.report(done, total, doing)


@contextmanager
def ended_with_call(end: Callable[[], None]) -> Iterator[None]:
    """Inside, ``end`` is called as soon as the call is over: it must be quick, and may come from another thread."""
    call = _current.get()
    if call is None:
        yield
        return
    with call.lock:
        call.ends.append(end)
        over = call.over
    if over:
        end()
    try:
        yield
    finally:
        with call.lock:
            call.ends.remove(end)


class ReportingToolbox(Toolbox):
    """A toolbox whose operations may call ``step`` and ``ended_with_call``."""

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """As ``Toolbox.call_tool``."""

        async def tell(done: int, total: int, doing: str) -> None:
            await ctx.session.report_progress(done, total, doing)

        def report(*said: Any) -> None:
            anyio.from_thread.run(tell, *said)

        call = _Call(report)
        token = _current.set(call)
        try:
            return await super().call_tool(ctx, params)
        finally:
            call.end()
            _current.reset(token)
