"""All servers of a gateway: starts and stops them by name, one wish at a time each, and ends them all at the end.

How one server lives stands in ``life``. What a server needs (command, secrets, the MCP conversation) is asked of
functions given here. Everything belongs to the loop's thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ostiary.domain.errors import UsageError
from ostiary.gateway.channel import Channel
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.life import Converse, Life, Powers, ServerStatus
from ostiary.gateway.supervise.output import Output
from ostiary.gateway.supervise.process import StartProcess
from ostiary.gateway.supervise.records import Records, file_name
from ostiary.gateway.supervise.restart import OUR_POLICY, RestartPolicy
from ostiary.gateway.supervise.system import Starter, end_leftover

LEFTOVER_PATIENCE_S = 1.0
"""How long a process that a killed gateway left may take to end when asked."""


class Supervisor:
    """Servers by name; a name is any string. Wishes for one server are carried out in the order of the calls."""

    def __init__(
        self,
        *,
        launch: Callable[[str], Awaitable[Launch]],
        converse: Callable[[str, Channel], Awaitable[Converse]],
        on_state: Callable[[str, ServerStatus], None],
        started_at: Callable[[int], float | None],
        output_folder: Path,
        record_folder: Path,
        mask: Callable[[str], str] = str,
        clock: Callable[[], float] = time.monotonic,
        policy: RestartPolicy = OUR_POLICY,
    ) -> None:
        for folder in (output_folder, record_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._starter = Starter()
        self._powers = Powers(self._starter.start, launch, converse, on_state, started_at, clock, policy, mask)
        self._output_folder = output_folder
        self._mask = mask
        self._records = Records(record_folder)
        self._servers: dict[str, _Server] = {}
        self._wishes: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def start_process(self) -> StartProcess:
        """Starts a process that is no server. It ends with the gateway as servers do; its end is who asked's affair."""
        return self._starter.start

    def start(self, name: str) -> Coroutine[Any, Any, None]:
        """Have a server run. Returns when the start has begun, which may be after a stop that is under way.

        One that runs is left alone; one that waits after a failure tries at once. Raises ``UsageError`` once
        ``stop_all`` was called.
        """
        return self._wish(self._start(name))

    def stop(self, name: str) -> Coroutine[Any, Any, None]:
        """End a server. Returns when it is stopped."""
        return self._wish(self._stop(name))

    def forget(self, name: str) -> Coroutine[Any, Any, None]:
        """End a server and keep nothing of it. Who waits meanwhile to start one of that name starts another."""
        return self._wish(self._forget(name))

    def restart(self, name: str) -> Coroutine[Any, Any, None]:
        """End a server and have it run again, in one turn. Returns when the start has begun; raises as ``start``."""
        return self._wish(self._restart(name))

    async def stop_all(self) -> None:
        """End every server, all at the same time, within three seconds; none can be started after it."""
        self._closing = True
        try:
            await asyncio.gather(*(self.stop(name) for name in self._servers))
        finally:
            self._starter.close()

    def status(self, name: str) -> ServerStatus:
        """How a server is; one that was never started is stopped."""
        server = self._servers.get(name)
        return server.life.status if server else ServerStatus()

    def output(self, name: str) -> str:
        """The newest 64 KB a server wrote to stderr, in earlier runs of Ostiary too."""
        return self._output(name).text()

    def forget_output(self, name: str) -> None:
        """What a server of that name wrote is another's from now on."""
        self._output(name).remove()

    async def clean_up_leftovers(self) -> None:
        """End the process groups that a killed gateway left. To be called before the first start.

        Only a process that was started when the record says is ended: its number may belong to another by now. What
        a server left that ended by itself is not found here.
        """
        left = [found for found in self._records.take_all() if found.is_same(self._powers.started_at(found.pid))]
        await asyncio.gather(*(end_leftover(found.pid, LEFTOVER_PATIENCE_S) for found in left))

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncIterator[_Server]:
        """The server of that name, for who wishes something of it now; not one that was forgotten while we waited."""
        while True:
            server = self._server(name)
            async with server.turn:
                if self._servers.get(name) is server:
                    yield server
                    return

    def _wish(self, work: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
        """Takes its place among the wishes now, and is carried out though who waits for it gives up.

        A server that was half ended could neither run nor be started.
        """
        wish = asyncio.get_running_loop().create_task(work)
        self._wishes.add(wish)
        wish.add_done_callback(self._wishes.discard)
        return _until_done(wish)

    async def _start(self, name: str) -> None:
        async with self._turn(name) as server:
            self._begin(server)

    async def _stop(self, name: str) -> None:
        async with self._turn(name) as server:
            await server.life.stop()

    async def _forget(self, name: str) -> None:
        if name in self._servers:
            async with self._turn(name) as server:
                await server.life.stop()
                server.output.remove()
                del self._servers[name]

    async def _restart(self, name: str) -> None:
        async with self._turn(name) as server:
            await server.life.stop()
            self._begin(server)

    def _begin(self, server: _Server) -> None:
        if self._closing:
            raise UsageError("Ostiary is ending", "No server can be started any more.")
        server.life.start()

    def _server(self, name: str) -> _Server:
        if name not in self._servers:
            output = self._output(name)
            self._servers[name] = _Server(Life(name, self._powers, output, self._records), output)
        return self._servers[name]

    def _output(self, name: str) -> Output:
        server = self._servers.get(name)
        return server.output if server else Output(self._output_folder / f"{file_name(name)}.log", mask=self._mask)


class _Server:
    """A life, what it says, and whose turn it is to change it."""

    def __init__(self, life: Life, output: Output) -> None:
        self.life = life
        self.output = output
        self.turn = asyncio.Lock()


async def _until_done(wish: asyncio.Task[None]) -> None:
    await asyncio.shield(wish)
