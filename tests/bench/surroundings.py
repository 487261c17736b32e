"""What is measured: the echo server spoken to directly, through gateways with or without a window, and through others.

Each gateway has a household of its own with the echo server added, switched on and trusted, and one approved folder.
A shim pumps where the gateway listens on a loopback port, as on Windows; elsewhere it hands its descriptors over.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ostiary.control.client import connect
from ostiary.control.messages import AddRoot, AddServer, EnableServer, GetStatus, Status, TrustServer
from ostiary.domain.server import ServerState
from tests.bench.line_client import DEADLINE_S, LIST_TOOLS, BrokenError, LineClient, program
from tests.bench.memory import Memory, memory_of
from tests.bench.peers import Peer, running_peers
from tests.support.gateway_process import Household, household, running_gateway

ECHO: Final = (sys.executable, str(Path(__file__).with_name("echo_server.py")))
COPYING: Final = (sys.executable, str(Path(__file__).with_name("copying_relay.py")), *ECHO)
WINDOW: Final = (sys.executable, "-m", "tests.bench.window")
END_TIMEOUT_S: Final = 10.0
LOOK_S: Final = 0.02

DIRECT: Final = "direct"
COPIED: Final = "only copied"
HANDED_OVER: Final = "handed over"
PUMPED: Final = "pumped"
WITH_WINDOW: Final = ", window open"


@dataclass(frozen=True)
class House:
    """A gateway that runs, and what its hosts find in their environment. ``tray_pid`` is None without a window."""

    gateway_pid: int
    server_pids: Mapping[str, int]
    tray_pid: int | None
    shared_folder: Path
    """The approved folder."""
    environment: Mapping[str, str]
    just_started: Memory
    """The gateway's, when its servers ran and no host had come."""

    def host(self) -> LineClient:
        """A host behind a shim of its own, which has said nothing yet."""
        return LineClient([program("ostiary-connect"), "--no-start"], self.environment)

    def greeted_host(self) -> LineClient:
        """One that has shaken hands and knows the tools: their servers may still be starting before."""
        client = self.host()
        client.initialize()
        client.ask(LIST_TOOLS)
        return client


@dataclass(frozen=True)
class Bench:
    """The houses, and a client for each way to the echo server, by the way's name; and other programs, running."""

    houses: Mapping[str, House]
    lanes: Mapping[str, LineClient]
    peers: tuple[Peer, ...]


@contextlib.contextmanager
def running_bench(*, others: bool) -> Iterator[Bench]:
    """Everything started and greeted; with ``others``, also the other programs that are installed."""
    with contextlib.ExitStack() as opened:
        direct = opened.enter_context(LineClient(ECHO, os.environ))
        copied = opened.enter_context(LineClient(COPYING, os.environ))
        houses: dict[str, House] = {}
        lanes = {DIRECT: direct, COPIED: copied}
        for client in lanes.values():
            client.initialize()
        for name, pump, window in (
            (HANDED_OVER, False, False),
            (PUMPED, True, False),
            (HANDED_OVER + WITH_WINDOW, False, True),
            (PUMPED + WITH_WINDOW, True, True),
        ):
            houses[name] = opened.enter_context(_house(pump=pump, window=window))
            lanes[name] = opened.enter_context(houses[name].greeted_host())
        yield Bench(houses, lanes, opened.enter_context(running_peers(ECHO)) if others else ())


@contextlib.contextmanager
def _house(*, pump: bool, window: bool) -> Iterator[House]:
    with household() as place:
        with running_gateway(place, "--trust-cli"):
            _furnish(place)
        with contextlib.ExitStack() as opened:
            with _transport(pump=pump):
                tray = opened.enter_context(running_tray(place)) if window else None
                if tray is None:
                    opened.enter_context(running_gateway(place))
                house = _inspected(place, None if tray is None else tray.pid)
            yield house


@contextlib.contextmanager
def running_tray(place: Household, *how: str) -> Iterator[subprocess.Popen[bytes]]:
    """The tray with a gateway of its own, once its window is open, or could be (``closed``)."""
    screen = {} if os.environ.get("DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"}
    command = [*WINDOW, str(place.ostiary), *how]
    with (
        (place.ostiary / "tray.err").open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env={**place.environment, **screen}) as tray,
    ):
        assert tray.stdout is not None
        try:
            if tray.stdout.readline() != b"ready\n":
                raise BrokenError("the window did not open")
            yield tray
        finally:
            tray.terminate()
            tray.wait(END_TIMEOUT_S)


@contextlib.contextmanager
def _transport(*, pump: bool) -> Iterator[None]:
    """What is started meanwhile, and this process, meet on a loopback port when hosts are to be pumped."""
    if pump:
        os.environ["OSTIARY_TRANSPORT"] = "tcp"
    try:
        yield
    finally:
        os.environ.pop("OSTIARY_TRANSPORT", None)


def _furnish(place: Household) -> None:
    _shared(place).mkdir()
    with connect(str(place.ostiary)) as control:
        control.ask(AddRoot(path=str(_shared(place))))
        control.ask(AddServer(name="echo", command=ECHO))
        control.ask(EnableServer(name="echo"))
        control.ask(EnableServer(name="files"))
        control.ask(TrustServer(name="echo"))


def _inspected(place: Household, tray_pid: int | None) -> House:
    with connect(str(place.ostiary)) as control:
        deadline = time.monotonic() + DEADLINE_S
        # Asked again and again: a subscription would have the gateway load all that a window shows.
        while not _all_run(status := control.ask(GetStatus())):
            if time.monotonic() > deadline:
                raise BrokenError("a server did not start")
            time.sleep(LOOK_S)
    servers = {server.name: server.pid for server in status.servers if server.pid is not None}
    return House(status.pid, servers, tray_pid, _shared(place), place.environment, memory_of(status.pid))


def _all_run(status: Status) -> bool:
    return all(server.state is ServerState.RUNNING for server in status.servers if server.enabled)


def _shared(place: Household) -> Path:
    return place.person / "shared"
