"""Wishes about a server that come while its processes are ending: the last one counts."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import (
    AddServer,
    Command,
    ConfigureServer,
    DisableServer,
    EnableServer,
    RemoveServer,
    RestartServer,
    TrustServer,
)
from ostiary.domain.server import Isolation, ServerState
from tests.support.flow_house import CHILD, report
from tests.support.flow_house import house as house
from tests.support.flow_house import someone as someone
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, line_host
from tests.support.person import Person

STAYS_A_WHILE = '"$@"; echo ending > "$0"; exec sleep 60'
"""It does not end when its input does, says so, and waits to be asked."""


@pytest.fixture
def host(house: tuple[GatewayProcess, Person]) -> Iterator[LineHost]:
    with line_host(house[0]) as speaker:
        yield speaker


@pytest.fixture
def ending(someone: Person, host: LineHost, tmp_path: Path) -> Iterator[Path]:
    """A server runs, and has a process of its own for the host. The file tells when one of them is ending."""
    said = tmp_path / "ending"
    os.mkfifo(said)
    command = ("sh", "-c", STAYS_A_WHILE, str(said), sys.executable, "-S", "-E", CHILD)
    with said.open("r+b", buffering=0):  # a writer never waits
        someone.do(AddServer(name="slow", command=command, isolation=Isolation.PER_HOST))
        someone.enable("slow")
        someone.do(TrustServer(name="slow"))
        report(host)
        yield said
        someone.do(RemoveServer(name="slow"))


@contextmanager
def under_way(gateway: GatewayProcess, ending: Path, wish: Command[Any]) -> Iterator[None]:
    """The block is worked through while a process ends because of the wish; afterwards all of it is done."""
    with connect(str(gateway.home)) as another, ThreadPoolExecutor(1) as worker, ending.open("rb") as said:
        done = worker.submit(lambda: another.ask(wish))
        assert said.readline() == b"ending\n"
        yield
        done.result()


def test_a_server_that_is_switched_off_while_it_is_restarted_stays_off(
    house: tuple[GatewayProcess, Person], someone: Person, ending: Path
) -> None:
    with under_way(house[0], ending, RestartServer(name="slow")):
        someone.do(DisableServer(name="slow"))
    assert someone.server("slow").state is ServerState.STOPPED


def test_a_server_that_is_switched_off_while_it_gets_other_processes_stays_off(
    house: tuple[GatewayProcess, Person], someone: Person, ending: Path
) -> None:
    with under_way(house[0], ending, ConfigureServer(name="slow", isolation=Isolation.SHARED)):
        someone.do(DisableServer(name="slow"))
    assert someone.server("slow").state is ServerState.STOPPED


def test_a_server_that_is_switched_on_while_it_is_switched_off_runs(
    house: tuple[GatewayProcess, Person], someone: Person, ending: Path
) -> None:
    with under_way(house[0], ending, DisableServer(name="slow")):
        someone.do(EnableServer(name="slow"))
    assert someone.server("slow").enabled
    assert someone.server("slow").state in (ServerState.STARTING, ServerState.RUNNING)
