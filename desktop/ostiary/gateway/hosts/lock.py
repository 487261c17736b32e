"""One writer of host files at a time, among all processes that share a backup folder."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ostiary.domain.errors import HostFileError

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Holds the lock in ``folder``, which is made when it is missing. The system lets go of it if we die.

    Raises ``HostFileError`` at once when another process holds it: a write takes milliseconds, so nobody waits.
    """
    descriptor = _opened(folder)
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            raise HostFileError("Another Ostiary is changing a host's file", "Try again in a moment.") from error
        yield
    finally:
        os.close(descriptor)


def _opened(folder: Path) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HostFileError("No backup can be written", f"Nothing was changed. {error.strerror or error}.") from error
