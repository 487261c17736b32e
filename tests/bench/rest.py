"""What is not the relay: the start of a shim, the way from a file's change to its notification, memory."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Final

from tests.bench.effort import Effort
from tests.bench.line_client import INITIALIZE, LIST_TOOLS
from tests.bench.memory import Memory, memory_of
from tests.bench.surroundings import HANDED_OVER, PUMPED, WITH_WINDOW, Bench, House
from tests.bench.table import Row, Section, percentile

FIRST_ANSWER_TARGET_S: Final = 0.040
GATEWAY_TARGET_BYTES: Final = 40_000_000
SHIM_TARGET_BYTES: Final = 10_000_000
IDLE_HOST_TARGET_BYTES: Final = 20_000

QUIET_S: Final = 0.5
"""Longer than the gateway waits for more changes before it tells of one."""

AT_REST_S: Final = 3.0
"""Longer than the gateway waits for more calls before it gives back what is free."""


def start(house: House, effort: Effort) -> Section:
    """From the spawn of a shim to its first two answers."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(effort.starts):
        began = time.perf_counter()
        with house.host() as host:
            host.ask(INITIALIZE)
            first.append(time.perf_counter() - began)
            host.ask(LIST_TOOLS)
            second.append(time.perf_counter() - began)
    first_s = percentile(first, 0.5)
    target = f"≤ {FIRST_ANSWER_TARGET_S * 1e3:.0f}"
    rows = (
        Row("spawn to initialize, p50", _milli(first_s), target=target, reached=first_s <= FIRST_ANSWER_TARGET_S),
        Row("spawn to tools/list, p50", _milli(percentile(second, 0.5))),
        Row("spawn to initialize, worst", _milli(max(first))),
    )
    return Section("Start of a shim (ms)", rows)


def change(house: House, effort: Effort) -> Section:
    """From a write to a subscribed file to the notification; the gateway waits on purpose for more to come."""
    file = house.shared_folder / "watched.txt"
    file.write_text("first")
    taken: list[float] = []
    with house.greeted_host() as host:
        host.ask(b'"method":"resources/subscribe","params":{"uri":"%b"}' % file.as_uri().encode())
        for number in range(effort.changes):
            time.sleep(QUIET_S)
            began = time.perf_counter()
            file.write_text(str(number))
            while b'"notifications/resources/updated"' not in host.read_line():
                pass
            taken.append(time.perf_counter() - began)
    shares = (("p50", 0.5), ("p99", 0.99))
    rows = tuple(Row(f"write to notification, {title}", _milli(percentile(taken, share))) for title, share in shares)
    return Section("A file's change (ms)", rows)


def memory(bench: Bench, effort: Effort) -> Section:
    """Each process, and one more idle host. The gateway's counts after everything that the other sections did to it."""
    plain, windowed = bench.houses[HANDED_OVER], bench.houses[HANDED_OVER + WITH_WINDOW]
    assert windowed.tray_pid is not None
    per_host = _idle_host_bytes(plain, effort.idle_hosts)
    time.sleep(AT_REST_S)
    rows = (
        _memory_row("gateway, just started", plain.just_started, GATEWAY_TARGET_BYTES),
        _memory_row("gateway, at rest after all this", memory_of(plain.gateway_pid), GATEWAY_TARGET_BYTES),
        _memory_row("gateway, the same with its window open", memory_of(windowed.gateway_pid), GATEWAY_TARGET_BYTES),
        _memory_row("tray, window open", memory_of(windowed.tray_pid), None),
        _memory_row("shim, handed over", memory_of(bench.lanes[HANDED_OVER].pid), SHIM_TARGET_BYTES),
        _memory_row("shim, pumping", memory_of(bench.lanes[PUMPED].pid), None),
        _memory_row("files server", memory_of(plain.server_pids["files"]), None),
        Row(
            "one more idle host, in the gateway",
            f"{per_host / 1e3:.1f} KB",
            target=f"≤ {IDLE_HOST_TARGET_BYTES / 1e3:.0f} KB",
            reached=per_host <= IDLE_HOST_TARGET_BYTES,
        ),
    )
    return Section("Memory (MB resident; PSS: what is shared divided by its sharers, where the system tells)", rows)


def others(bench: Bench) -> Section:
    """What other programs between a host and its server need for one host."""
    rows: list[Row] = []
    for peer in bench.peers:
        rows.append(Row(f"{peer.name}, spawn to tools/list", f"{_milli(peer.to_tools_s)} ms"))
        rows.append(Row(f"{peer.name}, own memory", f"{peer.own_bytes / 1e6:.1f} MB"))
    return Section("Others, for one host", tuple(rows))


def _idle_host_bytes(house: House, count: int) -> float:
    """What the gateway's own memory grows by for each host. A first crowd, which stays, takes what was spare."""
    with ExitStack() as opened:
        for _ in range(count):
            opened.enter_context(house.greeted_host())
        before = memory_of(house.gateway_pid).own_bytes
        for _ in range(count):
            opened.enter_context(house.greeted_host())
        return (memory_of(house.gateway_pid).own_bytes - before) / count


def _memory_row(what: str, found: Memory, limit: int | None) -> Row:
    """``measured`` is resident memory, against which the target counts."""
    return Row(
        what,
        f"{found.resident_bytes / 1e6:.1f}",
        beside="" if found.share_bytes is None else f"PSS {found.share_bytes / 1e6:.1f}",
        target="" if limit is None else f"< {limit / 1e6:.0f}",
        reached=None if limit is None else found.resident_bytes < limit,
    )


def _milli(seconds: float) -> str:
    return f"{seconds * 1e3:.1f}"
