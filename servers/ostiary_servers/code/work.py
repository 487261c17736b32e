"""What a long call owes its caller: word of how far it is, and an end as soon as nobody waits any more.

Operations are plain functions on worker threads, so both reach them through a context variable: ``step`` is called in
every loop over files and does nothing when nobody listens, as in a test.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import anyio.from_thread
import mcp_types as types

from ostiary_servers.common.tool_server import Context, Toolbox

REPORT_INTERVAL_S = 0.5


@dataclass(slots=True)
class _Call:
    """One call: how to tell its caller, and when that was done last."""

    report: Callable[[int, int, str], None]
    told: float = field(default_factory=time.monotonic)


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


class ReportingToolbox(Toolbox):
    """A toolbox whose operations may call ``step``."""

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """As ``Toolbox.call_tool``."""

        async def tell(done: int, total: int, doing: str) -> None:
            await ctx.session.report_progress(done, total, doing)

        def report(*said: Any) -> None:
            anyio.from_thread.run(tell, *said)

        token = _current.set(_Call(report))
        try:
            return await super().call_tool(ctx, params)
        finally:
            _current.reset(token)
