"""What a long call owes its caller: word of how far it is, and an end as soon as nobody waits any more.

Operations are plain functions on worker threads, so both reach them through a context variable: ``step`` is called in
every loop over files and does nothing when nobody listens, as in a test. A thread that waits for another process cannot
say so, nor look whether it still should: while it is silent, the event loop tells in its place what it waits for, and
``ended_with_call`` ends that process for it.
"""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.from_thread
import mcp_types as types

from ostiary_servers.common.tool_server import Context, Toolbox

REPORT_INTERVAL_S = 0.5
SILENCE_LIMIT_S = 1.0
"""A caller who heard nothing for so long is told that the call still goes on."""

_BEAT = 0.01
"""How far a word of mere life moves the progress: it has to grow with each (MCP 2026-07-28, basic/utilities/progress).
A call that may last 30 s stays below the next whole step with it."""


@dataclass(slots=True)
class Progress:
    """The numbers that a caller has been told. They only grow, whatever the phases of the call count."""

    told: float = 0.0

    def after(self, done: int, total: int) -> tuple[float, float | None]:
        """The numbers to tell next. Without total where a phase counts anew, or counts nothing."""
        self.told = max(float(done), self.told + _BEAT)
        return self.told, float(total) if total >= self.told else None


@dataclass(slots=True)
class _Call:
    """One call: how to tell its caller, when that was done last and what, and what ends when nobody waits any more."""

    report: Callable[[int, int, str], None]
    told: float = field(default_factory=time.monotonic)
    at: tuple[int, int] = (0, 0)
    doing: str = "Working"
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
    call.at, call.doing = (done, total), doing
    if time.monotonic() - call.told >= REPORT_INTERVAL_S:
        call.told = time.monotonic()
        call.report(done, total, doing)


@contextmanager
def ended_with_call(end: Callable[[], None], waiting_for: str = "") -> Iterator[None]:
    """Inside, ``end`` is called as soon as the call is over: it must be quick, and may come from another thread.

    ``waiting_for``: a program, of which the caller is told as long as it gives nothing to tell of.
    """
    call = _current.get()
    if call is None:
        yield
        return
    if waiting_for:
        call.doing = f"Waiting for {waiting_for}"
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
        if params.name not in self._tools:
            return await super().call_tool(ctx, params)  # raises, which the group below would wrap
        progress = Progress()

        async def tell(done: int, total: int, doing: str) -> None:
            await ctx.session.report_progress(*progress.after(done, total), doing)

        def report(*said: Any) -> None:
            anyio.from_thread.run(tell, *said)

        call = _Call(report)
        token = _current.set(call)
        try:
            async with anyio.create_task_group() as beside:
                beside.start_soon(_beat, call, tell)
                result = await super().call_tool(ctx, params)
                beside.cancel_scope.cancel()
            return result
        finally:
            call.end()
            _current.reset(token)


async def _beat(call: _Call, tell: Callable[[int, int, str], Awaitable[None]]) -> None:
    """Tells the caller that the call goes on, whenever the operation itself has not for a while."""
    while True:
        silent_s = time.monotonic() - call.told
        if silent_s < SILENCE_LIMIT_S:
            await anyio.sleep(SILENCE_LIMIT_S - silent_s)
            continue
        call.told = time.monotonic()
        await tell(*call.at, call.doing)
