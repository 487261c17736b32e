"""The gateway's client joined to a real server process, and what was heard from it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ostiary.domain.server import EraChoice
from ostiary.gateway.answer import Answer
from ostiary.gateway.asking import Asked, OnProgress
from ostiary.gateway.client import Client, GreetingEnd
from ostiary.gateway.handshake import Patience
from ostiary.gateway.host_end import LegacyHostEnd
from ostiary.gateway.host_requests import HostRequests
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.wire import methods

DEADLINE_S = 30.0
CHILDREN = Path(__file__).parent / "children"
SHORT = Patience(probe_s=0.5, handshake_s=4.0, answer_s=0.5)
OWN_INFO = {"name": "ostiary", "version": "0"}


class Heard:
    """A listener that keeps what it is told."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[Client] = asyncio.Queue()
        self.updates: asyncio.Queue[str] = asyncio.Queue()
        self.remarks: list[str] = []
        self.troubles: list[str] = []

    def lists_changed(self, client: Client) -> None:
        self.changes.put_nowait(client)

    def resource_updated(self, client: Client, uri: str) -> None:
        self.updates.put_nowait(uri)

    def logged(self, client: Client, level: str, params: bytes, sessions: frozenset[int]) -> None:
        self.remarks.append(f"{level} {params.decode()}")

    def troubled(self, client: Client, text: str) -> None:
        self.troubles.append(text)

    def remarked(self, client: Client, text: str) -> None:
        self.remarks.append(text)


class Server:
    """A client, its process, and what was heard from it."""

    def __init__(self, client: Client, heard: Heard, process: subprocess.Popen[bytes]) -> None:
        self.client = client
        self.heard = heard
        self.process = process

    async def greet(self, era: EraChoice = EraChoice.AUTO, known_modern: bool | None = None) -> GreetingEnd:
        return await self.client.greet(era, known_modern)

    async def call(self, tool: str, **more: Any) -> Answer:
        return await self.client.ask(methods.CALL_TOOL, {"name": tool, **more}, deadline_s=DEADLINE_S)

    async def result(self, tool: str, **more: Any) -> Any:
        answer = await self.call(tool, **more)
        assert answer.result is not None, answer
        return json.loads(answer.result)

    async def seen(self, tool: str, **more: Any) -> Any:
        """The parameters as the server got them."""
        return json.loads((await self.result(tool, **more))["content"][0]["text"])

    async def open_listens(self) -> list[int]:
        """The ids of the listens that a scripted server holds open."""
        found: list[int] = (await self.result("listens"))["open"]
        return found

    async def failure(self, tool: str) -> str:
        answer = await self.call(tool)
        assert answer.error is not None, answer
        error = json.loads(answer.error)
        assert (error["code"], error["data"]) == (-32603, {"server": "server"})
        return str(error["message"])


@asynccontextmanager
async def started(program: str, *arguments: str, patience: Patience) -> AsyncIterator[Server]:
    """A process and a client that has not said anything yet."""
    command = [sys.executable, str(CHILDREN / f"{program}.py"), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: ASYNC220  pipes
        assert process.stdin is not None
        assert process.stdout is not None
        descriptors = os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())
        process.stdin.close()
        process.stdout.close()
        channel = PipeChannel(asyncio.get_running_loop(), *descriptors)
        heard = Heard()
        try:
            yield Server(Client("server", channel, heard, OWN_INFO, patience), heard, process)
        finally:
            channel.close()
            process.kill()


def play(
    scenario: Callable[[Server], Coroutine[None, None, None]],
    program: str = "mcp_scripted",
    *arguments: str,
    patience: Patience = SHORT,
) -> None:
    async def whole() -> None:
        async with asyncio.timeout(DEADLINE_S), started(program, *arguments, patience=patience) as server:
            await scenario(server)

    asyncio.run(whole())


def waiting_host(progress: OnProgress) -> LegacyHostEnd:
    """A host that waits for a call and wants to hear how it goes on."""
    asked = Asked(methods.CALL_TOOL, {}, False, None, 0, progress)
    return LegacyHostEnd(1, asked, HostRequests(_unheard), _unheard, _unheard)


def _unheard(*_said: object) -> None: ...


def tools_of(client: Client) -> list[str]:
    return [tool.own_name for tool in client.lists.tools]
