"""The bearer token that a server asks for over HTTP, and the file it is handed over in.

Never an argument and never an environment variable: other programs of this machine can see both.
"""

import os
import re
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TOKEN = re.compile(rb"[A-Za-z0-9._~+/-]{32,}=*")
"""The ``b64token`` of RFC 6750; 32 characters are 128 bits even where they are hexadecimal digits."""

_SIZE_LIMIT_BYTES = 4096
_READING = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe that nobody writes to must not wait
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class TokenRefusedError(Exception):
    """A file that no token can be taken from; the text names the file and what to do."""


def read_token(file: Path) -> str:
    """The token in a file that is ours and that nobody else may read. Raises TokenRefusedError.

    Windows keeps access lists instead of modes, and there the folder the file lies in has to be private.
    """
    try:
        descriptor = os.open(file, _READING)
    except OSError as error:
        raise TokenRefusedError(f"the token file {file} cannot be read: {error.strerror}") from error
    try:
        _refuse_public(file, os.fstat(descriptor))
        token = os.read(descriptor, _SIZE_LIMIT_BYTES).strip()
    finally:
        os.close(descriptor)
    if not _TOKEN.fullmatch(token):
        raise TokenRefusedError(f"the token file {file} must hold one token of 32 or more letters, digits or -._~+/")
    return token.decode("ascii")


@contextmanager
def fresh_token() -> Iterator[tuple[Path, str]]:
    """A new token and the file of mode 0600 it stands in until the end."""
    token = secrets.token_urlsafe(32)
    descriptor, name = tempfile.mkstemp(prefix="ostiary-", suffix=".token", dir=_private_folder())
    file = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(f"{token}\n")
        yield file, token
    finally:
        file.unlink(missing_ok=True)


def _refuse_public(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise TokenRefusedError(f"the token file {file} is not a file")
    if sys.platform != "win32" and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
        raise TokenRefusedError(f"the token file {file} is open to others: make it yours, with mode 0600")


def _private_folder() -> str | None:
    """Where the desktop keeps what lasts as long as its session; None: the system's folder for temporary files."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return runtime if Path(runtime).is_absolute() and Path(runtime).is_dir() else None
