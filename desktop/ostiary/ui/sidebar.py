"""The way to the pages: a list with counts, or a strip of icons where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from ostiary.ui import icons, words
from ostiary.ui.parts.spoken import Spoken
from ostiary.ui.theme import RADIUS, SPACE_M, SPACE_S, SPACE_XS, Theme

WIDE_PX: Final = 184
STRIP_PX: Final = 52
ICON_PX: Final = 20


class Sidebar(QWidget):
    """One entry a page.

    Signals:
        chosen: The place of the page the person wants.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, entries: Sequence[tuple[str, str]]) -> None:
        """``entries`` are words and drawings, in the order of the pages."""
        super().__init__()
        self._theme = theme
        self.setAccessibleName(words.PAGES)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_M, SPACE_S, SPACE_M)
        column.setSpacing(SPACE_XS)
        self._group = QButtonGroup(self)
        self._entries: list[Entry] = []
        for place, (word, drawing) in enumerate(entries):
            entry = Entry(theme, word, drawing)
            entry.setToolTip(words.with_key(word, place + 1))
            entry.clicked.connect(partial(self._chosen, place))
            self._group.addButton(entry, place)
            self._entries.append(entry)
            column.addWidget(entry)
        column.addStretch(1)
        self.set_narrow(False)
        theme.changed.connect(self.update)

    def show_chosen(self, place: int) -> None:
        """Mark a page's entry; the keyboard follows where it is among the entries already."""
        self._entries[place].setChecked(True)
        if any(entry.hasFocus() for entry in self._entries):
            self._entries[place].setFocus()

    def show_none_chosen(self) -> None:
        self._group.setExclusive(False)
        for entry in self._entries:
            entry.setChecked(False)
        self._group.setExclusive(True)

    def show_count(self, place: int, number: int, *, urgent: bool = False) -> None:
        """The number beside a page; ``urgent`` as a badge with a mark."""
        self._entries[place].show_count(number, urgent=urgent)

    def set_narrow(self, narrow: bool) -> None:
        self.setFixedWidth(STRIP_PX if narrow else WIDE_PX)
        for entry in self._entries:
            entry.set_narrow(narrow)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.raised)

    def _chosen(self, place: int, *_: object) -> None:
        self.chosen.emit(place)


class Entry(QAbstractButton, Spoken):
    """A page's button: drawing, word, number. A screen reader takes it for the tab of its page."""

    spoken_role = QAccessible.Role.PageTab

    def __init__(self, theme: Theme, word: str, drawing: str) -> None:
        super().__init__()
        self._theme, self._drawing = theme, drawing
        self._number, self._urgent, self._narrow = 0, False, False
        self.setText(word)
        self.setAccessibleName(word)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, number: int, *, urgent: bool) -> None:
        self._number, self._urgent = number, urgent and number > 0
        told = words.waiting(number) if self._urgent else str(number)
        self.setAccessibleName(f"{self.text()}, {told}" if number else self.text())
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.update()

    def is_chosen(self) -> bool:
        return self.isChecked()

    def press(self) -> None:
        self.click()

    def sizeHint(self) -> QSize:
        return QSize(STRIP_PX - 2 * SPACE_S, 34)

    def paintEvent(self, _: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        colour = tokens.accent if self.isChecked() else tokens.text
        inset = (self.width() - ICON_PX) // 2 if self._narrow else SPACE_S
        box = QRect(inset, (self.height() - ICON_PX) // 2, ICON_PX, ICON_PX)
        painter.drawPixmap(self._mirrored(box), icons.pixmap(self._drawing, colour, ICON_PX, self.devicePixelRatioF()))
        if not self._narrow:
            painter.setPen(tokens.text)
            rest = self.rect().adjusted(ICON_PX + 2 * SPACE_S + SPACE_XS, 0, -SPACE_S, 0)
            painter.drawText(self._mirrored(rest), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._number:
            self._paint_number(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        painter.setPen(tokens.accent if self.hasFocus() else Qt.PenStyle.NoPen)
        chosen = self.isChecked()
        painter.setBrush(tokens.surface if chosen else tokens.line if self.underMouse() else QColor("transparent"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS - 2, RADIUS - 2)

    def _paint_number(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        if self._narrow and not self._urgent:
            return
        text = str(self._number)
        width = max(18, painter.fontMetrics().horizontalAdvance(text) + 10)
        top = 0 if self._narrow else (self.height() - 18) // 2
        box = self._mirrored(QRect(self.width() - width - (0 if self._narrow else SPACE_S), top, width, 18))
        painter.setPen(Qt.PenStyle.NoPen)
        if self._urgent:
            painter.setBrush(tokens.ask)
            painter.drawRoundedRect(box, 9, 9)
        painter.setPen(tokens.surface if self._urgent else tokens.text_dim)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _mirrored(self, box: QRect) -> QRect:
        if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            return box
        return QRect(self.width() - box.right() - 1, box.y(), box.width(), box.height())
