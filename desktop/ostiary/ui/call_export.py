"""Calls of the log written to a file as the gateway gives them: newest first, all that match, all of it or nothing.

Nothing blocks: the log's index is asked for step by step, and each page when the one before is written.
"""

from __future__ import annotations

import csv
import io
import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QIODevice, QObject, QSaveFile, Signal

from ostiary.control.messages import IndexCalls, PageCalls
from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.call_index import BLOCK_IDS, CallIndex
from ostiary.domain.errors import OstiaryError
from ostiary.ui.asking import Ask
from ostiary.ui.language import said, told

PAGE_BLOCKS: Final = 4
"""A page of some 1,000 calls takes some milliseconds to write, so the window stays smooth."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


class Form(StrEnum):
    """The value is the file's suffix."""

    JSON_LINES = ".jsonl"
    CSV = ".csv"


class CallExport(QObject):
    """One export. The file appears under its name only when all is written.

    Signals:
        progressed(int, float): So many calls are written, and this share of the log is done (0 to 1).
        ended(str): It is done, with an empty text; or it failed, with the reason in words. Not told after ``cancel``.
    """

    progressed = Signal(int, float)
    ended = Signal(str)

    def __init__(self, path: Path, wanted: CallFilter, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._ask = ask
        self._file = QSaveFile(str(path), self)
        self._head, self._encode = _form(path)
        self._count = 0
        self._runs = False
        self._blocks: deque[int] = deque()
        self._newest = 0
        self._oldest = 0
        self._reached = 0

    def start(self) -> None:
        """Begin; everything else is told by the signals."""
        if not self._file.open(QIODevice.OpenModeFlag.WriteOnly):
            self._fail(said(self._file.errorString()))
            return
        self._runs = True
        self._file.write(self._head)
        self._look_further(0)

    def cancel(self) -> None:
        """Leave nothing behind."""
        if self._runs:
            self._runs = False
            self._file.cancelWriting()
            self._file.commit()

    def _look_further(self, before: int) -> None:
        self._ask(IndexCalls(filter=self._wanted, before=before), self._take_index, self._refused)

    def _take_index(self, index: CallIndex) -> None:
        if not self._runs:
            return
        self._newest = self._newest or index.newest
        self._oldest, self._reached = index.oldest, index.reached
        self._blocks.extend(block.number for block in index.blocks)
        self._next()

    def _next(self) -> None:
        if self._blocks:
            page = tuple(self._blocks.popleft() for _ in range(min(PAGE_BLOCKS, len(self._blocks))))
            self._ask(PageCalls(filter=self._wanted, blocks=page), self._take, self._refused)
        elif self._reached > self._oldest:
            self.progressed.emit(self._count, self._share())
            self._look_further(self._reached)
        else:
            self._finish()

    def _take(self, rows: tuple[CallRow, ...]) -> None:
        if not self._runs:
            return
        self._count += len(rows)
        if self._file.write(self._encode(rows[::-1])) < 0:
            self._stop(said(self._file.errorString()))
            return
        self.progressed.emit(self._count, self._share())
        self._next()

    def _share(self) -> float:
        reached = (self._blocks[0] + 1) * BLOCK_IDS if self._blocks else self._reached
        return min(1.0, max(0.0, (self._newest - reached + 1) / (self._newest - self._oldest + 1)))

    def _finish(self) -> None:
        self._runs = False
        self.progressed.emit(self._count, 1.0)
        if self._file.commit():
            self.ended.emit("")
        else:
            self._fail(said(self._file.errorString()))

    def _refused(self, error: OstiaryError) -> None:
        if self._runs:
            self._stop(told(error))

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
