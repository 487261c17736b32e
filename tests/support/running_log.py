"""A call log that runs, what it told, and steps of calls to note in it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallFilter, CallRow, DecidedBy, Outcome
from ostiary.domain.events import Notice
from ostiary.gateway.calllog.entries import CallEnd, CallStart
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.calllog.store import Retention
from ostiary.gateway.calllog.writer import Outlets

EVERYTHING = CallFilter()
ENDED = CallEnd(outcome=Outcome.OK, duration_ms=5, response_bytes=9, result=b'{"content":[]}')


class Heard:
    """What the log told, in order."""

    def __init__(self) -> None:
        self.batches: asyncio.Queue[tuple[CallRow, ...]] = asyncio.Queue()
        self.notices: list[Notice] = []
        self.known: frozenset[str] = frozenset()
        self.asked = 0
        """How often it was asked for the known secrets: once for each entry that the log's thread took."""
        self.quiet = threading.Event()

    def known_secrets(self) -> frozenset[str]:
        self.asked += 1
        return self.known

    async def batch(self) -> tuple[CallRow, ...]:
        return await asyncio.wait_for(self.batches.get(), 10)


START = CallStart(
    started_at=time.time(),
    host="cursor",
    server="files",
    method="tools/call",
    tool="write_file",
    item="/notes/a.txt",
    decision=Decision.ALLOW,
    decided_by=DecidedBy.PERSON,
    arguments=b'{"path":"/notes/a.txt"}',
)


def start(**changes: Any) -> CallStart:
    return replace(START, **changes)


@asynccontextmanager
async def running(
    path: Path, *, retention: Retention | None = None, keep_bodies: bool = True
) -> AsyncIterator[tuple[CallLog, Heard]]:
    heard = Heard()
    outlets = Outlets(
        on_rows=heard.batches.put_nowait,
        on_notice=heard.notices.append,
        known_secrets=heard.known_secrets,
        on_quiet=heard.quiet.set,
    )
    log = CallLog(path / "calls.sqlite", time.time, outlets, retention=retention, keep_bodies=keep_bodies)
    await log.start()
    try:
        yield log, heard
    finally:
        await log.stop()


def scenario(body: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def within_a_minute() -> None:
        await asyncio.wait_for(body(), 60)

    asyncio.run(within_a_minute())
