"""The installed ``ostiary`` script, started the way a person or another program starts it."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OSTIARY = str(Path(sys.executable).with_name("ostiary"))
"""The installed script."""

DEADLINE_S = 30.0


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """The test's own environment, with everything of Ostiary under ``home``, and output buffered as it usually is."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**kept, "OSTIARY_HOME": str(home), **more}


def run(home: Path, *arguments: str, stdin: bytes = b"", cwd: Path | None = None, **more: str) -> Ended:
    """Run a command off any terminal, to its end. ``more`` are environment variables."""
    ended = subprocess.run(
        [OSTIARY, *arguments],
        input=stdin,
        capture_output=True,
        env=environment_of(home, **more),
        cwd=cwd,
        timeout=DEADLINE_S,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@contextlib.contextmanager
def started(home: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on, with pipes for its stdout and stderr."""
    command = [OSTIARY, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment_of(home)
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run_on_terminal(home: Path, *arguments: str, expect: str = "", typed: str = "", **more: str) -> Ended:
    """Run a command whose stdin, stdout and stderr are one terminal; ``err`` is empty, ``out`` all that it shows.

    As soon as it shows ``expect``, ``typed`` is typed.
    """
    ours, theirs = pty.openpty()
    with contextlib.ExitStack() as opened:
        opened.callback(os.close, ours)
        process = subprocess.Popen(
            [OSTIARY, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment_of(home, TERM="xterm", **more),
            start_new_session=True,
        )
        opened.enter_context(process)
        opened.callback(process.kill)
        os.close(theirs)
        shown = _read_until(ours, expect.encode()) if expect else b""
        os.write(ours, typed.encode())
        shown += _read_until(ours, None)
        return Ended(process.wait(DEADLINE_S), shown.decode().replace("\r\n", "\n"), "")


def _read_until(terminal: int, expected: bytes | None) -> bytes:
    """What is shown until it holds ``expected``, or until the end.

    Linux ends a terminal whose other side has closed with EIO, other systems with nothing to read.
    """
    shown = b""
    with contextlib.suppress(OSError):
        while (expected is None or expected not in shown) and (chunk := os.read(terminal, 65536)):
            shown += chunk
    return shown
