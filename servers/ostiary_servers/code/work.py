"""What a long call owes its caller: word of how far it is, and an end as soon as nobody waits any more.

Operations are plain functions on worker threads, so both reach them through a context variable: ``step`` is called in
every loop over files and does nothing when nobody listens, as in a test. A thread that waits for another process cannot
say so, nor look whether it still should: while it is silent, the event loop tells in its place what it waits for, and
``ended_with_call`` ends that process for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import anyio
import mcp_types as types

from ostiary_servers.common.tool_server import CallAnswer, Context, Toolbox

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


class CallOverError(BaseException):
    """Nobody waits for the call any more. It is no Exception, so that no border takes it for a fault of ours."""


@dataclass(slots=True)
class _Call:
    """One call: where it is and with what, and what ends when nobody waits for it any more."""

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
    """Marks progress, of which the event loop tells the caller. Raises CallOverError when nobody waits any more."""
    call = _current.get()
    if call is None:
        return
    if call.over:
        raise CallOverError
    call.at, call.doing = (done, total), doing


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

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> CallAnswer:
        """As ``Toolbox.call_tool``."""
        if params.name not in self._tools:
            return await super().call_tool(ctx, params)  # raises, which the group below would wrap
        call = _Call()
        token = _current.set(call)
        try:
            async with anyio.create_task_group() as beside:
                beside.start_soon(_tell, ctx, call)
                result = await super().call_tool(ctx, params)
                beside.cancel_scope.cancel()
            return result
        finally:
            call.end()
            _current.reset(token)


async def _tell(ctx: Context, call: _Call) -> None:
    """Tells the caller where the call is, and that it goes on when it has been in the same place for a while."""
    progress, told, silent_s = Progress(), call.at, 0.0
    while True:
        await anyio.sleep(REPORT_INTERVAL_S)
        silent_s += REPORT_INTERVAL_S
        if call.at != told or silent_s >= SILENCE_LIMIT_S:
            told, silent_s = call.at, 0.0
            await ctx.session.report_progress(*progress.after(*told), call.doing)
