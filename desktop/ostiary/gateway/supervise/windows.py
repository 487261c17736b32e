"""Starts and ends processes through asyncio's subprocess transports, as Windows needs it.

A process has no window, a console group of its own, and a job (``jobs``) that ends whatever it started: with it, and
with the gateway however that dies. There is no polite way to ask a process without a window to end, so asking is
ending. Everything but the flags and the job works on any system, so the contract tests run it everywhere.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import ExitStack, suppress
from typing import cast

from ostiary.domain.errors import ServerError
from ostiary.gateway.stream_channel import StreamChannel
from ostiary.gateway.supervise import creation, jobs, programs
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, cannot_start

_FLAGS = creation.server_flags(sys.platform)

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

    def __init__(self, on_output: OnOutput, job: jobs.Job) -> None:
        self.channel = ChildStreams()
        self.exit_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.pid = 0
        self._on_output = on_output
        self._job = job
        self._transport: asyncio.SubprocessTransport | None = None

    @property
    def silent(self) -> asyncio.Future[None]:
        return self.channel.closed

    def terminate(self) -> None:
        if self._transport is not None and not self.exit_code.done():
            with suppress(ProcessLookupError):
                self._transport.terminate()
            self._job.end()

    def kill(self) -> None:
        if self._transport is not None and not self.exit_code.done():
            with suppress(ProcessLookupError):
                self._transport.kill()
            self._job.end()

    def release(self) -> None:
        self._job.close()
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
        self._job.end()
        self.exit_code.set_result(0 if code is None else code)


class Starter:
    """Starts processes, each with a job of its own."""

    async def start(self, launch: Launch, on_output: OnOutput) -> TransportProcess:
        """Starts a process. Raises ``ServerError`` when the system will not. ``pass_fds`` are not for Windows."""
        try:
            with ExitStack() as undo:
                job = jobs.open_job()
                undo.callback(job.close)
                process = TransportProcess(on_output, job)
                await _spawn(launch, process)
                undo.callback(process.release)
                undo.callback(process.kill)
                job.admit(process.pid)
                undo.pop_all()
        except OSError as error:
            raise cannot_start(launch, error) from error
        except ValueError as error:
            raise ServerError("The server could not be started", f"Its command cannot be written: {error}.") from error
        return process

    def close(self) -> None:
        """Nothing is held here: each process has its job."""


async def _spawn(launch: Launch, process: TransportProcess) -> None:
    """Starts what a launch says, suspended on Windows; a batch file by way of cmd.exe."""
    loop = asyncio.get_running_loop()
    program, *arguments = launch.command
    program = programs.find(program, launch.environment) or program
    if programs.is_batch(program) and sys.platform == "win32":
        starting = loop.subprocess_shell(
            lambda: process,
            programs.batch_line(program, arguments),
            env=launch.environment,
            cwd=launch.cwd,
            creationflags=_FLAGS,
        )
    else:
        starting = loop.subprocess_exec(
            lambda: process, program, *arguments, env=launch.environment, cwd=launch.cwd, creationflags=_FLAGS
        )
    await starting


async def end_leftover(pid: int, _patience_s: float) -> None:
    """Ends a process that is not our child (TerminateProcess, at once). One that is gone is fine."""
    with suppress(OSError):
        os.kill(pid, signal.SIGTERM)
