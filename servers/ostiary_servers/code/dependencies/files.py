"""Manifests and lock files as they are read from a repository: text within a limit, and large lock files elsewhere.

Neither TOML nor YAML can be read for a while only, and both hold the interpreter, so a large lock file is read by
``lock_worker``: a process that ends with the call, or when its time is over.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import TypeAdapter

from ostiary_servers.code.dependencies.formats import LockFormat
from ostiary_servers.code.dependencies.model import FormatError, Lock
from ostiary_servers.code.index.sources import in_utf_8
from ostiary_servers.code.programs import running
from ostiary_servers.code.repositories import Repository
from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.errors import ErrorCode, ToolError

MANIFEST_LIMIT_BYTES = 1_000_000
"""What people write is far smaller."""

LOCK_LIMIT_BYTES = 20_000_000
SMALL_LOCK_BYTES = 200_000
"""Reading one takes up to 0.15 s (measured: pnpm's, the slowest), about what a process costs."""

LOCK_TIMEOUT_S = 12.0
"""Measured: 10,000 packages of pnpm, 2.4 MB, take 4 s; of uv 1 s."""

LOCK = TypeAdapter(Lock)
"""How a lock file that was read comes back from the other process."""


def read_manifest(repository: Repository, name: str) -> str:
    """The text of the file at ``name``, its parts joined by ``/``. Raises FormatError and ToolError."""
    with _opened(repository, name, MANIFEST_LIMIT_BYTES) as descriptor:
        return text_in(descriptor)


def read_lock(repository: Repository, name: str, form: LockFormat, timeout_s: float = LOCK_TIMEOUT_S) -> Lock:
    """What is in the lock file at ``name``. Raises FormatError and ToolError."""
    with _opened(repository, name, LOCK_LIMIT_BYTES) as descriptor:
        if os.fstat(descriptor).st_size > SMALL_LOCK_BYTES:
            return _read_elsewhere(repository, name, descriptor, timeout_s)
        return form.parse(text_in(descriptor))


def text_in(descriptor: int) -> str:
    """The rest of an open file. Raises FormatError for what is no text."""
    text = in_utf_8(b"".join(iter(lambda: os.read(descriptor, 1 << 20), b"")))
    if text is None:
        raise FormatError("It is not text.")
    return text.decode(errors="replace")


@contextmanager
def _opened(repository: Repository, name: str, limit_bytes: int) -> Iterator[int]:
    with open_file(repository.file(name.replace("/", os.sep))) as descriptor:
        if os.fstat(descriptor).st_size > limit_bytes:
            raise ToolError(ErrorCode.TOO_LARGE, f"“{name}” is larger than {limit_bytes} bytes.", "")
        yield descriptor


def _read_elsewhere(repository: Repository, name: str, descriptor: int, timeout_s: float) -> Lock:
    command = [sys.executable, "-P", "-m", "ostiary_servers.code.dependencies.lock_worker", name]
    with running(command, repository.real, {}, timeout_s, stdin=descriptor, called=name) as output:
        answer = b"".join(output.pieces)
    if output.timed_out:
        raise FormatError(f"Reading it takes longer than {timeout_s:g} s.")
    if output.exit_code != 0:
        raise FormatError(answer.decode(errors="replace") or "What reads it could not cope with it.")
    return LOCK.validate_json(answer)
