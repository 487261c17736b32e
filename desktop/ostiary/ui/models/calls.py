"""The rows of the call table: live ones in batches, older ones above, filtered without a second model.

Rows that arrive wait in a queue that a timer drains: one insertion a drain, however many calls there were. *Measured:
a signal and a scroll an event stall the window for 20 s at 10,000 events; batches of 33 ms for some tens of ms.*
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from enum import IntEnum
from itertools import islice
from operator import attrgetter
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from ostiary.domain.call import FAILURES, CallFilter, CallRow

DRAIN_EVERY_MS: Final = 33
MOST_A_DRAIN: Final = 2_000
MOST_KEPT: Final = 20_000
"""Rows in memory; past it the oldest go. They stay in the log and come back by asking for them."""

Index = QModelIndex | QPersistentModelIndex
_by_id = attrgetter("id")


class Column(IntEnum):
    """The table's columns, in order."""

    TIME = 0
    HOST = 1
    SERVER = 2
    TOOL = 3
    ITEM = 4
    DECISION = 5
    OUTCOME = 6
    DURATION = 7


class CallsModel(QAbstractTableModel):
    """Calls by id, oldest first. DisplayRole gives the cell's text, UserRole the ``CallRow`` itself.

    Signals:
        drained(int): So many rows were added at the end; once a drain.
    """

    drained = Signal(int)

    def __init__(
        self, headings: tuple[str, ...], cell: Callable[[CallRow, Column], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._headings = headings
        self._cell = cell
        self._filter = CallFilter()
        self._kept: list[CallRow] = []
        self._rows: list[CallRow] = []
        self._queue: dict[int, CallRow] = {}
        self._timer = QTimer(self, interval=DRAIN_EVERY_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def kept(self) -> list[CallRow]:
        """Every row in memory, filtered or not, oldest first."""
        return self._kept

    @property
    def filter(self) -> CallFilter:
        return self._filter

    def row_at(self, row: int) -> CallRow:
        """The call shown in this row."""
        return self._rows[row]

    def row_of(self, call_id: int) -> int:
        """Where this call is shown; -1 when it is not."""
        place = bisect_left(self._rows, call_id, key=_by_id)
        return place if place < len(self._rows) and self._rows[place].id == call_id else -1

    def add(self, rows: Iterable[CallRow]) -> None:
        """New or changed calls; they show with the next drain. Of one id the last stands."""
        for row in rows:
            self._queue[row.id] = row
        while len(self._queue) > MOST_KEPT:
            del self._queue[next(iter(self._queue))]
        if self._queue and not self._timer.isActive():
            self._timer.start()

    def replace(self, rows: Iterable[CallRow]) -> None:
        """What the log has for the present filter. Live calls that are newer than its last stay."""
        answer = sorted(rows, key=_by_id)
        newest = answer[-1].id if answer else -1
        self.beginResetModel()
        self._kept = (answer + [row for row in self._kept if row.id > newest])[-MOST_KEPT:]
        self._rows = [row for row in self._kept if matches(row, self._filter)]
        self.endResetModel()

    def prepend(self, rows: Iterable[CallRow]) -> int:
        """Older calls, as far as there is room. Gives how many were taken."""
        first = self._kept[0].id if self._kept else None
        older = sorted((row for row in rows if first is None or row.id < first), key=_by_id)
        room = MOST_KEPT - len(self._kept)
        older = older[-room:] if room > 0 else []
        shown = [row for row in older if matches(row, self._filter)]
        self._kept[:0] = older
        if shown:
            self.beginInsertRows(QModelIndex(), 0, len(shown) - 1)
            self._rows[:0] = shown
            self.endInsertRows()
        return len(older)

    def set_filter(self, wanted: CallFilter) -> None:
        """Show only calls that match."""
        self.beginResetModel()
        self._filter = wanted
        self._rows = [row for row in self._kept if matches(row, wanted)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cell(self._rows[index.row()], Column(index.column()))
            case Qt.ItemDataRole.UserRole:
                return self._rows[index.row()]
            case _:
                return None

    def _drain(self) -> None:
        batch = dict(islice(self._queue.items(), MOST_A_DRAIN))
        for call_id in batch:
            del self._queue[call_id]
        if not self._queue:
            self._timer.stop()
        last = self._kept[-1].id if self._kept else -1
        self._append(sorted((row for row in batch.values() if row.id > last), key=_by_id))
        for row in batch.values():
            if row.id <= last:
                self._change(row)
        self._forget_oldest()

    def _append(self, new: list[CallRow]) -> None:
        self._kept += new
        shown = [row for row in new if matches(row, self._filter)]
        if shown:
            end = len(self._rows)
            self.beginInsertRows(QModelIndex(), end, end + len(shown) - 1)
            self._rows += shown
            self.endInsertRows()
        self.drained.emit(len(shown))

    def _change(self, row: CallRow) -> None:
        """A call that is known already goes on; one that is older than what is kept is left to the log."""
        place = bisect_left(self._kept, row.id, key=_by_id)
        if self._kept[place].id != row.id:
            if place == 0:
                return
            self._kept.insert(place, row)
        self._kept[place] = row
        self._show_change(row)

    def _show_change(self, row: CallRow) -> None:
        place = bisect_left(self._rows, row.id, key=_by_id)
        shown = place < len(self._rows) and self._rows[place].id == row.id
        match shown, matches(row, self._filter):
            case True, True:
                self._rows[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))
            case True, False:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
            case False, True:
                self.beginInsertRows(QModelIndex(), place, place)
                self._rows.insert(place, row)
                self.endInsertRows()

    def _forget_oldest(self) -> None:
        excess = len(self._kept) - MOST_KEPT
        if excess <= 0:
            return
        del self._kept[:excess]
        gone = bisect_left(self._rows, self._kept[0].id, key=_by_id)
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()


def matches(row: CallRow, wanted: CallFilter) -> bool:
    """True when the call passes the filter; the text is sought in what the row shows, whatever its case."""
    if wanted.host and row.host != wanted.host:
        return False
    if wanted.server and row.server != wanted.server:
        return False
    if wanted.outcome is not None and row.outcome is not wanted.outcome:
        return False
    if wanted.failures and row.outcome not in FAILURES:
        return False
    if row.started_at < wanted.since:
        return False
    if not wanted.text:
        return True
    return wanted.text.casefold() in f"{row.host}\n{row.server}\n{row.tool}\n{row.item}".casefold()
