"""Files that commands write for the person: whole or not at all, readable by nobody else."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ostiary.domain.errors import UsageError


def save(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, for the person alone. Raises ``UsageError``."""
    fresh = path.parent / f".{path.name}.{os.getpid()}"
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # where it could not be made there is none
            fresh.unlink()
        raise UsageError(f"{path} cannot be written", f"{error.strerror}.") from error
