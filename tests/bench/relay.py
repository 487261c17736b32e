"""Calls through Ostiary beside the same calls to the server itself, and through others: latency, throughput, a crowd.

Ways are measured in turns, in another order each time, so that a busy machine is as bad to each of them.
"""

from __future__ import annotations

import random
import select
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from tests.bench.effort import Effort
from tests.bench.line_client import DEADLINE_S, BrokenError, LineClient, echo
from tests.bench.peers import missing
from tests.bench.surroundings import COPIED, DIRECT, HANDED_OVER, PUMPED, Bench, House
from tests.bench.table import Row, Section, micro, percentile

SETTLE_S: Final = 0.15
"""Between two ways: what the last one left to do (the log's batch, the window's rows) is done meanwhile."""

WARM_UP: Final = 3
IN_FLIGHT: Final = 32
THROUGHPUT_TARGET: Final = 0.6
BIG_TARGET: Final = 3.0
HOSTS: Final = 8
CALLS_PER_S: Final = 50
CROWD_TARGET: Final = 2.0
LESS_THAN_OTHERS: Final = 10.0


@dataclass(frozen=True)
class _Size:
    """How big requests and answers are; whether the target is a multiple of the direct way; whether others do it."""

    title: str
    members: bytes
    big: bool = False
    others: bool = True


_SIZES: Final = (
    _Size("200 B", echo(80, 110)),
    _Size("200 B with a path", echo(50, 110, path=b"/usr/share/doc/a.txt"), others=False),
    _Size("10 KB", echo(10_000, 10_000)),
    _Size("1 MB answered", echo(10, 1_000_000), big=True),
    _Size("1 MB asked", echo(1_000_000, 10), big=True, others=False),  # supergateway takes 100 KB
)


def latency(bench: Bench, effort: Effort) -> tuple[Section, Section]:
    """Added time of one call after the other: ours, and that of others in the same turns."""
    ours: list[Row] = []
    theirs: list[Row] = []
    others = {peer.name: peer.client for peer in bench.peers}
    for size in _SIZES:
        lanes = {**bench.lanes, **others} if size.others else bench.lanes
        taken: dict[str, list[float]] = {name: [] for name in lanes}
        for _ in range(effort.rounds):
            for name, client in _shuffled(lanes):
                taken[name] += _one_by_one(client, size, effort.big_calls if size.big else effort.calls)
        names = (COPIED, *bench.houses)
        ours += [row for name in names for row in _latency_rows(size, name, taken[name], taken[DIRECT])]
        if size.others:
            theirs += _others_rows(size, taken, tuple(others))
    theirs += [Row(f"{name} is not installed", "") for name in missing()]
    return (
        Section("tools/call, one after the other (µs; measured: added to direct)", tuple(ours)),
        Section("The same through others (µs; measured: added to direct)", tuple(theirs)),
    )


def _others_rows(size: _Size, taken: Mapping[str, list[float]], others: tuple[str, ...]) -> list[Row]:
    """One for each of them, and how much less Ostiary adds than the best of them."""
    direct = percentile(taken[DIRECT], 0.5)
    added = {name: percentile(taken[name], 0.5) - direct for name in (*others, HANDED_OVER)}
    rows = [
        Row(
            f"{size.title}, p50, {name}",
            f"{added[name] * 1e6:+,.0f}",
            f"direct {micro(direct)}",
            f"{(added[name] + direct) / direct:.1f} ×",
        )
        for name in others
    ]
    if others:
        best, own = min(added[name] for name in others), added[HANDED_OVER]
        times = best / own
        judged = ("≥ 10 ×", times >= LESS_THAN_OTHERS) if size is _SIZES[0] else ("", None)
        what = f"{size.title}, p50, the best of them beside Ostiary"
        rows.append(Row(what, f"{best * 1e6:+,.0f}", f"Ostiary {own * 1e6:+,.0f}", f"{times:.1f} ×", *judged))
    return rows


def _one_by_one(client: LineClient, size: _Size, count: int) -> list[float]:
    time.sleep(SETTLE_S)
    taken: list[float] = []
    for _ in range(WARM_UP + count):
        began = time.perf_counter()
        client.ask(size.members)
        taken.append(time.perf_counter() - began)
    return taken[WARM_UP:]


