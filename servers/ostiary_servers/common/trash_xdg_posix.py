"""The trash of Linux desktops, by the freedesktop.org Trash specification 1.0.

What lies on the disk of the home folder goes to the home trash; anything else to the trash at the top of its own disk,
as a rename cannot leave a disk and copying a large folder away would not be a quick, certain thing to do.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from urllib.parse import quote_from_bytes

from ostiary_servers.common import anchored_posix as posix
from ostiary_servers.common import rename_posix
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.os_errors import told_as_taken, told_as_tool_error
from ostiary_servers.common.path_gate import Place

assert sys.platform != "win32"

WARNING = "It goes to the trash, from which you can take it back."
"""What a person is told before."""

_NAME_BYTES = 200
"""A longer name is cut, so that a number and ".trashinfo" still fit."""


def put_in_trash(place: Place) -> str | None:
    """Trashes what is at ``place``; gives where it lies. Raises ToolError ``no_trash`` and what the system answers."""
    with told_as_tool_error(place.requested), posix.parent_of(place, posix.LISTING) as (folder, name):
        try:
            return _put(folder, name, place.real, _home_trash(), None)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        top = _top_of_disk(Path(place.real).parent)
        try:
            return _put(folder, name, place.real, _trash_of_disk(top), top)
        except OSError as error:
            raise _no_trash(place.requested) from error


def take_from_trash(trashed: str, place: Place) -> None:
    """Puts back what ``put_in_trash`` put at ``trashed``. Raises ToolError ``already_exists`` and ``not_found``."""
    files = Path(trashed).parent
    with (
        told_as_tool_error(place.requested),
        told_as_taken(place.requested),
        _opened(files) as source,
        posix.parent_of(place, posix.LISTING) as (folder, name),
    ):
        rename_posix.rename_exclusively(source, Path(trashed).name, folder, name)
    with suppress(OSError):  # what is left over is a note about a file that is no longer there
        (files.parent / "info" / f"{Path(trashed).name}.trashinfo").unlink()


def _put(folder: int, name: str, real: str, trash: Path, top: Path | None) -> str:
    for part in ("files", "info"):
        (trash / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    with _opened(trash / "info") as info, _opened(trash / "files") as files:
        for kept_name in _free_names(name):
            try:
                _write_info(info, kept_name, real, top)
            except FileExistsError:
                continue
            try:
                rename_posix.rename_exclusively(folder, name, files, kept_name)
            except BaseException as error:
                os.unlink(f"{kept_name}.trashinfo", dir_fd=info)
                if isinstance(error, FileExistsError):
                    continue
                raise
            return str(trash / "files" / kept_name)
    raise AssertionError("the names do not end")


def _free_names(name: str) -> Iterator[str]:
    short = os.fsdecode(os.fsencode(name)[:_NAME_BYTES])
    yield short
    stem, suffix = Path(short).stem, Path(short).suffix
    yield from (f"{stem}.{number}{suffix}" for number in count(2))


def _write_info(info: int, kept_name: str, real: str, top: Path | None) -> None:
    path = real if top is None else os.path.relpath(real, top)
    lines = (
        f"[Trash Info]\nPath={quote_from_bytes(os.fsencode(path))}\nDeletionDate={datetime.now():%Y-%m-%dT%H:%M:%S}\n"
    )
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(f"{kept_name}.trashinfo", flags, 0o600, dir_fd=info), "w") as file:
        file.write(lines)


def _home_trash() -> Path:
    kept = os.environ.get("XDG_DATA_HOME", "")
    return (Path(kept) if kept.startswith("/") else Path.home() / ".local" / "share") / "Trash"


def _top_of_disk(folder: Path) -> Path:
    while not folder.is_mount():
        folder = folder.parent
    return folder


def _trash_of_disk(top: Path) -> Path:
    """The shared ``.Trash`` only if it is a folder with the sticky bit and no link, as the specification demands."""
    uid = os.getuid()
    shared = top / ".Trash"
    with suppress(OSError):
        mode = shared.lstat().st_mode
        if stat.S_ISDIR(mode) and mode & stat.S_ISVTX:
            return shared / str(uid)
    return top / f".Trash-{uid}"


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, posix.LISTING)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _no_trash(requested: str) -> ToolError:
    return ToolError(
        ErrorCode.NO_TRASH,
        f"The disk that “{requested}” is on has no trash that can be used; nothing was deleted.",
        "Leave it, or move it to a folder for the person to look through.",
    )
