"""Starts and ends processes through asyncio's subprocess transports, as Windows needs it.

A process has no window and a console group of its own. Only the process itself is ended; what it started lives on
until a Job Object holds it. There is no polite way to ask a process without a window to end, so asking is ending.
Everything but the flags works on any system, so the contract tests run it everywhere.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import cast

from ostiary.gateway.channel import StreamChannel
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, cannot_start

if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    _FLAGS = 0

_STDIN, _STDOUT, _STDERR = 0, 1, 2


class ChildStreams(StreamChannel):
    """A channel that tells when it was closed, by either side."""

    def __init__(self) -> None:
        super().__init__()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def close(self) -> None:
        super().close()
        if not self.closed.done():
            self.closed.set_result(None)


class TransportProcess(asyncio.SubprocessProtocol):
    """A ``ServerProcess`` on an asyncio subprocess transport."""

    def __init__(self, on_output: OnOutput) -> None:
        self.channel = ChildStreams()
        self.exit_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.pid = 0
        self._on_output = on_output
        self._transport: asyncio.SubprocessTransport | None = None

    @property
    def silent(self) -> asyncio.Future[None]:
        return self.channel.closed

    def terminate(self) -> None:
        if self._transport is not None and not self.exit_code.done():
            with suppress(ProcessLookupError):
                self._transport.terminate()

    def kill(self) -> None:
        if self._transport is not None and not self.exit_code.done():
            with suppress(ProcessLookupError):
                self._transport.kill()

    def release(self) -> None:
        self.channel.close()
        if self._transport is not None:
            self._transport.close()

    # asyncio.SubprocessProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self.pid = self._transport.get_pid()
        reader = cast(asyncio.ReadTransport, self._transport.get_pipe_transport(_STDOUT))
        writer = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(_STDIN))
        self.channel.attach(reader, writer)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == _STDOUT:
            self.channel.data_received(data)
        else:
            self._on_output(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == _STDOUT:
            self.channel.connection_lost(exc)

    def pause_writing(self) -> None:
        self.channel.pause_writing()

    def resume_writing(self) -> None:
        self.channel.resume_writing()

    def process_exited(self) -> None:
        assert self._transport is not None
        code = self._transport.get_returncode()
        self.exit_code.set_result(0 if code is None else code)


async def start_process(launch: Launch, on_output: OnOutput) -> TransportProcess:
    """Starts a process. Raises ``ServerError`` when the system will not. ``launch.pass_fds`` is not for Windows."""
    try:
        _, process = await asyncio.get_running_loop().subprocess_exec(
            lambda: TransportProcess(on_output),
            *launch.command,
            env=launch.environment,
            cwd=launch.cwd,
            creationflags=_FLAGS,
        )
    except OSError as error:
        raise cannot_start(launch, error) from error
    return process


async def end_leftover(pid: int, _patience_s: float) -> None:
    """Ends a process that is not our child (TerminateProcess, at once). One that is gone is fine."""
    with suppress(OSError):
        os.kill(pid, signal.SIGTERM)
