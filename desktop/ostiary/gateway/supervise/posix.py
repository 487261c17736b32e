"""Starts and ends processes on POSIX systems: each leads a session and a process group of its own.

A process that calls ``setsid`` itself leaves its group and is not reached from here.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress

from ostiary.gateway.channel import READ_BYTES, PipeChannel
from ostiary.gateway.supervise import exits
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, cannot_start

assert sys.platform != "win32"


class ChildChannel(PipeChannel):
    """A channel that tells when it was closed, by either side."""

    def __init__(self, loop: asyncio.AbstractEventLoop, read_fd: int, write_fd: int) -> None:
        super().__init__(loop, read_fd, write_fd)
        self.closed: asyncio.Future[None] = loop.create_future()

    def close(self) -> None:
        super().close()
        if not self.closed.done():
            self.closed.set_result(None)


class PosixProcess:
    """A ``ServerProcess`` with its own process group."""

    def __init__(self, popen: subprocess.Popen[bytes], on_output: OnOutput) -> None:
        assert popen.stdin is not None
        assert popen.stdout is not None
        assert popen.stderr is not None
        loop = asyncio.get_running_loop()
        self.pid = popen.pid
        self.exit_code: asyncio.Future[int] = loop.create_future()
        self._popen = popen
        self._loop = loop
        self._on_output = on_output
        # The channel owns descriptors, not Popen's file objects: it takes copies and those are closed.
        self.channel = ChildChannel(loop, os.dup(popen.stdout.fileno()), os.dup(popen.stdin.fileno()))
        self._errors_fd = os.dup(popen.stderr.fileno())
        for stream in (popen.stdin, popen.stdout, popen.stderr):
            stream.close()
        os.set_blocking(self._errors_fd, False)
        loop.add_reader(self._errors_fd, self._read_errors)
        self._unwatch = exits.watch_exit(loop, popen.pid, self._ended)

    @property
    def silent(self) -> asyncio.Future[None]:
        return self.channel.closed

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def release(self) -> None:
        self._unwatch()
        self.channel.close()
        self._close_errors()

    def _signal(self, number: signal.Signals) -> None:
        # Only while the leader is not reaped: until then nobody else can have this group's number.
        if not self.exit_code.done():
            signal_group(self.pid, number)

    def _ended(self) -> None:
        self.kill()
        self.exit_code.set_result(self._popen.wait())

    def _read_errors(self) -> None:
        try:
            chunk = os.read(self._errors_fd, READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        if chunk:
            self._on_output(chunk)
        else:
            self._close_errors()

    def _close_errors(self) -> None:
        if self._errors_fd >= 0:
            self._loop.remove_reader(self._errors_fd)
            os.close(self._errors_fd)
            self._errors_fd = -1


async def start_process(launch: Launch, on_output: OnOutput) -> PosixProcess:
    """Starts a process. Raises ``ServerError`` when the system will not."""
    try:
        popen = subprocess.Popen(  # noqa: ASYNC220  vfork and exec: about a millisecond
            launch.command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=launch.environment,
            cwd=launch.cwd,
            pass_fds=launch.pass_fds,
            start_new_session=True,
        )
    except OSError as error:
        raise cannot_start(launch, error) from error
    return PosixProcess(popen, on_output)


def signal_group(leader: int, number: signal.Signals) -> None:
    """Sends a signal to a whole group. A group that is gone is fine.

    macOS says EPERM where only an unreaped leader is left (POSIX kill(2) leaves it open).
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


async def end_leftover(leader: int, patience_s: float) -> None:
    """Ends a group that is not our child: asks, waits up to ``patience_s`` for its leader, kills."""
    ended = asyncio.Event()
    try:
        unwatch = exits.watch_exit(asyncio.get_running_loop(), leader, ended.set)
    except ProcessLookupError:
        return
    signal_group(leader, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), patience_s)
    unwatch()
    signal_group(leader, signal.SIGKILL)
