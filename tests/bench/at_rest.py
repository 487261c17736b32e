"""The application at rest: its tray with the window closed, and its gateway; five servers configured, none running."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Final

import psutil

from ostiary.control.client import connect
from ostiary.control.messages import AddServer, GetStatus
from tests.bench.effort import Effort
from tests.bench.line_client import BrokenError
from tests.bench.surroundings import ECHO, running_tray
from tests.bench.table import Row, Section
from tests.support.gateway_process import household, running_gateway

SERVERS: Final = 5
SETTLE_S: Final = 3.0
"""What a start leaves behind is done by then."""

CPU_TARGET: Final = 0.005
MEMORY_TARGET_BYTES: Final = 120_000_000


def at_rest(effort: Effort) -> Section:
    """Share of a core over some seconds, and resident memory, of the tray and of its gateway."""
    with _resting() as (tray, gateway):
        time.sleep(min(SETTLE_S, effort.rest_s))
        before = [_cpu_s(process) for process in (tray, gateway)]
        time.sleep(effort.rest_s)
        shares = [
            (_cpu_s(process) - spent) / effort.rest_s for process, spent in zip((tray, gateway), before, strict=True)
        ]
        tray_bytes, gateway_bytes = (process.memory_info().rss for process in (tray, gateway))
    both, whole = sum(shares), tray_bytes + gateway_bytes
    rows = (
        Row(
            "CPU of both, share of a core",
            f"{both:.2%}",
            f"gateway {shares[1]:.2%}",
            target=f"≤ {CPU_TARGET:.1%}",
            reached=both <= CPU_TARGET,
        ),
        Row(
            "memory of the tray",
            f"{tray_bytes / 1e6:.1f} MB",
            f"with gateway {whole / 1e6:.1f}",
            target=f"≤ {MEMORY_TARGET_BYTES / 1e6:.0f} MB",
            reached=tray_bytes <= MEMORY_TARGET_BYTES,
        ),
    )
    return Section(f"At rest, {SERVERS} servers configured and none running", rows)


@contextlib.contextmanager
def _resting() -> Iterator[tuple[psutil.Process, psutil.Process]]:
    with household() as place:
        with running_gateway(place, "--trust-cli"), connect(str(place.ostiary)) as control:
            for number in range(SERVERS - len(control.ask(GetStatus()).servers)):
                control.ask(AddServer(name=f"echo-{number}", command=ECHO))
        with running_tray(place, "closed") as tray:
            with connect(str(place.ostiary)) as control:
                status = control.ask(GetStatus())
            if len(status.servers) < SERVERS or any(server.pid is not None for server in status.servers):
                raise BrokenError("the servers are not as they should be at rest")
            yield psutil.Process(tray.pid), psutil.Process(status.pid)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
