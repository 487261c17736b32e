"""Calls of the log written to a file, page by page as the gateway gives them: newest first, all of it or nothing.

Nothing blocks: each page is asked for when the one before is written.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QIODevice, QObject, QSaveFile, Signal

from ostiary.control.messages import ListCalls
from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.errors import OstiaryError
from ostiary.ui.asking import Ask

PAGE_ROWS: Final = 1_000
"""One page takes some milliseconds to write, so the window stays smooth."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


class Form(StrEnum):
    """The value is the file's suffix."""

    JSON_LINES = ".jsonl"
    CSV = ".csv"


class CallExport(QObject):
    """One export. The file appears under its name only when all is written.

    Signals:
        progressed(int): So many calls are written.
        ended(str): It is done, with an empty text; or it failed, with the reason in words. Not told after ``cancel``.
    """

    progressed = Signal(int)
    ended = Signal(str)

    def __init__(self, path: Path, wanted: CallFilter, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._ask = ask
        self._file = QSaveFile(str(path), self)
        self._head, self._encode = _form(path)
        self._count = 0
        self._runs = False

    def start(self) -> None:
        """Begin; everything else is told by the signals."""
        if not self._file.open(QIODevice.OpenModeFlag.WriteOnly):
            self._fail(self._file.errorString())
            return
        self._runs = True
        self._file.write(self._head)
        self._next(0)

    def cancel(self) -> None:
        """Leave nothing behind."""
        if self._runs:
            self._runs = False
            self._file.cancelWriting()
            self._file.commit()

    def _next(self, before: int) -> None:
        command = ListCalls(filter=self._wanted, before=before, limit=PAGE_ROWS)
        self._ask(command, self._take, lambda error: self._refused(error))

    def _take(self, rows: tuple[CallRow, ...]) -> None:
        if not self._runs:
            return
        self._count += len(rows)
        written = self._file.write(self._encode(rows[::-1]))
        if written < 0:
            self._stop(self._file.errorString())
        elif len(rows) == PAGE_ROWS:
            self.progressed.emit(self._count)
            self._next(rows[0].id)
        else:
            self._finish()

    def _finish(self) -> None:
        self._runs = False
        self.progressed.emit(self._count)
        if self._file.commit():
            self.ended.emit("")
        else:
            self._fail(self._file.errorString())

    def _refused(self, error: OstiaryError) -> None:
        if self._runs:
            self._stop(str(error))

    def _stop(self, reason: str) -> None:
        self.cancel()
        self._fail(reason)

    def _fail(self, reason: str) -> None:
        self.ended.emit(reason)


def _form(path: Path) -> tuple[bytes, Callable[[tuple[CallRow, ...]], bytes]]:
    """The head of the file, and what makes the bytes of some rows: CSV for that suffix, otherwise JSON Lines."""
    return (csv_head(), csv_lines) if path.suffix.casefold() == Form.CSV else (b"", json_lines)


def json_lines(rows: tuple[CallRow, ...]) -> bytes:
    """One object a line, with the fields of ``CallRow``."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def csv_head() -> bytes:
    return _csv([(*CallRow.__struct_fields__, "time")])


def csv_lines(rows: tuple[CallRow, ...]) -> bytes:
    """RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe: names come from others."""
    return _csv([tuple(_cell(row, name) for name in (*CallRow.__struct_fields__, "time")) for row in rows])


def _cell(row: CallRow, name: str) -> object:
    if name == "time":
        return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(row.started_at))
    value = getattr(row, name)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def _csv(lines: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode(errors="replace")
