"""How bundled servers start, and what eight of them weigh: forked from the warm template, and each started plainly."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from ostiary.gateway.servers import script
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import ServerProcess
from ostiary.gateway.supervise.system import Starter
from ostiary.gateway.wire.framing import Line
from tests.bench.line_client import INITIALIZE, BrokenError
from tests.bench.table import Row, Section, percentile

EIGHT: Final = 8
DEADLINE_S: Final = 30.0
PLAIN_START_TARGET_S: Final = 0.6
FORKED_START_TARGET_S: Final = 0.060
PLAIN_IDLE_TARGET_BYTES: Final = 70_000_000
FORKED_OWN_TARGET_BYTES: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What one way of starting eight servers took. ``whole_bytes`` counts shared pages once, and the guard's too."""

    starts_s: list[float] = field(default_factory=list)
    resident_bytes: list[int] = field(default_factory=list)
    own_bytes: list[int] = field(default_factory=list)
    whole_bytes: list[int] = field(default_factory=list)


def eight(folder: Path) -> Section:
    """Both ways, one after the other. Linux alone has a template, and tells what is shared."""
    plain, forked = (asyncio.run(_eight(folder, bundled=bundled)) for bundled in (False, True))
    first, *later = forked.starts_s
    started, forked_started = percentile(plain.starts_s, 0.5), percentile(later, 0.5)
    resident, own = max(plain.resident_bytes), max(forked.own_bytes)
    rows = (
        Row("plain start to first answer", _ms(started), "", "", "≤ 600", started <= PLAIN_START_TARGET_S),
        Row("forked", _ms(forked_started), _ms(started), "", "≤ 60", forked_started <= FORKED_START_TARGET_S),
        Row("forked, the first, with the template", _ms(first), _ms(started)),
        Row("plain, idle (RSS)", _mb(resident), "", "", "< 70", resident < PLAIN_IDLE_TARGET_BYTES),
        Row(
            "forked, of its own (USS)", _mb(own), _mb(max(plain.own_bytes)), "", "≤ 20", own <= FORKED_OWN_TARGET_BYTES
        ),
        Row("eight and what starts them (PSS)", _mb(forked.whole_bytes[0]), _mb(plain.whole_bytes[0])),
    )
    return Section("Eight bundled servers (ms, MB; beside: started plainly)", rows)


async def _eight(folder: Path, *, bundled: bool) -> Taken:
    taken = Taken()
    async with _starter() as starter:
        launch = Launch((script("ostiary-serve"), "files", "--root", str(folder)), _environment(), folder, (), bundled)
        servers = []
        for _ in range(EIGHT):
            began = time.perf_counter()
            servers.append(await starter.start(launch, _show))
            await _first_answer(servers[-1])
            taken.starts_s.append(time.perf_counter() - began)
        found = [psutil.Process(server.pid).memory_full_info() for server in servers]
        taken.resident_bytes.extend(each.rss for each in found)
        taken.own_bytes.extend(each.uss for each in found)
        taken.whole_bytes.append(sum(map(_pss, psutil.Process().children(recursive=True))))
        for server in servers:
            server.channel.close_writing()
            await asyncio.wait_for(server.exit_code, DEADLINE_S)
            server.release()
    return taken


def _show(said: bytes) -> None:
    sys.stderr.buffer.write(said)


@asynccontextmanager
async def _starter() -> AsyncIterator[Starter]:
    starter = Starter()
    try:
        yield starter
    finally:
        starter.close()


async def _first_answer(server: ServerProcess) -> None:
    answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_line(_line: Line) -> None:
        if not answered.done():
            answered.set_result(None)

    def on_end() -> None:
        if not answered.done():
            answered.set_exception(BrokenError("a server ended before its first answer"))

    server.channel.start(on_line, on_end)
    server.channel.send(b'{"jsonrpc":"2.0","id":1,%b}' % INITIALIZE)
    await asyncio.wait_for(answered, DEADLINE_S)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


def _pss(process: psutil.Process) -> int:
    return int(getattr(process.memory_full_info(), "pss", 0))


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f}"


def _mb(size_bytes: float) -> str:
    return f"{size_bytes / 1e6:.1f}"
