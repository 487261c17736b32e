"""The call log's database: SQLite in WAL mode. It takes entries that are redacted already.

All of it belongs to the one thread that opened it (``writer``). A file of a newer version is refused and left
untouched; a corrupt one is kept aside and a new one begun.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ostiary.domain.call import CallDetail, CallFilter, CallRow, Outcome
from ostiary.domain.errors import SettingsError
from ostiary.gateway.calllog.conditions import conditions

SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at REAL NOT NULL,
    host TEXT NOT NULL,
    server TEXT NOT NULL,
    method TEXT NOT NULL,
    tool TEXT NOT NULL,
    item TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    outcome TEXT NOT NULL,
    waited_ms REAL NOT NULL,
    duration_ms REAL NOT NULL,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    reason TEXT NOT NULL,
    caller TEXT NOT NULL,
    arguments TEXT NOT NULL,
    result TEXT NOT NULL,
    rule INTEGER NOT NULL DEFAULT 0,
    undo TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX calls_started_at ON calls (started_at);
CREATE INDEX calls_running ON calls (id) WHERE outcome = 'running';
"""

_FROM_2 = "ALTER TABLE calls ADD COLUMN undo TEXT NOT NULL DEFAULT '';"
_FROM_1 = f"ALTER TABLE calls ADD COLUMN rule INTEGER NOT NULL DEFAULT 0; {_FROM_2}"
_STEPS = {0: _SCHEMA, 1: _FROM_1, 2: _FROM_2}
"""What brings a file of each older version to this one's."""

LARGEST_ID = 2**63 - 1
ROW = CallRow.__struct_fields__
_TEXTS = tuple(field for field in CallDetail.__struct_fields__ if field != "row")
_COLUMNS = (*ROW, *_TEXTS)
# Built from our own field names only; values are always bound.
_SAVE = f"INSERT OR REPLACE INTO calls ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_FILES = ("-wal", "-shm", "")
"""How the names of a database's files end; the one that makes the others its own is moved last."""
_CACHE_KIB = 256
"""New entries all go to the same few pages. *Measured: 2 MB, SQLite's own choice, make no call cheaper.*"""
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What is kept: the newest calls within all three limits. ``size_bytes`` counts used pages of the database."""

    age_s: float = 30 * 86_400.0
    rows: int = 100_000
    size_bytes: int = 64 << 20


class CallStore:
    """An open database. Every method raises ``sqlite3.Error`` when SQLite cannot do it."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file, 0600. Raises ``SettingsError`` for one of a newer version."""
        _refuse_newer(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # -wal and -shm get the same mode from SQLite
        self._connection = sqlite3.connect(path)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        execute = self._connection.execute
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        execute("PRAGMA secure_delete = ON")  # what retention deletes is gone from the file
        if execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _corrupt()
        steps = _STEPS.get(execute("PRAGMA user_version").fetchone()[0])
        if steps is not None:
            self._connection.executescript(f"BEGIN; {steps} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")

    def close(self) -> None:
        self._connection.close()

    def last_id(self) -> int:
        """The highest number that was ever given, also when its call was deleted since."""
        found = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'calls'").fetchone()
        return int(found[0]) if found else 0

    def mark_cut_off(self) -> int:
        """Calls that still run in the file were cut off by the end of the process before. Gives how many."""
        with self._connection:
            found = self._connection.execute(
                "UPDATE calls SET outcome = ? WHERE outcome = ?", (Outcome.CUT_OFF.value, Outcome.RUNNING.value)
            )
        return found.rowcount

    def save(self, entries: Iterable[CallDetail]) -> None:
        """Writes new and changed entries in one transaction: all of them, or none."""
        with self._connection:
            self._connection.executemany(_SAVE, [_values(entry) for entry in entries])

    def mark_undone(self, number: int) -> None:
        """The change that a call made was taken back: there is nothing to undo any more."""
        with self._connection:
            self._connection.execute("UPDATE calls SET undo = '' WHERE id = ?", (number,))

    def has(self, number: int) -> bool:
        return self._connection.execute("SELECT 1 FROM calls WHERE id = ?", (number,)).fetchone() is not None

    def rows(self, wanted: CallFilter, before: int, limit: int) -> tuple[CallRow, ...]:
        """At most ``limit`` rows before the row ``before`` (0: the newest), oldest first."""
        condition, values = conditions(wanted)
        found = self._connection.execute(
            f"SELECT {', '.join(ROW)} FROM calls"  # noqa: S608 - as above
            f" WHERE {condition} AND id < ? ORDER BY id DESC LIMIT ?",
            (*values, before or LARGEST_ID, limit),
        ).fetchall()
        return tuple(row_of(values) for values in reversed(found))

    def detail(self, number: int) -> CallDetail | None:
        found = self._connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM calls WHERE id = ?",  # noqa: S608 - as above
            (number,),
        ).fetchone()
        if found is None:
            return None
        return CallDetail(row=row_of(found[: len(ROW)]), **dict(zip(_TEXTS, found[len(ROW) :], strict=True)))

    def trim(self, keep: Retention, now: float) -> None:
        """Deletes the oldest calls beyond any of the limits.

        How many there are is told by their numbers: to count a million takes 14 ms.
        """
        with self._connection:
            self._connection.execute("DELETE FROM calls WHERE started_at < ?", (now - keep.age_s,))
            self._connection.execute("DELETE FROM calls WHERE id <= (SELECT max(id) FROM calls) - ?", (keep.rows,))
            while self._used_bytes() > keep.size_bytes and (count := self._count()):
                self._delete_oldest(max(count // 10, 1))

    def _delete_oldest(self, count: int) -> None:
        if count > 0:
            self._connection.execute(
                "DELETE FROM calls WHERE id IN (SELECT id FROM calls ORDER BY id LIMIT ?)", (count,)
            )

    def _count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM calls").fetchone()[0])

    def _used_bytes(self) -> int:
        def pragma(name: str) -> int:
            return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])

        return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")


def open_store(path: Path, now: float) -> tuple[CallStore, Path | None]:
    """The store, and where a corrupt file was kept aside if there was one. ``now`` is Unix seconds."""
    try:
        return CallStore(path), None
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error):
            raise
    aside = _free_name(path.with_name(f"{path.name}.corrupt-{now:.0f}"))
    for suffix in _FILES:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    return CallStore(path), aside


def _free_name(wanted: Path) -> Path:
    """That name, with a number behind it where a database was kept under it within the same second."""
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    names = itertools.chain((wanted,), numbered)
    return next(name for name in names if not any(Path(f"{name}{suffix}").exists() for suffix in _FILES))


def is_corrupt(error: sqlite3.Error) -> bool:
    """True when the file is no database, or a damaged one."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _BROKEN


def _corrupt() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("the quick check failed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _refuse_newer(path: Path) -> None:
    if not path.exists() or path.stat().st_size == 0:
        return
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise SettingsError(
            "The call log was written by a newer Ostiary", f"Update Ostiary, or move {path} away to begin a new one."
        )


def _values(entry: CallDetail) -> tuple[object, ...]:
    """In the order of ``_COLUMNS``, enums as texts: SQLite takes long to see that an enum's member is one."""
    whole = msgspec.to_builtins(entry)
    return (*whole.pop("row").values(), *whole.values())


def row_of(values: tuple[object, ...]) -> CallRow:
    return msgspec.convert(dict(zip(ROW, values, strict=True)), CallRow)
