"""Commands that are waited for: one at a time, or several side by side.

An interrupted command is given time to end what it started itself, and is ended after that.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from devtools import desktop
from devtools.environment import ROOT

INTERRUPT_TIMEOUT_S = 30
"""How long interrupted tests have to end what they started themselves."""


@dataclass(frozen=True)
class Run:
    """A command, and the environment that it gets."""

    command: list[str]
    variables: Mapping[str, str]


def wait_for(*runs: Run) -> list[int]:
    """Start all at once; give their exit codes.

    The first is seen as it goes. What another says is shown whole, once it and all before it have ended.
    """
    with ExitStack() as stack:
        said: list[IO[bytes] | None] = [None, *(stack.enter_context(tempfile.TemporaryFile()) for _ in runs[1:])]
        processes = [_started(run, output) for run, output in zip(runs, said, strict=True)]
        try:
            return [_ended(process, output) for process, output in zip(processes, said, strict=True)]
        except KeyboardInterrupt:
            _finish(
                processes
            )  # the terminal has interrupted them as well; a second signal would cut their clearing up short
            raise
        except SystemExit:
            for process in processes:
                process.send_signal(signal.SIGINT)
            _finish(processes)
            raise


def _started(run: Run, output: IO[bytes] | None) -> subprocess.Popen[bytes]:
    errors = None if output is None else subprocess.STDOUT
    return subprocess.Popen(run.command, cwd=ROOT, env=run.variables, stdout=output, stderr=errors)


def _ended(process: subprocess.Popen[bytes], output: IO[bytes] | None) -> int:
    code = process.wait()
    if output is not None:
        output.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(output, sys.stdout.buffer)
        sys.stdout.flush()
    return code


def _finish(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        try:
            process.wait(INTERRUPT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            desktop.end(process)
