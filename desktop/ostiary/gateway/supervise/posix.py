"""Starts and ends processes on POSIX systems, through the guard. ``guard`` says what happens at its end.

Each process leads a session and a process group of its own. What cannot be reached is said in ``guard`` too.
"""

from __future__ import annotations

import asyncio
import marshal
import os
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from ostiary.domain.errors import ServerError
from ostiary.gateway.pipe_channel import READ_BYTES
from ostiary.gateway.supervise import exits, guard
from ostiary.gateway.supervise.child_channel import ChildChannel
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, cannot_start

if sys.platform != "win32":
    from ostiary.gateway.supervise.guard_process import GuardProcess, LostError, plain_guard
    from ostiary.gateway.supervise.template import Template

assert sys.platform != "win32"

START_DEADLINE_S = 10.0
"""A start takes milliseconds; the system may be short of memory, or the program lie on a slow disk."""

WARM_DEADLINE_S = 20.0
"""For the template, which may be importing still, from a cold disk at a login: a plain start would take as long."""

_NOT_STARTED = "The server could not be started"
_KILLED = -signal.SIGKILL
_READING, _WRITING = 0, 1


@dataclass(frozen=True, slots=True)
class _Ends:
    """Our ends of what joins us with a process and its keeper."""

    control: socket.socket
    stdin: int
    stdout: int
    stderr: int


