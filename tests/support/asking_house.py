"""A gateway with two servers that ask back, one of each generation, and everything they say of themselves believed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from ostiary.control.client import connect
from ostiary.control.messages import AddServer, TrustServer
from tests.support.checked_host import checked_host
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.person import Person

ERAS = ("legacy", "modern")
SERVERS = {"legacy": "old", "modern": "new"}
"""The server of each generation. Its tools are called ``legacy_…`` or ``modern_…``."""

CHILD = str(Path(__file__).with_name("children") / "mcp_asking.py")


@contextlib.contextmanager
def asking_house(*options: str, trusted: bool = True, front: bool = False) -> Iterator[GatewayProcess]:
    """Until the block ends; then the servers must have had nothing to object to."""
    with household() as place, running_gateway(place, "--trust-cli", *options, front=front) as running:
        with contextlib.ExitStack() as opened:
            someone = Person(running.front or opened.enter_context(connect(str(place.ostiary))))
            for era, name in SERVERS.items():
                someone.do(AddServer(name=name, command=(sys.executable, CHILD, era)))
                someone.enable(name)
                someone.do(TrustServer(name=name, trusted=trusted))
            yield running
            for name in SERVERS.values():
                someone.do(TrustServer(name=name, trusted=True))
        with checked_host(running, "modern") as host:
            for era in ERAS:
                assert host.talk(f"{era}_objections").said == [], "the server objects to what it was sent"
