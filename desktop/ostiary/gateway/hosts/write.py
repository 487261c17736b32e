"""Puts new bytes in the place of a host's file, so that the old file or the new one is there, whole, at every moment.

A link stays and what it leads to is replaced. Mode and owner are kept, never widened; a file that we make is for its
owner alone. What is not kept: hard links, access lists and extended attributes beyond what the folder gives.
"""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.file_system import FileSystem

# Our limit, far above any host's file, so that a file put in its place cannot fill the memory.
MAX_SIZE_BYTES = 16 * 1024 * 1024
_NEW_FILE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file as it was when we looked. ``target`` is where links lead; ``content`` is ``None`` when nothing is there.

    ``mode`` holds the permission bits; ``owner`` the user and group id.
    """

    path: Path
    target: Path
    content: bytes | None
    mode: int = _NEW_FILE_MODE
    owner: tuple[int, int] | None = None


def read(path: Path) -> Snapshot:
    """Reads a host's file through all its links. Raises ``HostFileError`` when that is not possible or not wise."""
    with _told(path, "read"):
        target = Path(os.path.realpath(path))
        try:
            status = target.stat()
        except FileNotFoundError:
            return Snapshot(path, target, None)
        if not stat.S_ISREG(status.st_mode):
            raise HostFileError(f"{path} cannot be read", "It is not an ordinary file.")
        if status.st_size > MAX_SIZE_BYTES:
            raise HostFileError(f"{path} cannot be read", f"It is larger than {MAX_SIZE_BYTES} bytes.")
        return Snapshot(
            path, target, target.read_bytes(), stat.S_IMODE(status.st_mode) & 0o777, (status.st_uid, status.st_gid)
        )


def replace(seen: Snapshot, content: bytes, files: FileSystem) -> None:
    """Writes ``content`` where ``seen`` was read from, if the file is still what was seen.

    Makes the file's own folder when that is missing, but none above it. Raises ``HostFileError``: nothing has changed
    then, unless the detail says otherwise.
    """
    _require_writable(seen)
    folder = seen.target.parent
    with _told(seen.path, "written"):
        if not folder.exists():
            files.make_folder(folder)
        fresh = files.write_beside(seen.target, content, seen.mode, _owner_to_give(seen))
        try:
            _require_unchanged(seen)
            files.replace(fresh, seen.target)
        except BaseException:
            with contextlib.suppress(OSError):
                files.remove(fresh)
            raise
    _settle(seen, folder, files)
    if read(seen.path).content != content:
        raise HostFileError(f"{seen.path} was changed by another program", "Our edit may not be in it. Look once more.")


def remove(seen: Snapshot, files: FileSystem) -> None:
    """Removes the file, if it is still what was seen; a link to it stays. Raises ``HostFileError``."""
    _require_writable(seen)
    with _told(seen.path, "removed"):
        _require_unchanged(seen)
        files.remove(seen.target)
    _settle(seen, seen.target.parent, files)


def _require_writable(seen: Snapshot) -> None:
    """A rename would go past it; who made a file read-only does not want it changed."""
    if seen.content is not None and not seen.mode & stat.S_IWUSR:
        raise HostFileError(f"{seen.path} is read-only", "Nothing was written. Make it writable first.")


def _owner_to_give(seen: Snapshot) -> tuple[int, int] | None:
    """Gives the owner to restore: only the superuser can hand a file to another, and only then may it be needed."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return seen.owner
    return None


def _require_unchanged(seen: Snapshot) -> None:
    now = read(seen.path)
    if (now.target, now.content) != (seen.target, seen.content):
        raise HostFileError(f"{seen.path} has changed since it was read", "Nothing was written. Look at it once more.")


def _settle(seen: Snapshot, folder: Path, files: FileSystem) -> None:
    try:
        files.sync_folder(folder)
    except OSError as error:
        raise HostFileError(
            f"{seen.path} has been changed, but may not be after a power cut", f"{error.strerror or error}."
        ) from error


@contextlib.contextmanager
def _told(path: Path, done: str) -> Iterator[None]:
    """Turns a failure of the system into ours."""
    try:
        yield
    except OSError as error:
        raise HostFileError(f"{path} cannot be {done}", f"{error.strerror or error}.") from error
