"""What makes a forked process a program that was just started: what an interpreter makes of its surroundings, again.

Descriptors, signals of their default kind and the folder are the forker's. This knows no server.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

assert sys.platform != "win32"

PROGRAM = b"ostiary-serve"

_PR_SET_NAME = 15
_ARG_START, _ENV_END = 48, 51
"""Fields of /proc/PID/stat (proc_pid_stat(5)), counted from 1."""


def start_anew(command: Sequence[bytes], environment: Mapping[bytes, bytes]) -> None:
    """Makes everything that an interpreter makes at its start, and a fork finds as it was in the template.

    ``random`` seeds itself after a fork; ``secrets``, ``uuid`` and OpenSSL draw on the system or do so too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # what Python ignores
        signal.signal(number, signal.SIG_IGN)
    os.environ.clear()
    os.environb.update(environment)
    time.tzset()
    _show_as(command)
    _open_standard_streams()
    sys.argv = list(map(os.fsdecode, command))


def _open_standard_streams() -> None:
    """Anew, as at an interpreter's start: the template's knew what its own descriptors were."""
    encoding, errors = sys.stdin.encoding, sys.stdin.errors
    sys.stdin = os.fdopen(0, "r", encoding=encoding, errors=errors, closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding=encoding, errors=errors, closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False)


def _show_as(command: Sequence[bytes]) -> None:
    """Has ``ps`` and its like show this command and not the template's.

    The kernel shows the memory that a program's arguments were put in, and what follows in place of the environment
    when there is no zero at the arguments' end (proc_pid_cmdline(5), as setproctitle uses it).
    """
    ctypes.CDLL(None).prctl(_PR_SET_NAME, PROGRAM)
    with suppress(OSError):
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()  # from the third on
        start, end = int(fields[_ARG_START - 3]), int(fields[_ENV_END - 3])
        if start:
            title = b" ".join((os.fsencode(sys.executable), *command))
            ctypes.memmove(start, title[: end - start - 1].ljust(end - start, b"\0"), end - start)
