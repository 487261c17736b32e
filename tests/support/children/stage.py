"""Starts the programs of this folder in tests, and watches what they do, with a deadline for every wait."""

from __future__ import annotations

import asyncio
import os
import select
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import psutil

from ostiary.gateway.channel import Channel
from ostiary.gateway.supervise import guard, posix
from ostiary.gateway.supervise.guard_process import GuardProcess
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, ServerProcess
from ostiary.gateway.supervise.template import Template
from ostiary.gateway.wire.framing import Line

DEADLINE_S = 20.0

LINGER_S = 1.0
"""A keeper ends a moment after its server, and nobody waits for it."""

ROOT = Path(__file__).parents[3]

T = TypeVar("T")


def play(scenario: Coroutine[Any, Any, T]) -> T:
    """Runs a scenario on a loop of its own, within the deadline."""
    return asyncio.run(asyncio.wait_for(scenario, DEADLINE_S))


def launch_of(program: str, cwd: Path) -> Launch:
    """The launch of one of the programs beside this file."""
    path = Path(__file__).with_name(f"{program}.py")
    return Launch((sys.executable, "-S", "-E", str(path)), {"PATH": os.environ["PATH"]}, cwd)


class ForkingStarter:
    """Starts the programs of this folder by forking a warm template, as bundled servers are started."""

    def __init__(self) -> None:
        self._starter = posix.Starter(Template(_start_template))

    async def start(self, launch: Launch, on_output: OnOutput) -> ServerProcess:
        return await self._starter.start(replace(launch, bundled=True), on_output)

    def close(self) -> None:
        self._starter.close()


def _start_template(locale: Mapping[str, str]) -> GuardProcess:
    return GuardProcess(("-P",), ("tests.support.children.warm_programs",), {**locale, "PYTHONPATH": str(ROOT)})


def open_descriptors() -> set[str]:
    """This process's open descriptors, each with what it is open on."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one the listing itself had open
            found.add(f"{entry.name} {entry.readlink()}")
    return found


def runs(pid: int) -> bool:
    """True while there is such a process that has not ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def started() -> list[psutil.Process]:
    """What descends from this process and runs, but for the guard and its keepers."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # or a zombie, which is one of these
            line = process.cmdline()
            if line and guard.__file__ not in line:  # without one it has given up its memory and is about to be gone
                found.append(process)
    return found


def survivors(processes: Iterable[psutil.Process], span_s: float = LINGER_S) -> list[psutil.Process]:
    """Waits for processes that may be anybody's children; gives those that run longer than this span."""
    deadline = time.monotonic() + span_s
    return [process for process in processes if not _ends_by(deadline, process)]


def _ends_by(deadline: float, process: psutil.Process) -> bool:
    try:
        fd = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        ended, _, _ = select.select([fd], [], [], max(0.0, deadline - time.monotonic()))
        return bool(ended) or not process.is_running()  # not running: the number is somebody else's by now
    finally:
        os.close(fd)


async def until_gone(pid: int) -> None:
    """Waits for the end of a process that is not our child."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(fd, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), DEADLINE_S)
    finally:
        loop.remove_reader(fd)
        os.close(fd)


class Lines:
    """Reads a channel; ``next`` waits for a line, ``closed`` for the end."""

    def __init__(self, channel: Channel) -> None:
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        self.closed = asyncio.Event()
        channel.start(self._lines.put_nowait, self.closed.set)

    async def next(self) -> bytes:
        line = await asyncio.wait_for(self._lines.get(), DEADLINE_S)
        assert isinstance(line, bytes)
        return line


class Trace:
    """Values in the order they came, for waiting until one fits."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self._more = asyncio.Event()

    def add(self, value: Any) -> None:
        self.seen.append(value)
        self._more.set()

    async def until(self, fits: Callable[[Any], bool]) -> Any:
        """Waits for the first value that fits, among those that came already too."""
        checked = 0
        while True:
            for value in self.seen[checked:]:
                if fits(value):
                    return value
            checked = len(self.seen)
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), DEADLINE_S)
