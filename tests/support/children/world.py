"""A supervisor in a small world: its servers are the programs of this folder, its states are written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from ostiary.domain.errors import OstiaryError, ServerError
from ostiary.domain.server import ServerState
from ostiary.gateway.channel import Channel
from ostiary.gateway.processes import started_at
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.life import Converse, ServerStatus
from ostiary.gateway.supervise.restart import RestartPolicy
from ostiary.gateway.supervise.supervisor import Supervisor
from tests.support.children.stage import Lines, Trace, launch_of

QUICK = RestartPolicy(first_delay_s=0.01, most_short_runs=3)
"""Our policy, but for the spans."""

SLOW = RestartPolicy(first_delay_s=1000, longest_delay_s=1000)

GREETING = b"hello"


class World:
    """A supervisor whose servers are the test programs; a server's name is its program, up to an ``@``."""

    def __init__(self, folder: Path, policy: RestartPolicy) -> None:
        self.trace = Trace()
        self.launched: list[str] = []
        self.lines: dict[str, Lines] = {}
        self.channels: dict[str, Channel] = {}
        self.launch_errors: list[OstiaryError] = []
        self.talk: Callable[[str, Channel], Awaitable[Converse]] = self._greet
        self._folder = folder
        self.supervisor = Supervisor(
            launch=self._launch,
            converse=lambda name, channel: self.talk(name, channel),
            on_state=lambda name, status: self.trace.add((name, status)),
            started_at=started_at,
            output_folder=folder / "output",
            record_folder=folder / "records",
            policy=policy,
        )

    async def _launch(self, name: str) -> Launch:
        self.launched.append(name)
        if self.launch_errors:
            raise self.launch_errors.pop()
        return launch_of(name.partition("@")[0], self._folder)

    async def _greet(self, name: str, channel: Channel) -> Converse:
        """Waits for the echo of a line, as a handshake does."""
        lines = self.lines[name] = Lines(channel)
        self.channels[name] = channel
        channel.send(GREETING)
        answer = asyncio.ensure_future(lines.next())
        closed = asyncio.ensure_future(lines.closed.wait())
        await asyncio.wait({answer, closed}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            raise ServerError("The server closed its output")
        closed.cancel()
        return Converse.READY

    async def running(self, name: str) -> ServerStatus:
        """Waits until a server runs or did, whatever came before and after."""
        _, status = await self.trace.until(lambda seen: seen[0] == name and seen[1].state is ServerState.RUNNING)
        assert isinstance(status, ServerStatus)
        return status

    async def until(self, name: str, state: ServerState) -> ServerStatus:
        """Waits until a server was in a state, and forgets what was before."""
        _, status = await self.trace.until(lambda seen: seen[0] == name and seen[1].state is state)
        self.trace.seen.clear()
        assert isinstance(status, ServerStatus)
        return status

    def states(self) -> list[ServerState]:
        return [status.state for _, status in self.trace.seen]


@asynccontextmanager
async def world(folder: Path, policy: RestartPolicy = QUICK) -> AsyncIterator[World]:
    made = World(folder, policy)
    try:
        yield made
    finally:
        await made.supervisor.stop_all()
    assert psutil.Process().children(recursive=True) == []
    assert list((folder / "records").iterdir()) == []
