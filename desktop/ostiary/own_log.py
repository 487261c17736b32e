"""A process's own log: a file that is begun anew when it is long, and this user's alone, whatever folder it is in.

``logging.handlers`` has the first of it, and takes 0.8 MB of the gateway for what it can send elsewhere (measured).
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path


class OwnLog(logging.FileHandler):
    """A file of at most ``longest_bytes`` and a record, and so many older ones, numbered from ``.1``, the newest.

    Each is made with 0600; one that is there keeps its rights. One that cannot be moved away is written on.
    """

    def __init__(self, file: Path, *, longest_bytes: int, older: int) -> None:
        super().__init__(file, encoding="utf-8", delay=True)
        self._longest_bytes = longest_bytes
        self._older = older

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. What goes wrong is told on stderr, as by every handler."""
        with suppress(OSError):
            if Path(self.baseFilename).stat().st_size >= self._longest_bytes:
                self._begin_anew()
        super().emit(record)

    def _begin_anew(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None  # opened again by the next record
        names = [self.baseFilename, *(f"{self.baseFilename}.{number}" for number in range(1, self._older + 1))]
        for newer, older in reversed([*pairwise(names)]):
            with suppress(FileNotFoundError):
                Path(newer).replace(older)

    def _open(self) -> TextIOWrapper:
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT, 0o600))
        return super()._open()
