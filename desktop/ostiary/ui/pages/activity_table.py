"""The call table: fixed rows, painted by one delegate, following its end until the person scrolls up."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from ostiary.domain.call import CallRow, Outcome
from ostiary.ui.models.call_lines import Fold, Line
from ostiary.ui.models.calls import CallsModel, Column
from ostiary.ui.pages.activity_words import ASKING, CALLS, OUTCOMES, decisions, outcome
from ostiary.ui.parts.text import plain_tip
from ostiary.ui.theme import DIM_PX, ROW_HEIGHT, SPACE_S, SPACE_XS, Theme, body_font, mono_font

Index = QModelIndex | QPersistentModelIndex

WIDTHS: Final = {
    Column.TIME: 76,
    Column.HOST: 104,
    Column.SERVER: 84,
    Column.TOOL: 132,
    Column.ITEM: 160,
    Column.DECISION: 128,
    Column.OUTCOME: 108,
    Column.DURATION: 84,
}
"""Pixels, or more where the words of a language need it; the object takes what is left."""
GIVEN_UP: Final = (
    (880, Column.DECISION),
    (680, Column.DURATION),
    (600, Column.SERVER),
    (500, Column.HOST),
    (420, Column.TIME),
    (340, Column.ITEM),
)
"""Below so many pixels a column goes; the detail has it all."""

LONGEST_BAR_MS: Final = 60_000
"""The bar is logarithmic: a millisecond shows, and a minute fills it."""
BAR_HEIGHT: Final = 3
FOLD_PX: Final = 48
"""How far from the tool's left edge a click opens or closes a group."""


