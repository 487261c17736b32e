"""What was changed and how to take it back: the journal in a server's state folder.

Bounded by bytes and by days; the oldest go first. A content that a write replaces is kept before it is replaced. Both
the folder and its files are the person's alone (0700, 0600).
"""

import json
import logging
import os
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.plan import Op
from ostiary_servers.common.wire import Wire

SIZE_LIMIT_BYTES = 200 * 1024 * 1024
AGE_LIMIT_S = 7 * 24 * 3600

_log = logging.getLogger(__name__)


class Change(Wire):
    """One change. Paths are real paths.

    ``after`` is what must be found at ``path`` for the change to be taken back: the SHA-256 of the content where
    ``replaced`` (the old content is kept), otherwise a census' digest, or None for nothing. ``origin`` is where a moved
    thing was, ``trashed`` where a trashed thing lies.
    """

    tool: str
    title: str
    op: Op
    path: str
    after: str | None
    replaced: bool = False
    origin: str | None = None
    trashed: str | None = None
    at_s: float = 0.0


class Journal:
    """The changes of one server. Used by one writing call at a time."""

    def __init__(self, folder: Path, size_limit_bytes: int = SIZE_LIMIT_BYTES) -> None:
        self._folder = folder
        self._size_limit_bytes = size_limit_bytes

    def keep(self, change: Change, before: bytes | None = None) -> str:
        """Writes a change down, synced; gives its id. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        change_id = secrets.token_hex(16)
        if before is not None:
            self._write(f"{change_id}.before", zlib.compress(before, 1))
        record = change.model_copy(update={"at_s": time.time(), "replaced": before is not None})
        # Only escaped can JSON hold a name that is no valid UTF-8.
        self._write(f"{change_id}.json", json.dumps(record.model_dump(by_alias=True)).encode())
        self._prune(change_id)
        return change_id

    def keep_made(self, made: Callable[[], Change]) -> str | None:
        """Writes down a change that has been made; None where that cannot be: it stays, and cannot be taken back."""
        try:
            return self.keep(made())
        except (OSError, ToolError):
            _log.warning("a change was made and could not be written down", exc_info=True)
            return None

    def forget(self, change_id: str) -> None:
        """For a change that did not come to be."""
        for suffix in (".json", ".before"):
            (self._folder / f"{change_id}{suffix}").unlink(missing_ok=True)

    def find(self, change_id: str) -> Change:
        """Raises ToolError ``not_found`` when it was never made, or is no longer kept."""
        try:
            record = json.loads((self._folder / f"{change_id}.json").read_bytes())
            return Change.model_validate(record, by_alias=True, strict=False)
        except (OSError, ValueError):
            raise _unknown() from None

    def before(self, change_id: str) -> bytes:
        """The content that a change replaced. Raises ToolError ``not_found``."""
        try:
            return zlib.decompress((self._folder / f"{change_id}.before").read_bytes())
        except (OSError, zlib.error):
            raise _unknown() from None

    def recent(self, limit: int) -> list[tuple[str, Change]]:
        """The newest changes with their ids, the newest first."""
        changes = []
        for path in self._folder.glob("*.json"):
            with suppress(ToolError):
                changes.append((path.stem, self.find(path.stem)))
        return sorted(changes, key=lambda change: change[1].at_s, reverse=True)[:limit]

    def _write(self, name: str, content: bytes) -> None:
        passing = self._folder / f"{name}.tmp"
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(self._folder / name)

    def _prune(self, newest: str) -> None:
        """Lets go of what is too old, then of the oldest until the rest fits. The newest always stays."""
        found = sorted(self._files(), key=lambda each: each[0].st_mtime, reverse=True)
        oldest_s, room = time.time() - AGE_LIMIT_S, self._size_limit_bytes
        for stat, path in found:
            room -= stat.st_size
            change_id, _, _ = path.name.partition(".")
            if change_id != newest and (room < 0 or stat.st_mtime < oldest_s):
                self.forget(change_id)
                path.unlink(missing_ok=True)  # what a write left that was cut off

    def _files(self) -> Iterator[tuple[os.stat_result, Path]]:
        for path in self._folder.iterdir():
            if path.suffix in {".json", ".before", ".tmp"}:
                with suppress(FileNotFoundError):  # a process of the same server, for another host, let go of it
                    yield path.stat(), path


def _unknown() -> ToolError:
    return ToolError(
        ErrorCode.NOT_FOUND,
        f"There is no such change, or it is no longer kept; changes are kept for {AGE_LIMIT_S // 86_400} days.",
        "Read changes://recent for those that can be undone.",
    )
