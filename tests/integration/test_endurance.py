"""A very long day: eight hosts at work, four servers killed at random, and a gateway that is killed again and again.

Every request is answered, never with two results; an error beside a result comes only from a gateway that was killed
while it wrote. No write is made twice, no answer is another's, nothing is left behind, and nothing grows.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from ostiary.control.client import connect
from ostiary.control.messages import AddServer, ListServers, RestartServer, TrustServer
from ostiary.domain.server import ServerState
from tests.support.commands import DEADLINE_S
from tests.support.endurance import Work
from tests.support.gateway_process import LOOK_S
from tests.support.line_host import line_host
from tests.support.mortal_gateway import MortalGateway, mortal_gateway
from tests.support.person import Person

SERVER = str(Path(__file__).parents[1] / "support" / "children" / "enduring_server.py")
NAMES = tuple(f"enduring{number}" for number in range(4))
HOSTS = 8
STALL_S = 60.0
"""Longer than a killed server waits before it starts again."""
FAILING = 0.4
"""The part of the calls that may fail: while a killed server waits to start again, its calls are answered at once."""
SLACK_DESCRIPTORS = 16
"""At the middle a server may be down: four pipes each, and those of one that is just being started."""
GROWTH = 1.10
"""What the gateway may use at the end, measured by the middle."""


@dataclass(frozen=True)
class Day:
    """How much happens. Gateways are killed in the first half of it, so that the last one lives for the second."""

    calls: int
    gateway_kills: int
    server_kills: int


@dataclass(frozen=True)
class Footprint:
    """What a gateway holds at one moment."""

    memory_bytes: int
    descriptors: int


SHORT = Day(calls=4_000, gateway_kills=2, server_kills=3)
LONG = Day(calls=1_000_000, gateway_kills=20, server_kills=40)


@pytest.mark.parametrize("day", [SHORT, pytest.param(LONG, marks=[pytest.mark.soak, pytest.mark.timeout(7_200)])])
def test_a_long_day_loses_nothing_and_leaves_nothing(day: Day) -> None:
    with mortal_gateway("--writes", "allow") as gateway, ExitStack() as opened:
        configure(gateway)
        answered = threading.Semaphore(0)
        hosts = [opened.enter_context(line_host(gateway.now, modern=number % 2 == 1)) for number in range(HOSTS)]
        assert all(host.tools() for host in hosts)
        work = [Work(host, number, NAMES, day.calls // HOSTS, answered.release) for number, host in enumerate(hosts)]
        middle = trouble(gateway, day, answered, work)
        for each in work:
            each.end(STALL_S)
        check_answers(work, day)
        check_writes(gateway, work)
        if day is LONG:
            assert footprint(gateway).memory_bytes <= middle.memory_bytes * GROWTH
        assert footprint(gateway).descriptors <= middle.descriptors + SLACK_DESCRIPTORS
        opened.close()
        check_leavings(gateway)


def configure(gateway: MortalGateway) -> None:
    with connect(str(gateway.place.ostiary)) as control:
        person = Person(control)
        for name in NAMES:
            command = (sys.executable, "-S", "-E", SERVER, name, str(gateway.place.person / f"{name}.writes"))
            person.do(AddServer(name=name, command=command))
            person.do(TrustServer(name=name))
            person.enable(name)


def trouble(gateway: MortalGateway, day: Day, answered: threading.Semaphore, work: list[Work]) -> Footprint:
    """Kill what the day says, at random moments; gives what the last gateway held when it had had its middle."""
    chance = random.Random(3)
    half = day.calls // 2
    kills = [(chance.randrange(half), True) for _ in range(day.gateway_kills)]
    kills += [(chance.randrange(day.calls * 9 // 10), False) for _ in range(day.server_kills)]
    done, middle, middle_at = 0, Footprint(0, 0), day.calls * 3 // 4
    for moment, is_gateway in sorted([*kills, (middle_at, False), (day.calls, False)]):
        for _ in range(moment - done):
            assert answered.acquire(timeout=STALL_S), (faults_of(work), gateway.now.said())
        done = max(done, moment)
        if moment == day.calls:
            break
        if moment == middle_at:
            middle = footprint(gateway)
        gateway.restart() if is_gateway else kill_a_server(gateway, chance)
    return middle


def kill_a_server(gateway: MortalGateway, chance: random.Random) -> None:
    """One of those that run, as the system would. One that the gateway has given up is started again by the person."""
    with connect(str(gateway.place.ostiary)) as control:
        servers = [server for server in control.ask(ListServers()) if server.name in NAMES]
        for server in servers:
            if server.state is ServerState.FATAL:
                control.ask(RestartServer(name=server.name))
    pids = [server.pid for server in servers if server.pid is not None and is_ours(server.pid)]
    if pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(pids), signal.SIGKILL)


def is_ours(pid: int) -> bool:
    try:
        return SERVER in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def footprint(gateway: MortalGateway) -> Footprint:
    process = psutil.Process(gateway.now.process.pid)
    return Footprint(int(process.memory_info().rss), process.num_fds())


def check_answers(work: list[Work], day: Day) -> None:
    assert faults_of(work) == []
    told_twice = sum(each.told_twice for each in work)
    assert told_twice <= day.gateway_kills * HOSTS, "more than each host's one line that was being written"
    failed = sum(each.failed for each in work)
    assert failed <= day.calls * FAILING, f"{failed} calls failed"


def faults_of(work: list[Work]) -> list[str]:
    return [fault for each in work for fault in each.faults]


def check_writes(gateway: MortalGateway, work: list[Work]) -> None:
    noted = Counter(mark for name in NAMES for mark in writes_of(gateway, name))
    assert [mark for mark, times in noted.items() if times > 1] == []
    assert noted.keys() <= set().union(*(each.wrote for each in work))


def writes_of(gateway: MortalGateway, name: str) -> Iterator[str]:
    with (gateway.place.person / f"{name}.writes").open() as lines:
        yield from (line.rstrip("\n") for line in lines)


def check_leavings(gateway: MortalGateway) -> None:
    """Hosts have gone: no journal, no row that still runs, no process but the servers', their keepers and the guard."""
    gateway.settle()
    children = psutil.Process(gateway.now.process.pid).children(recursive=True)
    servers = Counter(" ".join(child.cmdline()) for child in children if is_ours(child.pid))
    assert [command for command, processes in servers.items() if processes > 1] == []
    assert len(children) <= 2 * (len(NAMES) + 1) + 1
    deadline = time.monotonic() + DEADLINE_S  # the log writes behind the calls
    while rows_that_run(gateway) and time.monotonic() < deadline:
        time.sleep(LOOK_S)
    assert rows_that_run(gateway) == 0


def rows_that_run(gateway: MortalGateway) -> int:
    database = next(gateway.place.ostiary.rglob("calls.sqlite3"))
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as log:
        (rows,) = log.execute("SELECT count(*) FROM calls WHERE outcome = 'running'").fetchone()
    return int(rows)
