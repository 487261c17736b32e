"""Real shims, started the way hosts start them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from tests.support import echo_gateway

SHIM = str(Path(sys.executable).with_name("ostiary-connect"))
"""The installed script."""

DEADLINE_S = 20.0
"""Longer than anything here takes, shorter than the limit of a test."""

Shim = subprocess.Popen[bytes]


@contextlib.contextmanager
def started_shim(
    home: Path,
    *arguments: str,
    stdin: int | IO[bytes] = subprocess.PIPE,
    stdout: int | IO[bytes] = subprocess.PIPE,
    environment: dict[str, str] | None = None,
    cwd: Path | None = None,
    through: Sequence[str] = (),
) -> Iterator[Shim]:
    """A shim for the Ostiary in ``home`` with next to nothing in its environment, as Codex starts one.

    ``through`` is a command that starts the shim with its own input and output, and stays.
    """
    command = [*through, SHIM, "--home", str(home), *arguments]
    spare = {"HOME": str(Path.home()), **(environment or {})}
    with subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=cwd, env=spare) as shim:
        try:
            yield shim
        finally:
            shim.kill()


def answer_to(shim: Shim, line: bytes) -> bytes:
    """Say a line to a shim on pipes and give the line that it says."""
    assert shim.stdin is not None
    assert shim.stdout is not None
    shim.stdin.write(line)
    shim.stdin.flush()
    return shim.stdout.readline()


def end_input(shim: Shim) -> None:
    """Close the shim's stdin."""
    assert shim.stdin is not None
    shim.stdin.close()


def output_at_end(shim: Shim) -> tuple[int, bytes, bytes]:
    """Wait until the shim has ended by itself: exit code, rest of stdout, all of stderr."""
    assert shim.stderr is not None
    code = shim.wait(DEADLINE_S)
    rest = b"" if shim.stdout is None else shim.stdout.read()
    return code, rest, shim.stderr.read()


def environment_of_gateway(home: Path) -> dict[str, str]:
    """What the echo gateway needs to run as a program."""
    return {**os.environ, "OSTIARY_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}


@contextlib.contextmanager
def running_gateway(home: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """An echo gateway as a process of its own, listening already."""
    command = [sys.executable, echo_gateway.__file__]
    given = {**environment_of_gateway(home), **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=given) as gateway:
        assert gateway.stdout is not None
        assert gateway.stdout.readline() == b"listening\n"
        try:
            yield gateway
        finally:
            gateway.kill()