def _latency_rows(size: _Size, name: str, taken: list[float], direct: list[float]) -> list[Row]:
    limits = (150e-6, 300e-6) if name.startswith(PUMPED) else (60e-6, 200e-6)
    rows: list[Row] = []
    for title, share, limit in zip(("p50", "p99"), (0.5, 0.99), limits, strict=True):
        ours, theirs = percentile(taken, share), percentile(direct, share)
        target = f"≤ {BIG_TARGET:.0f} ×" if size.big else f"≤ +{micro(limit)}"
        reached = ours <= BIG_TARGET * theirs if size.big else ours - theirs <= limit
        what = f"{size.title}, {title}, {name}"
        ratio = f"{ours / theirs:.1f} ×"
        judged = ("", None) if name == COPIED else (target, reached)
        rows.append(Row(what, f"{(ours - theirs) * 1e6:+,.0f}", f"direct {micro(theirs)}", ratio, *judged))
    return rows


def throughput(bench: Bench, effort: Effort) -> Section:
    """Calls a second with 32 of them on their way all the time, 200 bytes each."""
    taken: dict[str, list[float]] = {name: [] for name in bench.lanes}
    for _ in range(effort.rounds):
        for name, client in _shuffled(bench.lanes):
            time.sleep(SETTLE_S)
            taken[name].append(effort.flood / client.flood(_SIZES[0].members, effort.flood, IN_FLIGHT))
    direct = percentile(taken[DIRECT], 0.5)
    rows = []
    for name in (COPIED, *bench.houses):
        ours = percentile(taken[name], 0.5)
        ratio = f"{ours / direct:.2f} ×"
        judged = ("", None) if name == COPIED else (f"≥ {THROUGHPUT_TARGET} ×", ours >= THROUGHPUT_TARGET * direct)
        rows.append(Row(name, f"{ours:,.0f}", f"direct {direct:,.0f}", ratio, *judged))
    return Section(f"{IN_FLIGHT} calls in flight (calls a second)", tuple(rows))


def crowd(house: House, direct: LineClient, effort: Effort) -> Section:
    """The worst host's p99 among several that call steadily, beside one that is alone, and beside no Ostiary."""
    untouched: list[list[float]] = []
    alone: list[list[float]] = []
    together: list[list[float]] = []
    with ExitStack() as opened:
        hosts = [opened.enter_context(house.greeted_host()) for _ in range(HOSTS)]
        for _ in range(effort.crowd_rounds):
            untouched += _steadily([direct], effort.crowd_s)
            alone += _steadily(hosts[:1], effort.crowd_s)
            together += _steadily(hosts, effort.crowd_s)
    bare, one = (percentile([each for turn in turns for each in turn], 0.99) for turns in (untouched, alone))
    of_each = [percentile([each for turn in together[n::HOSTS] for each in turn], 0.99) for n in range(HOSTS)]
    worst = max(of_each)
    target = f"≤ {CROWD_TARGET:.0f} ×"
    rows = (
        Row("p99 of one host", micro(one), f"direct {micro(bare)}", f"{one / bare:.1f} ×"),
        Row(
            f"p99 of the worst of {HOSTS}",
            micro(worst),
            f"alone {micro(one)}",
            f"{worst / one:.1f} ×",
            target,
            worst <= CROWD_TARGET * one,
        ),
    )
    return Section(f"Many hosts, {CALLS_PER_S} calls a second each (µs)", rows)


def _steadily(hosts: list[LineClient], seconds: float) -> list[list[float]]:
    """Each host calls at a steady pace, at moments of its own. Gives the time of each call, for each host."""
    began = time.perf_counter()
    pause = 1 / CALLS_PER_S
    due = [began + pause * place / len(hosts) for place in range(len(hosts))]
    sent: dict[int, float] = {}
    taken: list[list[float]] = [[] for _ in hosts]
    by_descriptor = {host.read_fd: place for place, host in enumerate(hosts)}
    while sent or time.perf_counter() < began + seconds:
        now = time.perf_counter()
        for place, host in enumerate(hosts):
            if place not in sent and due[place] <= now < began + seconds:
                sent[place] = time.perf_counter()
                host.send(_SIZES[0].members)
                due[place] += pause
        wait_s = DEADLINE_S if len(sent) == len(hosts) else max(min(due) - time.perf_counter(), 0)
        for descriptor in select.select(by_descriptor, [], [], min(wait_s, DEADLINE_S))[0]:
            place = by_descriptor[descriptor]
            hosts[place].read_line()
            taken[place].append(time.perf_counter() - sent.pop(place))
        if any(now - moment > DEADLINE_S for moment in sent.values()):
            raise BrokenError("a call among many had no answer")
    return taken


def _shuffled(lanes: Mapping[str, LineClient]) -> list[tuple[str, LineClient]]:
    return random.sample(list(lanes.items()), len(lanes))
