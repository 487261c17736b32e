"""Files below a root on POSIX: every name on the way is opened from the folder before it, and none may be a link.

``Place.real`` has no links in it, so ``O_NOFOLLOW`` at every step refuses only what was swapped since. On Linux the
walk starts at ``/``. Elsewhere a folder cannot be passed through without the right to read it, so the walk starts at
the approved folder: there a link swapped in above that folder is followed.
"""

import errno
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ostiary_servers.common import attributes_posix
from ostiary_servers.common.cloud import refuse_placeholder
from ostiary_servers.common.os_errors import (
    not_a_directory,
    not_regular_file,
    stale_plan,
    told_as_tool_error,
    write_protected,
)
from ostiary_servers.common.path_gate import Place, refuse_withheld

assert sys.platform != "win32"

_CAN_PASS_UNREAD = hasattr(os, "O_PATH")
PASSING = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""To go through a folder the right to search it is enough, where the system can express that (Linux)."""

LISTING = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""O_NONBLOCK: opening a named pipe that nobody writes to must not wait (POSIX open(2))."""

_CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE_MODE = 0o666
_NEW_DIRECTORY_MODE = 0o777
"""Both are cut down by the umask, as for anything else the person makes."""


@contextmanager
def open_file(place: Place) -> Iterator[int]:
    """A descriptor to read the regular file at ``place``.

    Raises ToolError ``not_found``, ``not_regular_file`` or ``permission_denied``.
    """
    refuse_withheld(place)
    with told_as_tool_error(place.requested):
        with parent_of(place) as (parent, name):
            descriptor = open_regular(parent, name, place.requested)
        with closing_descriptor(descriptor):
            yield descriptor


def read_stat(place: Place) -> os.stat_result:
    """The stat of whatever is at ``place``; nothing is opened. Raises ToolError."""
    with told_as_tool_error(place.requested), parent_of(place) as (parent, name):
        return os.stat(name, dir_fd=parent, follow_symlinks=False)


def read_link(place: Place) -> str:
    """Where the link at ``place`` leads, as it is written. Raises ToolError."""
    with told_as_tool_error(place.requested), parent_of(place) as (parent, name):
        return os.readlink(name, dir_fd=parent)


@contextmanager
def scan_directory(place: Place) -> "Iterator[Iterator[os.DirEntry[str]]]":
    """The entries of the folder at ``place``, in the system's order. Raises ToolError, also ``not_a_directory``."""
    with told_as_tool_error(place.requested):
        with parent_of(place) as (parent, name):
            descriptor = open_directory(parent, name, place.requested)
        with closing_descriptor(descriptor), os.scandir(descriptor) as entries:
            yield entries


def replace_file(place: Place, content: bytes, before_sha256: str | None) -> None:
    """Puts ``content`` at ``place`` whole or not at all, if what is there still has the hash it had (None: nothing).

    The new file is written beside the old one, synced, given its mode, owner and attributes, and renamed over it. The
    hash is taken again last, just before the rename; POSIX has no rename that compares, so a change within those
    microseconds is lost. A file that must not exist yet is linked into place, which fails if it does. Raises ToolError
    ``stale_plan`` and what the system answers.
    """
    with told_as_tool_error(place.requested), parent_of(place, LISTING) as (parent, name):
        before = _stat_or_none(name, parent)
        _refuse_protected(before, name, parent, place.requested)
        temporary = _write_beside(parent, content, before, name)
        try:
            if _sha256_or_none(parent, name, place.requested) != before_sha256:
                raise stale_plan(place.requested)
            _move_into_place(parent, temporary, name, new=before_sha256 is None, requested=place.requested)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=parent)
        sync_directory(parent)


@contextmanager
def folder_to_work_in(place: Place) -> Iterator[str]:
    """A path by which a child process, and only one started meanwhile, comes to work in the folder at ``place``.

    On Linux that is the open folder itself, whatever happens to its name. Raises ToolError.
    """
    with told_as_tool_error(place.requested):
        with parent_of(place) as (parent, name):
            descriptor = open_directory(parent, name, place.requested)
        with closing_descriptor(descriptor):
            yield f"/proc/self/fd/{descriptor}" if sys.platform == "linux" else place.real


