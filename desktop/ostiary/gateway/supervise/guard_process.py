"""A guard as the gateway sees it: its process, and the line on which it takes descriptors. POSIX only.

What is done with them stands in ``guard``; when one is started, in ``posix`` and ``template``.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Mapping

from ostiary.gateway.supervise import guard

assert sys.platform != "win32"


class LostError(Exception):
    """A guard, or the keeper it made, has gone before the server was started."""


class GuardProcess:
    """A running guard; with ``options`` for the interpreter, and ``module`` for a warm template.

    Raises ``OSError`` when the system will not start one.
    """

    def __init__(self, options: tuple[str, ...], module: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    (sys.executable, *options, guard.__file__, *module),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env=dict(environment),
                    cwd="/",
                    start_new_session=True,
                )
            except OSError:
                self._line.close()
                raise

    def hand_over(self, fds: tuple[int, ...]) -> None:
        """Has it make a keeper of these descriptors. Raises ``LostError``."""
        try:
            socket.send_fds(self._line, [b"!"], fds)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise LostError from error

    def close(self) -> None:
        """End it at once: it holds nothing."""
        self._line.close()
        self._process.kill()
        self._process.wait()


def plain_guard() -> GuardProcess:
    """A guard that executes programs. It is light: the standard library alone."""
    return GuardProcess(("-I", "-S"), (), {})
