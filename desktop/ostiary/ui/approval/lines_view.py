"""Shows lines — a diff, a definition, a value — with number, mark and colour. Only what is in view is painted.

A view over a flat model rather than a text editor: a diff of 20 MB opens as fast as one of ten lines.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ostiary.ui.approval.lines import Line, Mark
from ostiary.ui.language import tr
from ostiary.ui.parts.code import as_code
from ostiary.ui.theme import FOCUS_PX, SPACE_S, SPACE_XL, SPACE_XS, Theme, mono_font
from ostiary.ui.visible import reveal_row

TINT: Final = 0.14
"""How much of its ink the ground of an added or removed line takes; the text on it still reads at 4.5:1."""

_SPOKEN: Final = {
    Mark.ADDED: tr("added"),
    Mark.REMOVED: tr("removed"),
    Mark.NOTE: tr("note"),
    Mark.BLANK: tr("nothing here"),
}

Index = QModelIndex | QPersistentModelIndex


class LinesModel(QAbstractTableModel):
    """Lines by row. The display text is what is painted, the accessible text says the mark in words."""

    def __init__(self, lines: tuple[Line, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = lines

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return reveal_row(line.text)
            case Qt.ItemDataRole.AccessibleTextRole:
                where = [_SPOKEN[line.mark]] if line.mark in _SPOKEN else []
                where += [tr("line {n}").format(n=line.number)] if line.number is not None else []
                return f"{', '.join(where)}: {reveal_row(line.text)}" if where else reveal_row(line.text)
            case Qt.ItemDataRole.UserRole:
                return line
            case _:
                return None


class LinesView(QTableView):
    """A read-only list of lines, at most ``most_rows`` high; the rest scrolls, both ways.

    A table of one column: its rows of fixed height need no layout, while a QListView asks the model for every row of
    a long text several times. *Measured: 18 MB in 400,000 lines open in 3.3 s in a QListView.*
    """

    def __init__(self, theme: Theme, lines: tuple[Line, ...], name: str, most_rows: int) -> None:
        super().__init__()
        self._theme = theme
        self._lines = lines
        self._most_rows = most_rows
        self.setAccessibleName(name)
        as_code(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setModel(LinesModel(lines, self))
        self._measure()
        self.verticalHeader().setMinimumSectionSize(self._row.height())
        self.verticalHeader().setDefaultSectionSize(self._row.height())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setItemDelegate(_LineDelegate(self, theme, self._gutter, self._marked))
        # Not fixed: that would hold it to the height it has without a bar.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setColumnWidth(0, max(self._row.width(), self.viewport().width()))
        super().resizeEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        row = self._row
        frame = 2 * FOCUS_PX
        bar = self.horizontalScrollBar().sizeHint().height() if row.width() > width - frame else 0
        return max(1, min(len(self._lines), self._most_rows)) * row.height() + bar + frame

    def sizeHint(self) -> QSize:
        width = self._row.width() + 2 * FOCUS_PX
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._gutter + SPACE_XL, self._row.height())

    def _measure(self) -> None:
        """Go through the lines once: where the text begins, and how wide and high a row is."""
        metrics = QFontMetrics(self.font())
        highest = max((line.number or 0 for line in self._lines), default=0)
        self._marked = any(line.mark is not Mark.SAME for line in self._lines)
        columns = (2 if self._marked else 0) + (len(str(highest)) + 1 if highest else 0)
        self._gutter = SPACE_S + metrics.horizontalAdvance("0") * columns
        widest = max((len(line.text) * (1 if line.text.isascii() else 2) for line in self._lines), default=0)
        width = self._gutter + metrics.horizontalAdvance("0") * widest + SPACE_S
        self._row = QSize(width, metrics.height() + 2)


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, parent: QObject, theme: Theme, gutter: int, marked: bool) -> None:
        super().__init__(parent)
        self._theme = theme
        self._gutter = gutter
        self._marked = marked

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(Qt.ItemDataRole.UserRole)
        tokens = self._theme.tokens
        rect: QRect = option.rect
        ink = {Mark.ADDED: tokens.added, Mark.REMOVED: tokens.removed}.get(line.mark)
        painter.save()
        painter.setFont(mono_font())
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if ink is not None:
            painter.fillRect(rect, tinted(tokens.surface, ink))
        elif line.mark is Mark.BLANK:
            painter.fillRect(rect, tokens.raised)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setPen(ink or tokens.text_dim)
        if self._marked:
            painter.drawText(rect.adjusted(SPACE_XS, 0, 0, 0), flags | Qt.AlignmentFlag.AlignLeft, line.mark.value)
        if line.number is not None:
            number = QRect(rect.left(), rect.top(), self._gutter - SPACE_S, rect.height())
            painter.drawText(number, flags | Qt.AlignmentFlag.AlignRight, str(line.number))
        painter.setPen(tokens.text_dim if line.mark is Mark.NOTE else tokens.text)
        painter.drawText(rect.adjusted(self._gutter, 0, 0, 0), flags | Qt.AlignmentFlag.AlignLeft, index.data())
        painter.restore()


def framed(widget: QWidget) -> QFrame:
    """The widget on a card of its own."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(1, SPACE_XS, 1, SPACE_XS)
    column.addWidget(widget)
    return frame


def tinted(ground: QColor, ink: QColor) -> QColor:
    """The ground with a little of the ink in it."""

    def mix(of: int, with_: int) -> int:
        return round(of + (with_ - of) * TINT)

    return QColor(mix(ground.red(), ink.red()), mix(ground.green(), ink.green()), mix(ground.blue(), ink.blue()))
