"""Which processes a gateway started, on disk, so that the next one can end what a killed one left. Ends nothing itself.

A process is named by its id *and* the time it was started: ids are used again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import msgspec

SAME_START_S = 1.0
"""Start times of one process may differ this much: systems count them in hundredths and from a drifting clock."""


class Identity(msgspec.Struct, frozen=True):
    """A started process. ``started_at`` is Unix seconds."""

    pid: int
    started_at: float

    def is_same(self, started_at: float | None) -> bool:
        """True when a process of this id that was started then is this one."""
        return started_at is not None and abs(started_at - self.started_at) <= SAME_START_S


class Records:
    """A folder with one small file a running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, identity: Identity) -> None:
        """Note that ``name`` runs as this process. Raises ``OSError``."""
        path = self._path(name)
        unfinished = path.with_suffix(".new")
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(msgspec.json.encode(identity))
            file.flush()
            os.fsync(fd)
        unfinished.replace(path)

    def remove(self, name: str) -> None:
        """Note that ``name`` does not run."""
        self._path(name).unlink(missing_ok=True)

    def take_all(self) -> Iterator[Identity]:
        """Gives every record, and removes each when the next one is asked for. Unreadable ones are only removed."""
        for path in sorted(self._folder.glob("*.json")):
            with suppress(OSError, msgspec.DecodeError):
                yield msgspec.json.decode(path.read_bytes(), type=Identity)
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{file_name(name)}.json"


def file_name(name: str) -> str:
    """A server's name as the start of a file name: any string, without separators and never hidden."""
    return quote(name, safe="@ ").replace(".", "%2E")
