"""What the system knows of processes: who they are, who started them, what they use. The one home of psutil.

Nothing here raises for a process that is gone or that may not be looked at: it is left out, or what cannot be known
is empty. All of it reads ``/proc`` or its like and takes from microseconds to a few milliseconds.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

import psutil

from ostiary.domain.approval import Process
from ostiary.gateway.odd_names import told

T = TypeVar("T")

MOST_ANCESTORS = 16

_INTERPRETERS = ("python", "pypy", "node", "deno", "bun", "ruby", "perl", "php", "bash", "dash", "zsh", "sh", "pwsh")
_SCRIPT_SUBCOMMANDS = frozenset({"run"})
"""``deno run x``, ``bun run x``: the script comes after."""
_WITH_VALUE = frozenset({"-W", "-X", "-r", "--require", "--import", "--loader", "--conditions", "-C", "-I"})
_NO_SCRIPT = frozenset({"-c", "-e", "-p", "--eval", "--print", "-Command", "-"})

_GONE = (psutil.Error, OSError)
"""Everything psutil raises when a process vanished or is none of our business."""


def started_at(pid: int) -> float | None:
    """When a process was started, in Unix seconds; ``None`` when there is none of this id."""
    try:
        return psutil.Process(pid).create_time()
    except _GONE:
        return None


def describe(pid: int) -> Process | None:
    """Who a process is; ``None`` when there is none of this id."""
    try:
        return _describe(psutil.Process(pid))
    except _GONE:
        return None


def ancestors(pid: int) -> tuple[Process, ...]:
    """The processes that led to this one, nearest first, without itself and at most 16.

    psutil compares start times on the way, so a parent's reused id does not bring in a stranger.
    """
    found: list[Process] = []
    try:
        process = psutil.Process(pid).parent()
        while process is not None and len(found) < MOST_ANCESTORS:
            found.append(_describe(process))
            process = process.parent()
    except _GONE:
        pass  # the chain ends where it cannot be followed
    return tuple(found)


def running_programs() -> dict[str, float]:
    """Full paths of the programs that run on this machine, executables and the scripts of interpreters.

    Each with when the oldest process of it was started, in Unix seconds.
    """
    programs: dict[str, float] = {}
    for process in psutil.process_iter(["exe", "cmdline", "create_time"]):
        seen = process.info
        for path in (seen["exe"], script_of(seen["cmdline"] or [])):
            if path and seen["create_time"] is not None:
                programs[path] = min(seen["create_time"], programs.get(path, seen["create_time"]))
    return programs


def script_of(arguments: list[str]) -> str:
    """The script that an interpreter's arguments name, as given (``-m name`` for a module); otherwise empty."""
    if not arguments or not _base(arguments[0]).lower().startswith(_INTERPRETERS):
        return ""
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "-m":
            module = next(rest, "")
            return f"-m {module}" if module else ""
        if argument in _NO_SCRIPT:
            return ""
        if argument in _WITH_VALUE:
            next(rest, None)
        elif not argument.startswith("-") and argument not in _SCRIPT_SUBCOMMANDS:
            return argument
    return ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and everything it started use. ``cpu_percent`` is of one core.

    Memory is resident; what several processes have in common counts in parts on Linux. Servers forked from one
    template have most of it in common (measured: 60 MB resident, 11 MB their own).
    """

    cpu_percent: float = 0.0
    memory_bytes: int = 0


class UsageSampler:
    """Measures usage between one sample and the next. One pass over all processes a sample, however many are asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sampled_at = clock()
        self._cpu_s: dict[psutil.Process, float] = {}

    def sample(self, pids: Iterable[int]) -> dict[int, Usage]:
        """Usage of each process with its descendants since the last sample; those that are gone are left out.

        A process that is seen for the first time counts with no CPU until the next sample.
        """
        now = self._clock()
        span_s, self._sampled_at = now - self._sampled_at, now
        families = _families(set(pids))
        cpu_s, usage = dict[psutil.Process, float](), dict[int, Usage]()
        for pid, family in families.items():
            used_s, memory_bytes = 0.0, 0
            for process in family:
                try:
                    times, used_bytes = process.cpu_times(), _memory_bytes(process)
                except _GONE:
                    continue
                cpu_s[process] = times.user + times.system
                used_s += cpu_s[process] - self._cpu_s.get(process, cpu_s[process])
                memory_bytes += used_bytes
            usage[pid] = Usage(100 * used_s / span_s if span_s > 0 else 0.0, memory_bytes)
        self._cpu_s = cpu_s
        return usage


