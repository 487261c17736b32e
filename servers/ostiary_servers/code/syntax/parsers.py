"""The parsing processes: started at the first file, killed at a file that takes too long, ended when idle.

What crashes or hangs tree-sitter ends one of them and is told as that file's fault; the next file gets a new one.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from ostiary_servers.code.syntax.languages import Language
from ostiary_servers.code.syntax.outline import Outline
from ostiary_servers.code.syntax.watchdog import Watchdog

FILE_BUDGET_S = 1.0
"""For parsing and querying one file, by a process that is there. Measured: an ordinary one of 1.5 MB takes 0.5 s."""

IDLE_S = 20.0
STOPPED = "stopped"
"""The reason for a file that nobody waits for any more."""

PROCESSES = 2
"""How many files are parsed at a time. Each process holds 20 to 50 MB while it is there."""

_COMMAND = (sys.executable, "-P", "-m", "ostiary_servers.code.syntax.worker")


class ParseFailedError(Exception):
    """No outline could be had; ``reason`` says why, in a word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Process:
    """One process, used by one thread at a time."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._requests: IO[bytes] = self._child.stdin
        self._answers: IO[bytes] = self._child.stdout
        self._started = False

    def wait_until_started(self) -> None:
        """How long its start takes says nothing of a file. Raises EOFError when it is gone."""
        if not self._started:
            self._started = bool(self._answers.readline())
        if not self._started:
            raise EOFError

    def outline(self, language: Language, source: bytes) -> Outline:
        """Raises ParseFailedError for what the process said, EOFError when it is gone."""
        with suppress(BrokenPipeError):
            self._requests.write(json.dumps({"language": language.name, "size_bytes": len(source)}).encode() + b"\n")
            self._requests.write(source)
            self._requests.flush()
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer = json.loads(line)
        if "failed" in answer:
            raise ParseFailedError(answer["failed"])
        return Outline.from_json(answer["outline"])

    def kill(self) -> None:
        """Ends it at once; whoever reads its answer finds the end of the stream."""
        self._child.kill()

    def close(self) -> None:
        """Ends it and reaps it."""
        self._child.kill()
        with suppress(BrokenPipeError):
            self._requests.close()
        self._answers.close()
        self._child.wait()


class Stop:
    """Ends, from any thread, what is parsed for one call, and lets nothing begin after that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parsing: set[_Process] = set()
        self.was_called = False

    def now(self) -> None:
        """Kills the processes that are at it; another call's are left alone."""
        with self._lock:
            self.was_called = True
            for process in self._parsing:
                process.kill()

    @contextmanager
    def over(self, process: _Process) -> Iterator[None]:
        """While a process parses. Raises ParseFailedError ``stopped`` when it need not begin."""
        with self._lock:
            if self.was_called:
                raise ParseFailedError(STOPPED)
            self._parsing.add(process)
        try:
            yield
        finally:
            with self._lock:
                self._parsing.discard(process)


class Parsers:
    """A few processes, lent to whoever has a file to parse. Safe to use from many threads."""

    def __init__(self, budget_s: float = FILE_BUDGET_S, idle_s: float = IDLE_S) -> None:
        self._watchdog = Watchdog(budget_s)
        self._idle_s = idle_s
        self._used_at = 0.0
        self._free: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(PROCESSES):
            self._free.put(None)
        self._idle: threading.Timer | None = None
        self._lock = threading.Lock()

    def outline(self, language: Language, source: bytes, stop: Stop | None = None) -> Outline:
        """The outline of UTF-8 source.

        Raises ParseFailedError ``too_complex``, ``too_deep``, ``parser_crashed``, or ``stopped`` after ``stop``.
        """
        stop = stop or Stop()
        process: _Process | None = self._free.get()
        try:
            process = process or _Process()
            late = False
            with stop.over(process):
                try:
                    process.wait_until_started()
                    with self._watchdog.watching(process.kill) as work:
                        try:
                            return process.outline(language, source)
                        finally:
                            late = work.late
                except EOFError:
                    process.close()
                    process = None
            raise ParseFailedError(STOPPED if stop.was_called else "too_complex" if late else "parser_crashed")
        finally:
            self._free.put(process)
            self._end_when_idle()

    def close(self) -> None:
        """Ends the processes that nobody uses; the next file starts one again."""
        with self._lock:
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
        self._watchdog.close()
        lent = [self._free.get_nowait() for _ in range(self._free.qsize())]
        for process in lent:
            if process is not None:
                process.close()
            self._free.put(None)

    def _end_when_idle(self) -> None:
        with self._lock:
            self._used_at = time.monotonic()
            if self._idle is None:
                self._look_again_in(self._idle_s)

    def _look_again_in(self, seconds: float) -> None:
        self._idle = threading.Timer(seconds, self._end_if_idle)
        self._idle.daemon = True
        self._idle.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            left = self._used_at + self._idle_s - time.monotonic()
            if left > 0 and self._idle is not None:
                self._look_again_in(left)
                return
        self.close()
