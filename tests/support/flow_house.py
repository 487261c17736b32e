"""A gateway with servers whose calls last, fail or flood as they are told, each with settings of its own.

The fixtures are for a module to import by name: one gateway for all its tests, and a host for each.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.messages import AddServer, EnableServer, RemoveServer, TrustServer
from ostiary.domain.flow import Flow
from ostiary.domain.server import ServerState
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import LineHost, line_host
from tests.support.person import Person, person_at

CHILD = str(Path(__file__).with_name("children") / "mcp_flow.py")


@contextlib.contextmanager
def flow_house() -> Iterator[tuple[GatewayProcess, Person]]:
    """The test is its tray."""
    with household() as place, running_gateway(place, front=True) as running:
        yield running, person_at(running)


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[GatewayProcess, Person]]:
    with flow_house() as made:
        yield made


@pytest.fixture
def someone(house: tuple[GatewayProcess, Person]) -> Person:
    return house[1]


@pytest.fixture
def host(house: tuple[GatewayProcess, Person]) -> Iterator[LineHost]:
    with line_host(house[0]) as speaker:
        yield speaker


@contextlib.contextmanager
def flow_server(someone: Person, flow: Flow, name: str = "slow", *more_tools: str) -> Iterator[str]:
    """One that runs and is believed, until the block ends."""
    someone.do(AddServer(name=name, command=(sys.executable, "-S", "-E", CHILD, *more_tools), flow=flow))
    try:
        someone.do(EnableServer(name=name))
        someone.server_in(name, ServerState.RUNNING, ServerState.IDLE)
        someone.do(TrustServer(name=name))
        yield name
    finally:
        someone.do(RemoveServer(name=name))


def report(host: LineHost) -> dict[str, Any]:
    """What the server wrote down."""
    is_error, words = host.ended("report")
    assert not is_error, words
    found: dict[str, Any] = json.loads(words)
    return found


def waiting(someone: Person, count: int, name: str = "slow") -> None:
    """Until so many calls wait there."""
    someone.server_as(name, lambda view: view.waiting_calls == count)


def running(someone: Person, count: int, name: str = "slow") -> None:
    """Until so many calls run there."""
    someone.server_as(name, lambda view: view.running_calls == count)