class GuardedProcess:
    """A ``ServerProcess`` that a keeper of the guard started and ends. Takes over the descriptors."""

    def __init__(self, pid: int, ends: _Ends, on_output: OnOutput) -> None:
        loop = asyncio.get_running_loop()
        self.pid = pid
        self.exit_code: asyncio.Future[int] = loop.create_future()
        self.channel = ChildChannel(loop, ends.stdout, ends.stdin)
        self._loop = loop
        self._control = ends.control
        self._errors_fd = ends.stderr
        self._on_output = on_output
        os.set_blocking(self._errors_fd, False)
        loop.add_reader(self._errors_fd, self._read_errors)
        loop.add_reader(self._control, self._read_control)

    @property
    def silent(self) -> asyncio.Future[None]:
        return self.channel.closed

    def terminate(self) -> None:
        self._order(b"T")

    def kill(self) -> None:
        self._order(b"K")

    def release(self) -> None:
        self._close_control()
        self.channel.close()
        self._close_errors()

    def _order(self, letter: bytes) -> None:
        if not self.exit_code.done():
            with suppress(OSError):  # the keeper is gone; the end of its socket is about to be read
                self._control.send(letter)

    def _read_control(self) -> None:
        try:
            code = self._control.recv(guard.INT_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            code = b""
        self._close_control()
        if code:
            self.exit_code.set_result(_number(code))
        else:
            # Whoever kills a keeper leaves its group to us; on Linux the server itself has died with it.
            guard.signal_group(self.pid, signal.SIGKILL)
            self.exit_code.set_result(_KILLED)

    def _read_errors(self) -> None:
        try:
            chunk = os.read(self._errors_fd, READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        if chunk:
            self._on_output(chunk)
        else:
            self._close_errors()

    def _close_control(self) -> None:
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
            self._control.close()

    def _close_errors(self) -> None:
        if self._errors_fd >= 0:
            self._loop.remove_reader(self._errors_fd)
            os.close(self._errors_fd)
            self._errors_fd = -1


class Starter:
    """Starts processes through a guard, which is started when it is first needed, and again when it is lost.

    Bundled servers come from the warm ``template`` where there is one.
    """

    def __init__(self, template: Template | None = None) -> None:
        self._guard: GuardProcess | None = None
        self._template = template or Template()

    async def start(self, launch: Launch, on_output: OnOutput) -> GuardedProcess:
        """Starts a process. Raises ``ServerError`` when the system will not."""
        with suppress(OSError):  # the plain start meets it too, and says so, or does not
            forked = await self._fork(launch, on_output)
            if forked is not None:
                return forked
        return await self._start_plainly(launch, on_output)

    async def _fork(self, launch: Launch, on_output: OnOutput) -> GuardedProcess | None:
        """Has the template fork a process; None when it cannot."""
        used = self._template.process_for(launch)
        if used is None:
            return None
        try:
            forked = await _start(used, launch, on_output, WARM_DEADLINE_S)
        except (LostError, TimeoutError):
            self._template.give_up(used)
            return None
        self._template.served()
        return forked

    async def _start_plainly(self, launch: Launch, on_output: OnOutput) -> GuardedProcess:
        for _ in range(2):
            try:
                used = self._guard = self._guard or plain_guard()
                return await _start(used, launch, on_output, START_DEADLINE_S)
            except LostError:
                self._give_up(used)
            except TimeoutError as error:
                self._give_up(used)
                raise ServerError(_NOT_STARTED, f"The system took more than {START_DEADLINE_S:.0f} s.") from error
            except OSError as error:
                raise cannot_start(launch, error) from error
        raise ServerError(_NOT_STARTED, "The process that starts servers was ended twice.")

    def close(self) -> None:
        """End the guard and the template. Processes that run go on; each has its keeper."""
        self._template.close()
        if self._guard is not None:
            self._give_up(self._guard)

    def _give_up(self, used: GuardProcess) -> None:
        """Ends a guard. Another start may have met its loss before, and a new one be at work."""
        used.close()
        if self._guard is used:
            self._guard = None


async def _start(used: GuardProcess, launch: Launch, on_output: OnOutput, deadline_s: float) -> GuardedProcess:
    with ExitStack() as ours:
        ends, theirs = _open(ours)
        try:
            used.hand_over((*theirs, *launch.pass_fds))
        finally:
            for fd in theirs:
                os.close(fd)
        pid = await _request(ends.control, launch, deadline_s)
        ours.pop_all()
    return GuardedProcess(pid, ends, on_output)


def _open(ours: ExitStack) -> tuple[_Ends, tuple[int, ...]]:
    """Opens what joins two processes. Gives our ends, which ``ours`` closes, and theirs in the guard's order."""
    theirs: list[int] = []

    def pipe(own: int) -> int:
        fds = os.pipe()
        ours.callback(os.close, fds[own])
        theirs.append(fds[1 - own])
        return fds[own]

    control, other = socket.socketpair()
    ours.enter_context(control)
    control.setblocking(False)
    theirs.append(other.detach())
    return _Ends(control, stdin=pipe(_WRITING), stdout=pipe(_READING), stderr=pipe(_READING)), tuple(theirs)


async def _request(control: socket.socket, launch: Launch, deadline_s: float) -> int:
    """Asks a keeper for the start; gives the process's id. Raises ``OSError`` as the system gave it."""
    environment = {os.fsencode(name): os.fsencode(value) for name, value in launch.environment.items()}
    command = tuple(map(os.fsencode, launch.command))
    wanted = marshal.dumps((os.fsencode(launch.cwd), command, environment, launch.pass_fds))
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(deadline_s):
            await loop.sock_sendall(control, len(wanted).to_bytes(guard.INT_BYTES, "big", signed=True) + wanted)
            answer = await loop.sock_recv(control, guard.INT_BYTES)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise LostError from error
    if not answer:
        raise LostError
    number = _number(answer)
    if number < 0:
        raise OSError(-number, os.strerror(-number))
    return number


def _number(answer: bytes) -> int:
    return int.from_bytes(answer, "big", signed=True)


async def end_leftover(leader: int, patience_s: float) -> None:
    """Ends a group that is not our child: asks, waits up to ``patience_s`` for its leader, kills."""
    ended = asyncio.Event()
    try:
        unwatch = exits.watch_exit(asyncio.get_running_loop(), leader, ended.set)
    except ProcessLookupError:
        return
    guard.signal_group(leader, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), patience_s)
    unwatch()
    guard.signal_group(leader, signal.SIGKILL)
