"""Outlines in SQLite, each with the state of the file that it was made from.

The index is a cache: it can be deleted at any time, and a broken one is. Several servers may share it, so one that is
only busy, full or not ours to write is left as it is, and done without.
"""

import json
import os
import sqlite3
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ostiary_servers.code.syntax.outline import Outline

FILE_NAME = "outlines-3.sqlite"
"""The number changes with whatever makes an old outline wrong: the tables, the patterns, the grammars."""

KEPT_DAYS = 60
BUSY_S = 2.0
"""How long another server's writing is waited for."""

_RACY_NS = 2_000_000_000
"""A file changed within this of being read may change again with the same stat (FAT keeps times to 2 s)."""

_TABLES = """
CREATE TABLE IF NOT EXISTS outlines (
    repository BLOB, path BLOB, size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER, read_at INTEGER,
    sha256 TEXT, reason TEXT, outline BLOB, used_day INTEGER, PRIMARY KEY (repository, path)) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's state as its stat tells it; times in nanoseconds."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Self:
        """The state in a stat; numbers as SQLite can keep them, for which some inodes and odd times are too large."""
        return cls(*map(_in_64_bits, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a file; ``sure``: its stat alone proves that it has not changed since."""

    stamp: Stamp
    sha256: str
    reason: str | None
    outline: Outline | None
    sure: bool


class OutlineStore:
    """One SQLite file. Safe to use from many threads; whatever fails is as if nothing was kept."""

    def __init__(self, folder: Path | None) -> None:
        """``folder`` None: in memory only."""
        self._path = str(folder / FILE_NAME) if folder else ":memory:"
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def get(self, repository: str, path: str) -> Kept | None:
        """What is kept of one file."""
        row = self._one(
            "SELECT size, mtime, ctime, inode, read_at, sha256, reason, outline FROM outlines"
            " WHERE repository = ? AND path = ?",
            (os.fsencode(repository), os.fsencode(path)),
        )
        if row is None:
            return None
        size, mtime, ctime, inode, read_at, sha256, reason, packed = row
        try:
            outline = Outline.from_json(json.loads(zlib.decompress(packed))) if packed else None
        except (zlib.error, ValueError, TypeError):  # a crash of the system left the row, and not all that was in it
            return None
        return Kept(Stamp(size, mtime, ctime, inode), sha256, reason, outline, read_at - mtime > _RACY_NS)

    def put(self, repository: str, path: str, kept: Kept) -> None:
        """Keeps what was read just now."""
        packed = zlib.compress(json.dumps(kept.outline.to_json()).encode(), 1) if kept.outline else None
        stamp, now = kept.stamp, time.time_ns()
        self._one(
            "INSERT OR REPLACE INTO outlines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(os.fsencode(repository), os.fsencode(path)),
                *(stamp.size_bytes, stamp.mtime_ns, stamp.ctime_ns, stamp.inode, now),
                *(kept.sha256, kept.reason, packed, now // 86_400_000_000_000),
            ),
        )

    def count(self, repository: str) -> int:
        """How many files of a repository are kept."""
        row = self._one("SELECT count(*) FROM outlines WHERE repository = ?", (os.fsencode(repository),))
        return int(row[0]) if row else 0

    def paths(self, repository: str) -> set[str]:
        """The files of a repository that are kept, those that are gone by now among them."""
        rows = self._all("SELECT path FROM outlines WHERE repository = ?", (os.fsencode(repository),))
        return {os.fsdecode(row[0]) for row in rows}

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _one(self, statement: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        return next(iter(self._all(statement, values)), None)

    def _all(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._open().execute(statement, values).fetchall()
            except sqlite3.OperationalError:
                return []
            except sqlite3.DatabaseError:
                self._start_over()
                return []

    def _open(self) -> sqlite3.Connection:
        """What cannot be opened or written is in memory from then on."""
        if self._connection is None:
            try:
                self._connection = _opened(self._path)
            except (sqlite3.OperationalError, OSError):
                self._path = ":memory:"
                self._connection = _opened(self._path)
        return self._connection

    def _start_over(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._path != ":memory:":
            for name in (self._path, f"{self._path}-wal", f"{self._path}-shm"):
                with suppress(OSError):
                    Path(name).unlink()


def _in_64_bits(number: int) -> int:
    return (number + 2**63) % 2**64 - 2**63


def _opened(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        if path != ":memory:":
            Path(path).chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # what a crash of the system loses is made anew
        connection.execute(_TABLES)
        today = time.time_ns() // 86_400_000_000_000
        with suppress(sqlite3.OperationalError):  # left for another start while another server writes
            connection.execute("DELETE FROM outlines WHERE used_day < ?", (today - KEPT_DAYS,))
    except (sqlite3.Error, OSError):
        connection.close()
        raise
    return connection
