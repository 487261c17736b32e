"""Files below a root on Windows, which has no way to open a name relative to an open folder from Python.

So the order is turned round: the path is opened first, and then the open handle is compared with what the path, every
link followed, really names now. If that is no longer ``Place.real``, or is another file than the open one, nothing is
read. Replacing keeps a window between the last check and the rename, as the system offers no rename that compares.
"""

import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ostiary_servers.common.cloud import refuse_placeholder
from ostiary_servers.common.os_errors import (
    not_a_directory,
    not_regular_file,
    stale_plan,
    told_as_tool_error,
    tool_error_for,
    write_protected,
)
from ostiary_servers.common.path_gate import Place, refuse_withheld

assert sys.platform == "win32"


@contextmanager
def open_file(place: Place) -> Iterator[int]:
    """A descriptor to read the regular file at ``place``.

    Raises ToolError ``not_found``, ``not_regular_file`` or ``permission_denied``.
    """
    refuse_withheld(place)
    with told_as_tool_error(place.requested):
        found = Path(place.real).lstat()
        if not stat.S_ISREG(found.st_mode):
            raise not_regular_file(place.requested)
        refuse_placeholder(found, place.requested)
        descriptor = os.open(place.real, os.O_RDONLY | os.O_BINARY | os.O_NOINHERIT)
        try:
            _refuse_swapped(place, os.fstat(descriptor))
            yield descriptor
        finally:
            os.close(descriptor)


def read_stat(place: Place) -> os.stat_result:
    """The stat of whatever is at ``place``; nothing is opened. Raises ToolError."""
    with told_as_tool_error(place.requested):
        found = Path(place.real).lstat()
        _refuse_swapped(place, found)
        return found


def read_link(place: Place) -> str:
    """Where the link at ``place`` leads, as it is written. Raises ToolError."""
    with told_as_tool_error(place.requested):
        return str(Path(place.real).readlink())


@contextmanager
def scan_directory(place: Place) -> "Iterator[Iterator[os.DirEntry[str]]]":
    """The entries of the folder at ``place``, in the system's order. Raises ToolError."""
    with told_as_tool_error(place.requested):
        if not stat.S_ISDIR(Path(place.real).lstat().st_mode):
            raise not_a_directory(place.requested)
        with os.scandir(place.real) as entries:
            refuse_moved(place)
            yield entries


def replace_file(place: Place, content: bytes, before_sha256: str | None) -> None:
    """Puts ``content`` at ``place`` whole or not at all, if what is there still has the hash it had (None: nothing).

    Raises ToolError ``stale_plan`` and what the system answers.
    """
    target = Path(place.real)
    with told_as_tool_error(place.requested):
        refuse_moved(place)
        if target.exists() and not target.stat().st_mode & stat.S_IWRITE:
            raise write_protected(place.requested)
        temporary = target.with_name(f".ostiary-{secrets.token_hex(8)}.tmp")
        try:
            _write_synced(temporary, content)
            if _sha256_or_none(place) != before_sha256:
                raise stale_plan(place.requested)
            _move_into_place(temporary, place, new=before_sha256 is None)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def folder_to_work_in(place: Place) -> Iterator[str]:
    """A path by which a child process comes to work in the folder at ``place``. Raises ToolError."""
    with scan_directory(place):
        yield place.real


def make_directory(place: Place) -> None:
    """Makes the folder at ``place``; its parent must exist. Raises ToolError ``stale_plan`` if something is there."""
    with told_as_tool_error(place.requested):
        refuse_moved(place)
        try:
            Path(place.real).mkdir()
        except FileExistsError:
            raise stale_plan(place.requested) from None


def refuse_moved(place: Place) -> None:
    if os.path.normcase(os.path.realpath(place.real)) != os.path.normcase(place.real):
        raise tool_error_for(FileNotFoundError(2, ""), place.requested)


def _refuse_swapped(place: Place, opened: os.stat_result) -> None:
    refuse_moved(place)
    if not os.path.samestat(opened, Path(place.real).stat()):
        raise tool_error_for(FileNotFoundError(2, ""), place.requested)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sha256_or_none(place: Place) -> str | None:
    with suppress(FileNotFoundError), Path(place.real).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return None


def _move_into_place(temporary: Path, place: Place, *, new: bool) -> None:
    """``rename`` refuses an existing target on Windows, which is what a new file needs; ``replace`` does not."""
    if not new:
        temporary.replace(place.real)
        return
    try:
        temporary.rename(place.real)
    except FileExistsError:
        raise stale_plan(place.requested) from None