class CallTable(QTableView):
    """Signals:
    opened(int): The person wants to see this call in full.
    followed(bool): The table follows its end, or no longer does.
    """

    opened = Signal(int)
    followed = Signal(bool)

    def __init__(self, theme: Theme, model: CallsModel) -> None:
        super().__init__()
        self._theme = theme
        self._calls = model
        self._follows = True
        self.setModel(model)
        self.setItemDelegate(_CallDelegate(theme, self))
        self.setAccessibleName(CALLS)
        self._lay_out()
        self._dress()
        theme.changed.connect(self._dress)
        model.rowsInserted.connect(self._after_insertion)
        model.rowsRemoved.connect(self._after_removal)
        model.modelReset.connect(self.follow)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.activated.connect(self._open)
        self.clicked.connect(self._open)

    @property
    def follows(self) -> bool:
        """True while new rows scroll into view."""
        return self._follows

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._set_follows(True)
        self.scrollToBottom()

    def select_call(self, number: int) -> None:
        """Mark the line of a call; none where it is not in memory, for no other is the one that is meant."""
        line = self._calls.row_of(number)
        if line < 0:
            self.setCurrentIndex(QModelIndex())
        else:
            self.selectRow(line)

    def fold(self, line: int, is_open: bool) -> None:
        """Show the calls that this line stands for below it, or no longer."""
        shown = self._calls.line_at(line)
        if shown is None or shown.fold is Fold.SINGLE:
            return
        if shown.fold is Fold.INSIDE:
            if is_open:
                return
            line = self._head_of(line, shown.first)
        self.selectRow(line)
        self._calls.set_open(line, is_open)
        self.selectRow(line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._is_on_fold(index, event.position().toPoint()):
            shown = self._calls.line_at(index.row())
            self.fold(index.row(), shown is not None and shown.fold is Fold.CLOSED)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not (index.isValid() and self._is_on_fold(index, event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fold_keys = {Qt.Key.Key_Right: True, Qt.Key.Key_Plus: True, Qt.Key.Key_Left: False, Qt.Key.Key_Minus: False}
        if self.currentIndex().isValid() and event.key() in fold_keys:
            self.fold(self.currentIndex().row(), fold_keys[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self.selectRow(0)
            self.scrollToTop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_End:
            self.selectRow(self._calls.rowCount() - 1)
            self.follow()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = event.size().width()
        for narrowest, column in GIVEN_UP:
            self.setColumnHidden(column, width < narrowest)
        self._fill(Column.TOOL if self.isColumnHidden(Column.ITEM) else Column.ITEM)
        super().resizeEvent(event)
        if self._follows:
            self.scrollToBottom()

    def _fill(self, widest: Column) -> None:
        """This column takes what the others leave; the one that did so before gets its own width back."""
        header = self.horizontalHeader()
        for column in (Column.TOOL, Column.ITEM):
            fills = header.sectionResizeMode(column) is QHeaderView.ResizeMode.Stretch
            if column is widest:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            elif fills:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(column, _width_px(column))

    def event(self, event: QEvent) -> bool:
        # A page that is shown after rows came in has not laid them out yet.
        if event.type() is QEvent.Type.Show and self._follows:
            self.scrollToBottom()
        return super().event(event)

    def _after_insertion(self, _: QModelIndex, first: int, last: int) -> None:
        if self._follows:
            self.scrollToBottom()
        else:
            self._keep_in_place(first, last - first + 1)

    def _after_removal(self, _: QModelIndex, first: int, last: int) -> None:
        if not self._follows:
            self._keep_in_place(first, first - last - 1)

    def _keep_in_place(self, first: int, lines: int) -> None:
        """What the person reads stays where it is when lines come or go above it."""
        bar = self.verticalScrollBar()
        if first * ROW_HEIGHT <= bar.value() and first < self._calls.rowCount() - lines:
            value = bar.value() + lines * ROW_HEIGHT
            self.updateGeometries()
            bar.setValue(value)

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._set_follows(value >= bar.maximum() - ROW_HEIGHT // 2)

    def _head_of(self, line: int, first: int) -> int:
        """The line of the group that this one is in."""
        while line > 0 and (above := self._calls.line_at(line - 1)) is not None and above.first == first:
            line -= 1
        return line

    def _is_on_fold(self, index: Index, at: QPoint) -> bool:
        """True on the mark that opens and closes a group."""
        shown = self._calls.line_at(index.row())
        if index.column() != Column.TOOL or shown is None or shown.fold not in (Fold.CLOSED, Fold.OPEN):
            return False
        cell = self.visualRect(self.model().index(index.row(), Column.TOOL))
        return (cell.right() - at.x() if self.isRightToLeft() else at.x() - cell.left()) < FOLD_PX

    def _set_follows(self, follows: bool) -> None:
        if follows != self._follows:
            self._follows = follows
            self.followed.emit(follows)

    def _open(self, index: QModelIndex) -> None:
        shown = self._calls.line_at(index.row())
        if shown is not None:
            self.opened.emit(shown.row.id)

    def _dress(self) -> None:
        """Headings as quiet as the rest, standing over their columns' text."""
        tokens = self._theme.tokens
        self.horizontalHeader().setStyleSheet(
            f"QHeaderView, QHeaderView::section {{ background: {tokens.window.name()}; border: none; }}"
            f"QHeaderView::section {{ color: {tokens.text_dim.name()}; font-size: {DIM_PX}px;"
            f" padding: {SPACE_XS}px {SPACE_S}px; border-bottom: 1px solid {tokens.line.name()}; }}"
        )

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in WIDTHS:
            self.setColumnWidth(column, _width_px(column))


class _CallDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line | None = index.data(Qt.ItemDataRole.UserRole)
        if line is None:
            self._paint_absent(painter, option.rect, option.direction)
            return
        row = line.row
        tokens = self._theme.tokens
        column = Column(index.column())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, tokens.accent)
        box = _box(option.rect, option.direction)
        painter.setFont(_font(column))
        painter.setPen(tokens.surface if chosen else getattr(tokens, _tone(row, column)))
        elide = Qt.TextElideMode.ElideMiddle if column is Column.ITEM else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(index.data(), elide, box.width())
        if column is Column.ITEM:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a path reads so in every language
        leading = QStyle.visualAlignment(
            option.direction, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(box, leading | Qt.TextFlag.TextSingleLine, text)
        if column is Column.DURATION and row.outcome is not Outcome.RUNNING:
            below = QRect(box.left(), box.bottom() - 2 * BAR_HEIGHT, box.width(), BAR_HEIGHT)
            self._paint_bar(painter, below, row, option.direction)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """What is cut is told whole."""
        line: Line | None = index.data(Qt.ItemDataRole.UserRole)
        if event.type() is not QEvent.Type.ToolTip or line is None:
            return super().helpEvent(event, view, option, index)
        text = index.data()
        needed_px = QFontMetrics(_font(Column(index.column()))).horizontalAdvance(text)
        is_cut = needed_px > _box(option.rect, option.direction).width()
        QToolTip.showText(event.globalPos(), plain_tip(text if is_cut else ""), view)
        return True

    def _paint_absent(self, painter: QPainter, box: QRect, direction: Qt.LayoutDirection) -> None:
        """A call that is on its way here."""
        part = QRect(box.left() + SPACE_S, box.center().y() - 2, max(0, box.width() // 2 - SPACE_S), 4)
        painter.fillRect(QStyle.visualRect(direction, box, part), self._theme.tokens.raised)

    def _paint_bar(self, painter: QPainter, box: QRect, row: CallRow, direction: Qt.LayoutDirection) -> None:
        whole = round(box.width() * bar_share(row.duration_ms))
        waiting = round(whole * min(1.0, row.waited_ms / row.duration_ms)) if row.duration_ms else 0
        for width, ink in ((whole, self._theme.tokens.text_dim), (waiting, self._theme.tokens.ask)):
            part = QRect(box.left(), box.top(), width, box.height())
            painter.fillRect(QStyle.visualRect(direction, box, part), ink)


def bar_share(duration_ms: float) -> float:
    """How much of the bar this long a call fills, 0 to 1."""
    return min(1.0, math.log1p(max(0.0, duration_ms)) / math.log1p(LONGEST_BAR_MS))


def _box(cell: QRect, direction: Qt.LayoutDirection) -> QRect:
    """What a cell has for its words."""
    return QStyle.visualRect(direction, cell, cell.adjusted(SPACE_S, 0, -SPACE_S // 2, 0))


def _width_px(column: Column) -> int:
    return max(WIDTHS[column], _needed_px(column))


def _needed_px(column: Column) -> int:
    """What the words of a column take, where they are known beforehand."""
    known = {Column.OUTCOME: [look.text for look in (*OUTCOMES.values(), ASKING)], Column.DECISION: decisions()}
    widths = map(QFontMetrics(_font(column)).horizontalAdvance, known.get(column, ()))
    return max(widths, default=0) + 2 * SPACE_S


def _font(column: Column) -> QFont:
    return mono_font() if column in (Column.ITEM, Column.TOOL) else body_font()


def _tone(row: CallRow, column: Column) -> str:
    match column:
        case Column.OUTCOME:
            return outcome(row).tone
        case Column.TOOL | Column.ITEM:
            return "text"
        case _:
            return "text_dim"
