"""Moving and copying on POSIX: from an open folder into an open folder, no link followed, nothing replaced.

A copy is made whole under a passing name and then renamed, so that nobody meets half of one.
"""

import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ostiary_servers.common import anchored_posix as posix
from ostiary_servers.common import rename_posix
from ostiary_servers.common.os_errors import told_as_taken, told_as_tool_error
from ostiary_servers.common.path_gate import Place

if sys.platform != "win32":
    from ostiary_servers.common.sync_posix import sync_file_system_of

assert sys.platform != "win32"

_COPY_BYTES = 1024 * 1024
_CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def move_path(source: Place, destination: Place) -> None:
    """Renames. Raises ToolError ``already_exists`` when something is there, ``unsupported`` between disks."""
    with told_as_tool_error(source.requested), posix.parent_of(source, posix.LISTING) as (source_folder, name):
        with _free_name(destination) as (folder, new_name):
            rename_posix.rename_exclusively(source_folder, name, folder, new_name)
            posix.sync_directory(folder)
        posix.sync_directory(source_folder)


def copy_tree(source: Place, destination: Place) -> None:
    """Copies a file, or a folder with what is in it; modes and times are kept, links stay links.

    What is neither file, folder nor link is left out. Raises ToolError ``already_exists``.
    """
    passing = f".ostiary-{secrets.token_hex(8)}.tmp"
    with (
        told_as_tool_error(source.requested),
        posix.parent_of(source) as (source_folder, name),
        _free_name(destination) as (folder, new_name),
    ):
        try:
            if _copy(source_folder, name, folder, passing):
                sync_file_system_of(folder)
            rename_posix.rename_exclusively(folder, passing, folder, new_name)
        except BaseException:
            _remove(folder, passing)
            raise
        posix.sync_directory(folder)


@contextmanager
def _free_name(destination: Place) -> Iterator[tuple[int, str]]:
    with (
        told_as_tool_error(destination.requested),
        told_as_taken(destination.requested),
        posix.parent_of(destination, posix.LISTING) as opened,
    ):
        yield opened


def _copy(source_folder: int, source: str, folder: int, name: str, *, alone: bool = True) -> bool:
    """Whether there is more to sync: a file that is copied ``alone`` has been."""
    mode = os.stat(source, dir_fd=source_folder, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(source, dir_fd=source_folder), name, dir_fd=folder)
    elif stat.S_ISDIR(mode):
        _copy_folder(source_folder, source, folder, name)
        return True
    elif stat.S_ISREG(mode):
        _copy_file(source_folder, source, folder, name, alone=alone)
    return False


def _copy_folder(source_folder: int, source: str, folder: int, name: str) -> None:
    opened = os.open(source, posix.LISTING, dir_fd=source_folder)
    try:
        os.mkdir(name, 0o700, dir_fd=folder)
        made = os.open(name, posix.LISTING, dir_fd=folder)
        try:
            for entry in os.listdir(opened):  # noqa: PTH208 - an open folder has no path
                _copy(opened, entry, made, entry, alone=False)
            _keep_form(os.fstat(opened), made)
        finally:
            os.close(made)
    finally:
        os.close(opened)


def _copy_file(source_folder: int, source: str, folder: int, name: str, *, alone: bool) -> None:
    """The new file is private until it is whole."""
    with os.fdopen(os.open(source, posix.READING, dir_fd=source_folder), "rb") as old:
        found = os.fstat(old.fileno())
        if not stat.S_ISREG(found.st_mode):
            return
        with os.fdopen(os.open(name, _CREATING, 0o600, dir_fd=folder), "wb") as new:
            shutil.copyfileobj(old, new, _COPY_BYTES)
            new.flush()
            _keep_form(found, new.fileno())
            if alone:
                os.fsync(new.fileno())


def _keep_form(found: os.stat_result, descriptor: int) -> None:
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & 0o777)
    os.utime(descriptor, ns=(found.st_atime_ns, found.st_mtime_ns))


def _remove(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            shutil.rmtree(name, dir_fd=folder)
        else:
            os.unlink(name, dir_fd=folder)
