"""Small files that only this user may read, written whole or not at all."""

# pathlib costs too much here: see the package's docstring
# ruff: noqa: PTH105, PTH123

import os
import sys

SIZE_LIMIT_BYTES = 64 * 1024
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def write_private(path: str, content: bytes) -> None:
    """Put a file of mode 0600 in place, atomically."""
    draft = f"{path}.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def read_private(path: str, limit_bytes: int = SIZE_LIMIT_BYTES) -> bytes:
    """What is in it, as far as the limit.

    PermissionError when it is not ours or others may read it, OSError when it is missing.
    """
    with open(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as file:
        status = os.fstat(file.fileno())
        if sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & 0o077):
            raise PermissionError(f"{path} is not private to this user")
        return file.read(limit_bytes)


def try_lock(path: str) -> int | None:
    """A descriptor that holds the lock file until it is closed, or None when somebody else does. Never waits.

    OSError when the file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # POSIX flock(2): EWOULDBLOCK; Windows: EACCES, EDEADLOCK
        os.close(descriptor)
        return None
    return descriptor
