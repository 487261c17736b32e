"""Copies of host files from before our edits, in a folder of ours, for the owner's eyes only.

``<folder>/<host>/20261120T080650.123456Z.backup``; the newest ten of each host are kept, and none that equals the
newest.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ostiary.gateway.hosts.file_system import FileSystem

KEPT_PER_HOST = 10
_NAME = "%Y%m%dT%H%M%S.%fZ"


def keep(folder: Path, host: str, content: bytes, now: datetime, files: FileSystem) -> None:
    """Writes a backup, down to the disk, and removes the oldest beyond ten. Raises ``OSError``."""
    if content == next(newest_first(folder, host), None):
        return
    own = folder / host
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = own / f"{_later(now.astimezone(UTC), _paths(folder, host)):{_NAME}}.backup"
    files.replace(files.write_beside(path, content, 0o600, None), path)
    files.sync_folder(own)
    for old in _paths(folder, host)[KEPT_PER_HOST:]:
        files.remove(old)


def _later(now: datetime, kept: list[Path]) -> datetime:
    """Gives the time, or one after the newest: a clock that was set back must not make the last backup the oldest."""
    with contextlib.suppress(IndexError, ValueError):  # none yet, or a file that is not ours
        newest = datetime.strptime(kept[0].stem, _NAME).replace(tzinfo=UTC)
        return max(now, newest + timedelta(microseconds=1))
    return now


def newest_first(folder: Path, host: str) -> Iterator[bytes]:
    """Gives the contents of a host's backups, leaving out what cannot be read."""
    for path in _paths(folder, host):
        with contextlib.suppress(OSError):
            yield path.read_bytes()


def _paths(folder: Path, host: str) -> list[Path]:
    return sorted((folder / host).glob("*.backup"), reverse=True)
