"""One server process from start to end: the polite end, the forced end, and how it ended in words.

Knows neither states nor restarts (``life``), nor how a system does it (``posix``, ``windows``).
"""

from __future__ import annotations

import asyncio
import signal

from ostiary.domain.errors import ServerError
from ostiary.gateway.channel import Channel
from ostiary.gateway.supervise.advice import advice
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.output import Output
from ostiary.gateway.supervise.process import ServerProcess, StartProcess

CLOSED_INPUT_S = 1.0
"""How long a server may take to end once its stdin is closed (MCP 2026-07-28, stdio: shutdown; span: our policy)."""

TERMINATE_S = 1.0
"""How long it may take once its group was asked to end. The whole stop stays within three seconds."""

KILL_S = 0.3
"""Killing takes no time; a process that hangs in the kernel is not waited for."""

DRAIN_S = 0.3
"""How long to read on after the end. Only a process that left the group can still hold the pipe."""


class Child:
    """A started process. Made by ``start``; whoever has it calls ``stop``, also when it ended by itself."""

    def __init__(self, process: ServerProcess, output: Output) -> None:
        self._process = process
        self._output = output
        self._stopping: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, launch: Launch, output: Output, start: StartProcess) -> Child:
        """Starts a process whose stderr goes to ``output``. Raises ``ServerError``."""
        output.begin()
        return cls(await start(launch, output.write), output)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def channel(self) -> Channel:
        """Its stdin and stdout; stays ours to close."""
        return self._process.channel

    @property
    def exit_code(self) -> asyncio.Future[int]:
        """Done when it has ended: its code, or minus a signal's number. Wait with ``asyncio.wait``; never cancel it."""
        return self._process.exit_code

    @property
    def silent(self) -> asyncio.Future[None]:
        """Done when nothing more can be read from it, whether it runs or not."""
        return self._process.silent

    async def ends_within(self, span_s: float) -> bool:
        """Waits for its end, at most this long; true when it has ended."""
        await asyncio.wait({self.exit_code}, timeout=span_s)
        return self.exit_code.done()

    async def stop(self) -> None:
        """Ends it: closes stdin, asks, kills, each after its time. Lets go of the pipes when it has been read out.

        One that was cancelled goes on in the background; a second call waits for the same end.
        """
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._stop())
        await asyncio.shield(self._stopping)

    def end_as_error(self) -> ServerError:
        """How it ended, and what a person can do about it; only after its end."""
        code = self.exit_code.result()
        told = exit_words(code, self._output.last_words())
        return ServerError(told.rstrip("."), advice(code, self._output.tail()))

    async def _stop(self) -> None:
        self.channel.close_writing()
        if not await self.ends_within(CLOSED_INPUT_S):
            self._process.terminate()
        if not await self.ends_within(TERMINATE_S):
            self._process.kill()
            await self.ends_within(KILL_S)
        await asyncio.wait({self.silent}, timeout=DRAIN_S)
        self._process.release()
        self._output.close()


def exit_words(code: int, last_words: str) -> str:
    """How a server ended: ``The server ended with exit code 3; its last words: …``."""
    if code >= 0:
        words = f"The server ended with exit code {code}"
    elif name := _signal_name(-code):
        words = f"The server was ended by signal {-code} ({name})"
    else:
        words = f"The server was ended by signal {-code}"
    return f"{words}; its last words: {last_words}" if last_words else words


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""
