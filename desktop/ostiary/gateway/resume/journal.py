"""A session's journal as a file: mapped into memory by the gateway that lives, found by the one that comes after.

The kernel keeps what was stored in the mapping when the process is killed. A crash of the whole machine ends the
hosts as well, so nothing is ever forced to the disk.
"""

from __future__ import annotations

import logging
import mmap
import os
import secrets
import stat
import sys
from pathlib import Path

import msgspec

from ostiary.gateway.resume import layout
from ostiary.gateway.resume.conversation import Conversation, read_conversation
from ostiary.gateway.resume.inbox import Inbox
from ostiary.gateway.resume.layout import Mark
from ostiary.gateway.resume.ledger import Ledger
from ostiary_connect.endpoint import Endpoint

_LOG = logging.getLogger(__name__)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_ALLOCATED_BYTES = layout.CONVERSATIONS_AT
"""Given room at once: a store into a page for which the disk has no room left would end the process."""


class JournalError(Exception):
    """There is no such journal, it is not ours, or another session uses it."""


class Journal:
    """One session's. Locked while it is open: two sessions never go on from the same one."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Takes the descriptor over; ``create`` and ``adopt`` have made sure of what it is."""
        self.path = path
        self.answered_from: str | None = None
        """From which catalogue the shim answered the host's first requests, if it did."""
        self._descriptor = descriptor
        self._map = mmap.mmap(descriptor, layout.SIZE_BYTES)
        whole = memoryview(self._map)
        self._marks = whole[: layout.HEAD_BYTES].cast("Q")
        slots = whole[layout.SLOTS_AT : layout.CONVERSATIONS_AT].cast("Q")
        area = whole[layout.AREA_AT :]
        self._views = (whole, self._marks, slots, area)
        self.inbox = Inbox(self._marks, area)
        self.ledger = Ledger(self._marks, slots, self._keep)
        self._unmap_what_was_only_read()

    def _unmap_what_was_only_read(self) -> None:
        """Looking maps pages by the dozen. From here on only those in use count: each is written before it is read."""
        if sys.platform != "win32":
            self._map.madvise(mmap.MADV_DONTNEED)
            self._marks[Mark.MAGIC] = layout.MAGIC

    def conversation(self) -> Conversation:
        """What was kept last; one that has not begun when nothing was."""
        mark = self._marks[Mark.CONVERSATION]
        size = min(mark >> 1, layout.CONVERSATION_BYTES)
        return read_conversation(_read_at(self._descriptor, size, _conversation_at(mark & 1)))

    def _keep(self, conversation: Conversation) -> None:
        """Too long a conversation, or a full disk, leaves what was kept before."""
        kept = msgspec.json.encode(conversation)
        if self._descriptor < 0:
            return
        if len(kept) > layout.CONVERSATION_BYTES:
            _LOG.warning("A conversation of %d bytes is not kept for a restart", len(kept))
            return
        place = ~self._marks[Mark.CONVERSATION] & 1
        try:
            _write_at(self._descriptor, kept, _conversation_at(place))
        except OSError as error:
            _LOG.warning("A conversation is not kept for a restart: %s", error)
            return
        self._marks[Mark.CONVERSATION] = len(kept) << 1 | place

    def release(self) -> None:
        """Let go of it and leave it to the next gateway. Inbox and ledger are of no use afterwards."""
        if self._descriptor >= 0:
            self.ledger.let_go()
            for view in reversed(self._views):
                view.release()
            self._map.close()
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """The session is over."""
        if self._descriptor >= 0:
            self.path.unlink(missing_ok=True)
            self.release()


class Journals:
    """All of one endpoint, in its folder, which may hold those of others."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._folder = Path(endpoint.folder)
        self._stem = Path(endpoint.socket_path).stem

    def create(self) -> Journal:
        """An empty one under a name that nobody can guess. OSError when it cannot be made."""
        path = self._folder / f"{self._stem}-{secrets.token_hex(16)}.journal"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600)
        try:
            for place in range(0, _ALLOCATED_BYTES, mmap.PAGESIZE):  # at once, they would be mapped at once, too
                _write_at(descriptor, bytes(mmap.PAGESIZE), place)
            os.truncate(descriptor, layout.SIZE_BYTES)
            _write_at(descriptor, layout.MAGIC.to_bytes(8, sys.byteorder), 0)
            _lock(descriptor)
            return Journal(path, descriptor)
        except BaseException:
            path.unlink(missing_ok=True)
            os.close(descriptor)
            raise

    def adopt(self, name: str) -> Journal:
        """The one that an earlier gateway left under this name. Raises ``JournalError``."""
        path = self._folder / name
        try:
            if path.parent != self._folder or not name.startswith(f"{self._stem}-"):
                raise FileNotFoundError(f"{name} is no journal of this endpoint")
            descriptor = os.open(path, os.O_RDWR | _NO_LINK)
        except OSError as error:
            raise JournalError(str(error)) from error
        try:
            _check(descriptor)
            _lock(descriptor)
            return Journal(path, descriptor)
        except OSError as error:
            os.close(descriptor)
            raise JournalError(str(error)) from error

    def sweep(self) -> None:
        """Remove what no session has come back for; what is in use is locked.

        Also what nobody can go on from: one of another version, and one that a kill left while it was being made.
        """
        for path in self._folder.glob(f"{self._stem}-*.journal"):
            try:
                _remove_unused(path)
            except OSError as error:
                _LOG.debug("%s stays: %s", path.name, error)


def _remove_unused(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | _NO_LINK)
    try:
        _check_owner(descriptor)
        _lock(descriptor)
        path.unlink()
    finally:
        os.close(descriptor)


def _check_owner(descriptor: int) -> None:
    status = os.fstat(descriptor)
    is_ours = sys.platform != "win32" and status.st_uid == os.geteuid() and status.st_mode & 0o777 == 0o600
    if not stat.S_ISREG(status.st_mode) or not is_ours or status.st_nlink != 1:
        raise PermissionError("not a private file of this user")


def _check(descriptor: int) -> None:
    _check_owner(descriptor)
    if os.fstat(descriptor).st_size != layout.SIZE_BYTES:
        raise OSError("not of the right size")
    if _read_at(descriptor, 8, 0) != layout.MAGIC.to_bytes(8, sys.byteorder):
        raise OSError("another version of Ostiary wrote it")


def _lock(descriptor: int) -> None:
    """BlockingIOError when a session has it."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read_at(descriptor: int, size_bytes: int, place: int) -> bytes:
    os.lseek(descriptor, place, os.SEEK_SET)
    return os.read(descriptor, size_bytes)


def _write_at(descriptor: int, content: bytes, place: int) -> None:
    os.lseek(descriptor, place, os.SEEK_SET)
    os.write(descriptor, content)


def _conversation_at(place: int) -> int:
    return layout.CONVERSATIONS_AT + place * layout.CONVERSATION_BYTES