def _memory_bytes(process: psutil.Process) -> int:
    if sys.platform == "linux":
        with contextlib.suppress(psutil.AccessDenied):  # another user's: some servers lower their rights
            return int(process.memory_full_info().pss)
    return int(process.memory_info().rss)


def _families(pids: set[int]) -> dict[int, list[psutil.Process]]:
    """Each process that exists, with all its descendants."""
    children, known = defaultdict[int, list[int]](list), dict[int, psutil.Process]()
    for process in psutil.process_iter(["ppid"]):
        known[process.pid] = process
        if process.info["ppid"] is not None:
            children[process.info["ppid"]].append(process.pid)

    return {pid: [known[member] for member in family(pid, children)] for pid in pids if pid in known}


def family(pid: int, children: Mapping[int, Iterable[int]]) -> list[int]:
    """Pure. A process and all its descendants, each once.

    On Windows a process keeps the number of a parent that is gone, and one that it started may have got that number.
    """
    members = {pid: None}
    waiting = [pid]
    while waiting:
        new = [child for child in children.get(waiting.pop(), ()) if child not in members]
        members |= dict.fromkeys(new)
        waiting += new
    return list(members)


def _describe(process: psutil.Process) -> Process:
    with process.oneshot():
        return Process(
            pid=process.pid,
            name=told(process.name()),
            executable=told(_or_empty(process.exe, "")),
            script=told(script_of(_or_empty(process.cmdline, []))),
            started_at=process.create_time(),
        )


def _or_empty(ask: Callable[[], T], empty: T) -> T:
    try:
        return ask()
    except _GONE:
        return empty


def _base(path: str) -> str:
    return PurePath(path).name


@dataclass(frozen=True, slots=True)
class Program:
    """A running program, and how to start it again."""

    pid: int
    started_at: float
    executable: str
    arguments: tuple[str, ...]
    folder: str
    environment: Mapping[str, str] = field(repr=False)


def running_of(is_program: Callable[[str], bool]) -> tuple[Program, ...]:
    """The programs of this account whose executable is one of these, without the processes that they started."""
    found = []
    for process in psutil.process_iter(["exe"]):
        if process.info["exe"] and is_program(process.info["exe"]):
            try:
                parent = process.parent()
                if process.username() == psutil.Process().username() and not _is(parent, is_program):
                    found.append(_program(process))
            except _GONE:
                continue
    return tuple(found)


def ask_to_end(program: Program, timeout_s: float, ask: Callable[[], None] | None = None) -> bool:
    """Ask a program to end, as its own menu would; it is never killed. True once it and what it started are gone.

    ``ask`` is how, where a signal is not the way. What it raises goes on.
    """
    try:
        process = psutil.Process(program.pid)
        if process.create_time() != program.started_at:
            return True
        family = [process, *process.children(recursive=True)]
        (ask or process.terminate)()
    except psutil.NoSuchProcess:
        return True
    except _GONE:
        return False
    _, left = psutil.wait_procs([process], timeout_s)
    own = [one for one in family if _is(one, lambda path: path == program.executable)]
    return not left and not psutil.wait_procs(own, timeout_s)[1]


def _is(process: psutil.Process | None, is_program: Callable[[str], bool]) -> bool:
    return process is not None and is_program(_or_empty(process.exe, ""))


def _program(process: psutil.Process) -> Program:
    return Program(
        pid=process.pid,
        started_at=process.create_time(),
        executable=process.exe(),
        arguments=tuple(process.cmdline()[1:]),
        folder=process.cwd(),
        environment=process.environ(),
    )
