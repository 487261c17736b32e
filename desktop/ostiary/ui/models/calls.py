"""The rows of the call table, as Qt wants them: as many lines as the log has, of which few are held in memory.

What is shown comes from the log's index and its blocks (``call_shelf``), and from calls as they begin and end. Whoever
feeds the model (``call_feed``) asks the log; what the table paints and is not here is noted in ``missing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from itertools import groupby

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.call_index import CallIndex
from ostiary.ui.models.call_lines import Difference, Fold, Line, difference, lines
from ostiary.ui.models.call_match import matches, row_tells
from ostiary.ui.models.call_shelf import Shelf, Stack, block_of

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


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
    """Calls oldest first. DisplayRole gives the cell's text, UserRole the ``Line``, None while it is not here.

    Signals:
        came(int): So many calls are new at the end; once for each batch.
        page_missed: Something that is painted is not here; ``missing`` tells what.
    """

    came = Signal(int)
    page_missed = Signal()

    def __init__(
        self,
        headings: tuple[str, ...],
        cell: Callable[[Line, Column], str],
        spoken: Callable[[Line], str],
        parent: QObject | None = None,
    ) -> None:
        """``cell`` is the text of a cell, ``spoken`` what a screen reader says for the tool's."""
        super().__init__(parent)
        self._headings = headings
        self._cell = cell
        self._spoken = spoken
        self._filter = CallFilter()
        self._grouped = True
        self._opened: set[int] = set()
        self._shelf = Shelf()
        self._live_from: int | None = None
        self._missing: dict[int, None] = {}

    # What is shown

    @property
    def filter(self) -> CallFilter:
        return self._filter

    @property
    def grouped(self) -> bool:
        return self._grouped

    @property
    def calls(self) -> int:
        """How many calls match, as far as the log was looked through."""
        return self._shelf.calls

    @property
    def is_fed(self) -> bool:
        """True once the log has told where it ends, so that calls can be taken as they come."""
        return self._live_from is not None

    def line_at(self, line: int) -> Line | None:
        """What this line shows; None while it is not here."""
        stack, place = self._shelf.at(line)
        return stack.lines[place] if stack.lines is not None else None

    def row_of(self, call_id: int) -> int:
        """The line that shows this call; -1 when it is not in memory."""
        stack = self._shelf.find(block_of(call_id))
        if stack is None or stack.rows is None or stack.lines is None or call_id not in stack.rows:
            return -1
        for place, line in enumerate(stack.lines):
            if line.row.id == call_id or (line.fold is Fold.CLOSED and line.first <= call_id < line.row.id):
                return self._shelf.start(stack) + place
        return -1

    def held(self) -> Iterator[CallRow]:
        """Every call in memory, the newest first."""
        return (row for stack in self._shelf.held() for row in reversed((stack.rows or {}).values()))

    def take_missing(self, most: int) -> tuple[int, ...]:
        """The blocks that were painted last and are not here; from here on they count as asked for."""
        wanted = tuple(self._missing)[-most:]
        self._missing.clear()
        return wanted

    # What the person changes

    def restart(self, wanted: CallFilter, *, grouped: bool) -> None:
        """Show nothing until the log tells what matches."""
        self.beginResetModel()
        self._filter, self._grouped = wanted, grouped
        self._shelf, self._live_from = Shelf(), None
        self._missing.clear()
        self.endResetModel()

    def set_open(self, line: int, is_open: bool) -> None:
        """Show the calls of a group one by one below it, or no longer."""
        shown = self.line_at(line)
        if shown is None or shown.fold is Fold.SINGLE:
            return
        (self._opened.add if is_open else self._opened.discard)(shown.first)
        stack, _ = self._shelf.at(line)
        if stack.rows is not None:
            self._fill(stack, stack.rows)

    # What the log tells

    def add_index(self, index: CallIndex) -> None:
        """One more step back. The first tells where the log ends for now."""
        if self._live_from is None:
            self._live_from = block_of(index.newest) + 1 if index.newest else 0
        added = sum(block.groups if self._grouped else block.calls for block in index.blocks)
        if added:
            self.beginInsertRows(_NOWHERE, 0, added - 1)
            self._shelf.prepend(index.blocks, grouped=self._grouped)
            self.endInsertRows()

    def put(self, number: int, rows: Iterable[CallRow]) -> None:
        """All that matches in this block, as the log has it."""
        before = self._shelf.calls
        is_last = number >= self._shelf.newest
        stack = self._shelf.find(number)
        found = {row.id: row for row in rows}
        if stack is None and found:
            stack = Stack(number, 0, 0, 0, {}, [])
            self._shelf.insert(stack)
        if stack is not None:
            self._fill(stack, found)
        self._shelf.let_go()
        if is_last and self._shelf.calls > before:
            self.came.emit(self._shelf.calls - before)

    def take(self, rows: Iterable[CallRow]) -> set[int]:
        """Calls that begin or go on. Gives the blocks that the log must be asked about."""
        asked: set[int] = set()
        fresh: list[tuple[int, dict[int, CallRow]]] = []
        before, newest = self._shelf.calls, self._shelf.newest
        for number, batch in groupby(sorted(rows, key=lambda row: row.id), key=lambda row: block_of(row.id)):
            stack = self._shelf.find(number)
            if not row_tells(self._filter) or self._live_from is None:
                asked.add(number)
            elif stack is not None and stack.rows is not None:
                self._fill(stack, self._merged(stack.rows, batch))
            elif stack is not None or number < self._live_from:
                asked.add(number)
            elif found := self._merged({}, batch):
                fresh.append((number, found))
        later = [each for each in fresh if each[0] > newest]
        for number, found in fresh:
            if number <= newest:
                self.put(number, found.values())
        self._append(later)
        self._shelf.let_go()
        if self._shelf.calls > before:
            self.came.emit(self._shelf.calls - before)
        return asked

    # Qt's own

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._shelf.length

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.UserRole | Qt.ItemDataRole.AccessibleTextRole:
                line = self._seen(index.row())
            case _:
                return None
        if line is None or role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == Column.TOOL:
            return self._spoken(line)
        return self._cell(line, Column(index.column()))

    def _seen(self, line: int) -> Line | None:
        stack, place = self._shelf.at(line)
        if stack.lines is None:
            self._missing.pop(stack.number, None)
            self._missing[stack.number] = None
            self.page_missed.emit()
            return None
        self._shelf.use(stack)
        return stack.lines[place]

    # Keeping lines in step with rows

    def _merged(self, rows: dict[int, CallRow], batch: Iterable[CallRow]) -> dict[int, CallRow]:
        merged = dict(rows)
        for row in batch:
            if matches(row, self._filter):
                merged[row.id] = row
            else:
                merged.pop(row.id, None)
        return merged if merged.keys() == rows.keys() else dict(sorted(merged.items()))

    def _append(self, fresh: list[tuple[int, dict[int, CallRow]]]) -> None:
        """New blocks at the end, in one insertion."""
        made = [(Stack(number, 0, 0, 0), rows, self._lines(rows)) for number, rows in fresh]
        added = sum(len(new) for _, _, new in made)
        if added:
            self.beginInsertRows(_NOWHERE, self._shelf.length, self._shelf.length + added - 1)
            for stack, rows, new in made:
                self._shelf.insert(stack)
                self._shelf.fill(stack, rows, new)
            self.endInsertRows()

    def _fill(self, stack: Stack, rows: dict[int, CallRow]) -> None:
        """Give a block its rows, and tell which lines went and came."""
        new, start = self._lines(rows), self._shelf.start(stack)
        change = difference(stack.lines, new) if stack.lines is not None else _cut(stack.length, len(new))
        kept = (stack.lines or new[: stack.length])[:]
        if change.gone:
            self.beginRemoveRows(_NOWHERE, start + change.at, start + change.at + change.gone - 1)
            del kept[change.at : change.at + change.gone]
            self._shelf.fill(stack, rows, kept)
            self.endRemoveRows()
        if change.come:
            self.beginInsertRows(_NOWHERE, start + change.at, start + change.at + change.come - 1)
            self._shelf.fill(stack, rows, new)
            self.endInsertRows()
        self._shelf.fill(stack, rows, new)
        if new:
            self.dataChanged.emit(self.index(start, 0), self.index(start + len(new) - 1, len(Column) - 1))
        else:
            self._shelf.remove(stack)

    def _lines(self, rows: dict[int, CallRow]) -> list[Line]:
        return lines(tuple(rows.values()), grouped=self._grouped, opened=self._opened)


def _cut(old: int, new: int) -> Difference:
    """What is not in memory has no lines to compare: too many go at its end, too few come there."""
    shorter = min(old, new)
    return Difference(shorter, old - shorter, new - shorter)
