"""How far the work on one bundle has come, and the wish to stop it: told between the loop and the thread that works."""

from __future__ import annotations

import hashlib
import threading
from typing import BinaryIO

from ostiary.domain.errors import UsageError

_CHUNK_BYTES = 64 * 1024
"""CPython's own hashes keep the interpreter's lock (see ``without_openssl``): so much holds the relay up for 0.2 ms."""


class Work:
    """``total_bytes`` and ``done_bytes`` are written by the thread that works alone; ``stop`` may come from any."""

    def __init__(self) -> None:
        self.total_bytes = 0
        self.done_bytes = 0
        self._stopped = threading.Event()

    def expect(self, size_bytes: int) -> None:
        """There is this much more to do."""
        self.total_bytes += size_bytes

    def advance(self, size_bytes: int) -> None:
        """This much is done. Raises ``UsageError`` where it was stopped."""
        if self._stopped.is_set():
            raise UsageError("The bundle was not brought in", "You stopped it; nothing was kept of it.")
        self.done_bytes += size_bytes

    def stop(self) -> None:
        """Let the next step be the last."""
        self._stopped.set()


def digest(file: BinaryIO, work: Work) -> str:
    """Gives the SHA-256 of a file from where it stands. Raises what ``advance`` raises, and ``OSError``."""
    found = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        found.update(chunk)
        work.advance(len(chunk))
    return found.hexdigest()
