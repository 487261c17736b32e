"""Programs of the system that are run: where they are, what environment they see, and their end.

A program is looked for only in folders that PATH names absolutely: on Windows the current folder would come first.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer
from typing import IO

from ostiary_servers.code.work import ended_with_call
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.memory_limit import limit_memory

_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_PIECE_BYTES = 64 * 1024
_COMPLAINT_BYTES = 4_000


@dataclass(slots=True)
class Running:
    """A program whose output is being read. ``timed_out`` and ``exit_code`` are known after the last piece."""

    pieces: Iterator[bytes]
    timed_out: bool = False
    exit_code: int = 0
    complaint: str = ""


@cache
def find_program(name: str) -> str | None:
    """The path of a program: beside our Python first, where packages put theirs, then on PATH."""
    file_name = f"{name}.exe" if sys.platform == "win32" else name
    folders = [str(Path(sys.executable).parent), *os.environ.get("PATH", "").split(os.pathsep)]
    for folder in filter(os.path.isabs, folders):
        path = Path(folder, file_name)
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    return None


@contextmanager
def running(
    command: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    timeout_s: float,
    *,
    stdin: int = subprocess.DEVNULL,
    called: str = "",
    memory_bytes: int | None = None,
) -> Iterator[Running]:
    """Runs a program in ``folder`` with little of our environment; at the end it and its children are killed, and at
    once when nobody waits for the call any more.

    ``stdin``: the descriptor of what it may read; ``called``: what its caller is told to be waiting for;
    ``memory_bytes``: what it may take, where that can be limited from outside (Linux).
    What it complains goes into a file: with a pipe, one that complains much would wait for us to read it.
    """
    with tempfile.TemporaryFile() as stderr, _started(command, folder, environment, stdin, stderr) as child:
        assert child.stdout is not None
        output = child.stdout.fileno()
        if memory_bytes is not None:
            limit_memory(child.pid, memory_bytes)
        result = Running(iter(()))

        def stop() -> None:
            result.timed_out = True
            _kill(child)

        def pieces() -> Iterator[bytes]:
            while piece := os.read(output, _PIECE_BYTES):
                yield piece
            result.exit_code = child.wait()
            stderr.seek(0)
            result.complaint = stderr.read(_COMPLAINT_BYTES).decode(errors="replace")

        result.pieces = pieces()
        timer = Timer(timeout_s, stop)
        timer.start()
        try:
            with ended_with_call(lambda: _kill(child), waiting_for=called or Path(command[0]).stem):
                yield result
        finally:
            timer.cancel()
            _kill(child)


def _started(
    command: Sequence[str], folder: str, environment: Mapping[str, str], stdin: int, stderr: IO[bytes]
) -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, "LC_ALL": "C.UTF-8", **environment},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        if Path(folder).is_dir():
            raise
        raise ToolError(
            ErrorCode.NOT_FOUND,
            "The folder that is asked about is not there any more.",
            "Tell the person, who can approve the folder where the repository is now.",
        ) from error


def _kill(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is not None:
        return
    if sys.platform == "win32":
        child.kill()
        return
    import signal

    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.kill()
