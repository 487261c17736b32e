"""How soon a person sees what a host wants: from the host's line to the painted prompt."""

from __future__ import annotations

import select
import time
from statistics import median
from typing import Final

from ostiary.control.client import connect
from ostiary.control.messages import AddRoot, EnableServer
from tests.bench.effort import Effort
from tests.bench.line_client import DEADLINE_S, LIST_TOOLS, BrokenError, LineClient, program
from tests.bench.surroundings import running_tray
from tests.bench.table import Row, Section
from tests.support.gateway_process import household, running_gateway

TARGET_MS: Final = 100.0
WRITE: Final = b'"method":"tools/call","params":{"name":"write_file","arguments":{"path":"%b/%d.txt","content":"x"}}'


def prompting(effort: Effort) -> Section:
    """Writes of the files server, one after the other; each is planned, asked about, seen and denied."""
    times_ms = sorted(_seen_after_ms(effort.starts))
    p95 = times_ms[min(len(times_ms) - 1, round(len(times_ms) * 0.95))]
    row = Row(
        "a host's line until the prompt is painted",
        f"{median(times_ms):.0f} ms",
        f"p95 {p95:.0f} ms",
        target=f"≤ {TARGET_MS:.0f} ms",
        reached=p95 <= TARGET_MS,
    )
    return Section(f"The prompt, {len(times_ms)} writes, their plans included", (row,))


def _seen_after_ms(calls: int) -> list[float]:
    with household() as place:
        folder = place.person / "shared"
        folder.mkdir()
        with running_gateway(place, "--trust-cli"), connect(str(place.ostiary)) as control:
            control.ask(AddRoot(path=str(folder)))
            control.ask(EnableServer(name="files"))
        with (
            running_tray(place, "asking") as tray,
            LineClient([program("ostiary-connect"), "--no-start"], place.environment) as host,
        ):
            assert tray.stdout is not None
            host.initialize()
            host.ask(LIST_TOOLS)
            spans: list[float] = []
            for number in range(calls + 1):
                began = time.monotonic()
                id_ = host.send(WRITE % (str(folder).encode(), number))
                if not select.select([tray.stdout], [], [], DEADLINE_S)[0]:
                    raise BrokenError("no prompt was seen")
                spans.append((float(tray.stdout.readline()) - began) * 1e3)
                while b'"id":%d' % id_ not in host.read_line():
                    pass
            return spans[1:]  # the first makes the prompt's window
