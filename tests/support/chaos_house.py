"""A real gateway in this process, between hosts and servers that the test plays. Only the processes are not real."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ostiary.domain.house_rules import Writes
from ostiary.domain.server import ServerSpec
from ostiary.gateway import paths
from ostiary.gateway.gateway import Gateway, Options
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, ServerProcess
from ostiary.gateway.supervise.restart import RestartPolicy
from ostiary.gateway.supervise.supervisor import Supervisor
from ostiary_connect import endpoint
from tests.support.chaos_host import ChaosHost
from tests.support.chaos_lines import settled
from tests.support.chaos_server import PlayedServer

SERVERS = {"old": False, "new": True}
"""Names, and whether they speak 2026-07-28."""

AT_ONCE = RestartPolicy(first_delay_s=0.0, longest_delay_s=0.0, short_run_s=0.0, most_short_runs=1_000_000)
DEADLINE_S = 20.0
LOST_ROW = "could not be noted"
"""Stands in what a person is told of a call that the log could not take."""
FULL_ANSWERS = 10
"""So often all is answered before a process that lost a call by its own fault is ended."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How each process of a server behaves at its start: what it says before its first word, whether lists end.

    ``late_s`` is how long its list of prompts takes.
    """

    prelude: tuple[bytes, ...] = ()
    endless: bool = False
    late_s: float = 0.0


class ChaosHouse:
    """``hosts`` and ``servers`` are played; ``faults`` is all that went wrong in the gateway.

    ``manners`` are those of every process that is started from now on.
    """

    def __init__(self, gateway: Gateway, manners: Manners) -> None:
        self.hosts: list[ChaosHost] = []
        self.servers: dict[str, PlayedServer] = {}
        self.gateway = gateway
        self.manners = manners
        self._faults: list[str] = []
        self._objections: list[str] = []

    @property
    def faults(self) -> list[str]:
        """Of the gateway, and what hosts and servers object to."""
        played = [*self._objections, *(each for server in self.servers.values() for each in server.objections)]
        return [*self._faults, *played, *(fault for host in self.hosts for fault in host.faults)]

    def note(self, fault: str) -> None:
        """Something of the gateway's own went wrong."""
        self._faults.append(fault)

    async def host_arrives(self, version: str, pid: int | None = None) -> ChaosHost:
        """One more host, which has said hello; ``pid`` is that of its shim."""
        host = ChaosHost(len(self.hosts), version)
        self.hosts.append(host)
        await host.arrive(self.gateway.reception, pid=pid)
        await settled()
        return host

    async def start_process(self, launch: Launch, _on_output: OnOutput) -> ServerProcess:
        """A played process in place of a real one."""
        name = launch.command[0]
        if name in self.servers:
            self._objections.extend(self.servers[name].objections)
        manners = self.manners
        server = PlayedServer(
            name, modern=SERVERS[name], prelude=manners.prelude, endless=manners.endless, late_s=manners.late_s
        )
        self.servers[name] = await server.start()
        return server

    async def another_process(self, name: str) -> PlayedServer:
        """End a server's process, and wait for its next; it need not be through with its greeting."""
        server = self.servers[name]
        server.end()
        async with asyncio.timeout(DEADLINE_S):
            while self.servers[name] is server:
                await settled()
        return self.servers[name]

    async def all_run(self) -> None:
        """Until every server can be spoken to."""
        connections = self.gateway.connections
        async with asyncio.timeout(DEADLINE_S):
            while any(connections.now(name) is None for name in SERVERS):
                await settled()

    async def finish(self) -> None:
        """Everything that still waits gets its answer; what a server lost by its own fault ends with its process."""
        deadline = asyncio.get_running_loop().time() + DEADLINE_S
        for turn in itertools.count():
            if not self._unanswered():
                return
            assert asyncio.get_running_loop().time() < deadline, (self._unanswered(), self.faults)
            self._answer_all()
            await settled()
            if turn % FULL_ANSWERS == FULL_ANSWERS - 1:
                for server in tuple(self.servers.values()):
                    server.end()
                await self.all_run()

    def _answer_all(self) -> None:
        for server in self.servers.values():
            for call in tuple(server.calls):
                server.answer(call)
        for host in self.hosts:
            for question in tuple(host.questions):
                host.reply(question, 0)

    def _unanswered(self) -> list[Any]:
        staying = (host for host in self.hosts if not host.gone)
        return [(h.mark, n) for h in staying for n in h.asked if n not in h.cancelled and not h.answers[n]]


class _Played(Supervisor):
    """The real supervisor, which is given played processes."""

    def __init__(self, house: ChaosHouse, folder: Path) -> None:
        async def launch(name: str) -> Launch:
            return Launch((name,), {}, folder)

        super().__init__(
            launch=launch,
            converse=house.gateway.connections.converse,
            on_state=house.gateway.connections.on_state,
            started_at=lambda _pid: None,
            output_folder=folder / "output",
            record_folder=folder / "running",
            policy=AT_ONCE,
        )
        self._powers = replace(self._powers, start_process=house.start_process)


class _Faults(logging.Handler):
    """What the gateway's borders catch is a fault here: it should not have come so far. So is a row that was lost."""

    def __init__(self, house: ChaosHouse) -> None:
        super().__init__(logging.WARNING)
        self._house = house

    def emit(self, record: logging.LogRecord) -> None:
        said = logging.Formatter().format(record)
        if record.levelno >= logging.ERROR or LOST_ROW in said:
            self._house.note(said)


@asynccontextmanager
async def chaos_house(folder: Path, manners: Manners | None = None) -> AsyncIterator[ChaosHouse]:
    """Both servers run and are believed."""
    options = Options(endpoint.locate(str(folder)), paths.find(str(folder)), Writes.ALLOW)
    gateway = Gateway(options)
    house = ChaosHouse(gateway, manners or Manners())
    gateway.connections.supervisor = _Played(house, folder)
    asyncio.get_running_loop().set_exception_handler(lambda _loop, fault: house.note(repr(fault)))
    log = _Faults(house)
    logging.getLogger("ostiary").addHandler(log)
    await gateway.log.start()
    try:
        gateway.settings.change(servers=tuple(ServerSpec(name=name, command=(name,), enabled=True) for name in SERVERS))
        await gateway.servers.start_enabled()
        gateway.reception.open()
        await house.all_run()
        for name in SERVERS:
            gateway.servers.trust(name, trusted=True)
        yield house
    finally:
        await gateway.stop()
        await settled()
        logging.getLogger("ostiary").removeHandler(log)