def make_directory(place: Place) -> None:
    """Makes the folder at ``place``; its parent must exist. Raises ToolError ``stale_plan`` if something is there."""
    with told_as_tool_error(place.requested), parent_of(place, LISTING) as (parent, name):
        try:
            os.mkdir(name, _NEW_DIRECTORY_MODE, dir_fd=parent)
        except FileExistsError:
            raise stale_plan(place.requested) from None
        sync_directory(parent)


@contextmanager
def parent_of(place: Place, last: int = PASSING) -> Iterator[tuple[int, str]]:
    """The folder that holds ``place``, opened with the flags ``last``, and its name in it."""
    start, below = ("/", place.real) if _CAN_PASS_UNREAD else (place.root.real, place.real[len(place.root.real) :])
    *folders, name = list(filter(None, below.split("/"))) or ["."]
    flags = [PASSING] * len(folders) + [last]
    descriptor = os.open(start, flags[0])
    try:
        for folder, how in zip(folders, flags[1:], strict=True):
            deeper = os.open(folder, how, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor, name
    finally:
        os.close(descriptor)


@contextmanager
def closing_descriptor(descriptor: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.close(descriptor)


def open_regular(parent: int, name: str, requested: str) -> int:
    """Looks first, because opening a device can already do something, and again, because what is there can change."""
    mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "a link where none was, or one that leads to itself")
    if not stat.S_ISREG(mode):
        raise not_regular_file(requested)
    descriptor = os.open(name, READING, dir_fd=parent)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise not_regular_file(requested)
        refuse_placeholder(found, requested)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def open_directory(parent: int, name: str, requested: str) -> int:
    if not stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        raise not_a_directory(requested)
    return os.open(name, LISTING, dir_fd=parent)


def _stat_or_none(name: str, parent: int) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    return None


def _refuse_protected(before: os.stat_result | None, name: str, parent: int, requested: str) -> None:
    """A rename asks only the folder, so the file's own protection is asked here."""
    if before is None:
        return
    if not stat.S_ISREG(before.st_mode):
        raise not_regular_file(requested)
    if not before.st_mode & 0o222 or not os.access(name, os.W_OK, dir_fd=parent):
        raise write_protected(requested)


def _write_beside(parent: int, content: bytes, before: os.stat_result | None, beside: str) -> str:
    """Writes a synced file into ``parent`` that is as the one named ``beside`` but for its content; gives its name."""
    name = f".ostiary-{secrets.token_hex(8)}.tmp"
    descriptor = os.open(name, _CREATING, _NEW_FILE_MODE if before is None else 0o600, dir_fd=parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if before is not None:
                _take_over(descriptor, before, parent, beside)
            os.fsync(descriptor)
    except BaseException:
        os.unlink(name, dir_fd=parent)
        raise
    return name


def _take_over(descriptor: int, before: os.stat_result, parent: int, beside: str) -> None:
    """Mode after owner, as a change of owner takes set-user bits away; access lists last, as a mode cuts them."""
    attributes_posix.take_over_owner(descriptor, before)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    source = open_regular(parent, beside, beside)
    with closing_descriptor(source):
        attributes_posix.take_over_attributes(source, descriptor)


def sync_directory(directory: int) -> None:
    """Some network file systems cannot sync a folder and answer EINVAL; the file itself is synced by then."""
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def _sha256_or_none(parent: int, name: str, requested: str) -> str | None:
    try:
        descriptor = open_regular(parent, name, requested)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move_into_place(parent: int, temporary: str, name: str, *, new: bool, requested: str) -> None:
    if not new:
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
        return
    try:
        os.link(temporary, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
    except FileExistsError:
        raise stale_plan(requested) from None
    except OSError as error:
        if not _has_no_hard_links(error):
            raise
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)


def _has_no_hard_links(error: OSError) -> bool:
    """FAT and some network file systems know none; POSIX link(2) answers EPERM, others ENOTSUP or EOPNOTSUPP."""
    return error.errno in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
