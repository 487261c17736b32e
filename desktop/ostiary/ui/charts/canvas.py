"""What all charts have in common: room for axes, and marks that can be pointed at by mouse and walked by keys.

What a mark says stands in a bubble beside it, and is the chart's description for a screen reader while it is marked;
otherwise the description is the whole chart in a sentence.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ostiary.ui.charts.scale import Mark
from ostiary.ui.parts.spoken import Spoken
from ostiary.ui.theme import RADIUS, SPACE_S, SPACE_XS, Theme, body_font, dim_font

LINE_PX: Final = 16


class Spot(NamedTuple):
    """Something that can be pointed at: where, and what it says, line by line."""

    box: QRectF
    says: str


class Canvas(QWidget, Spoken):
    """A chart; another class paints its marks into ``plot`` and gives its ``spots``."""

    spoken_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, name: str, nothing: str, height: int = 180) -> None:
        """``nothing`` is shown while there is nothing to draw."""
        super().__init__()
        self._theme = theme
        self._nothing = nothing
        self._summary = nothing
        self._marked: int | None = None
        self._height = height
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(height)
        theme.changed.connect(self.update)
        self._describe()

    # What a chart of its own gives

    def left(self) -> int:
        """The room for the words at the left, in pixels."""
        return 44

    def plot(self) -> QRectF:
        """Where the marks stand."""
        room = QRectF(self.rect()).adjusted(self.left(), SPACE_S, -SPACE_S, -LINE_PX - SPACE_XS)
        if self.isRightToLeft():
            room.translate(SPACE_S - self.left(), 0)
        return room

    def spots(self) -> list[Spot]:
        """What can be pointed at, in the order of the keys; empty for nothing to draw."""
        return []

    def paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        """Axes and marks."""

    # What it is told

    def summarize(self, summary: str) -> None:
        """The whole chart in a sentence, for those who do not see it. Called whenever it changes."""
        self._summary = summary or self._nothing
        if self._marked is not None and self._marked >= len(self.spots()):
            self._marked = None
        self._describe()
        self.update()

    @property
    def marked(self) -> str:
        """What the marked spot says; empty while none is marked."""
        if self._marked is None:
            return ""
        found = self.spots()
        return found[self._marked].says if self._marked < len(found) else ""

    # Qt's own

    def sizeHint(self) -> QSize:
        return QSize(320, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(dim_font())
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers before their units; words know their own
        found = self.spots()
        if found:
            self.paint_marks(painter, self.plot())
            if self._marked is not None and self._marked < len(found):
                self._paint_bubble(painter, found[self._marked])
        else:
            painter.setFont(body_font())
            painter.setPen(self._theme.tokens.text_dim)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._nothing)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.tokens.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._mark(next((place for place, spot in enumerate(self.spots()) if spot.box.contains(at)), None))

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._mark(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._mark(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self.spots())
        key = Qt.Key(event.key())
        forward = (Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right, Qt.Key.Key_Down)
        back = (Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left, Qt.Key.Key_Up)
        if not count or key not in (*forward, *back, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Home or (self._marked is None and key in forward):
            self._mark(0)
        elif key == Qt.Key.Key_End or self._marked is None:
            self._mark(count - 1)
        else:
            self._mark(min(max(self._marked + (1 if key in forward else -1), 0), count - 1))

    # Painting what is shared

    def paint_across(self, painter: QPainter, plot: QRectF, marks: list[Mark]) -> None:
        """Words below the plot."""
        painter.setPen(self._theme.tokens.text_dim)
        for mark in marks:
            x = plot.left() + mark.share * plot.width()
            width = painter.fontMetrics().horizontalAdvance(mark.text) + 2
            left = min(max(x - width / 2, 0), self.width() - width)
            box = QRectF(left, plot.bottom() + SPACE_XS, width, LINE_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.text)

    def paint_up(self, painter: QPainter, plot: QRectF, marks: list[Mark]) -> None:
        """Words beside the plot, and thin lines through it."""
        for mark in marks:
            y = plot.bottom() - mark.share * plot.height()
            painter.setPen(QPen(self._theme.tokens.line, 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(self._theme.tokens.text_dim)
            if self.isRightToLeft():
                box = QRectF(plot.right() + SPACE_XS, y - LINE_PX / 2, self.left() - SPACE_S, LINE_PX)
                side = Qt.AlignmentFlag.AlignLeft
            else:
                box = QRectF(0, y - LINE_PX / 2, self.left() - SPACE_XS, LINE_PX)
                side = Qt.AlignmentFlag.AlignRight
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, mark.text)

    def _paint_bubble(self, painter: QPainter, spot: Spot) -> None:
        tokens = self._theme.tokens
        painter.setPen(QPen(tokens.accent, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(spot.box)
        painter.setFont(dim_font())
        lines = spot.says.split("\n")
        width = max(painter.fontMetrics().horizontalAdvance(line) for line in lines) + 2 * SPACE_S
        bubble = QRectF(0, 0, min(width, self.width()), len(lines) * LINE_PX + SPACE_S)
        left = spot.box.right() + SPACE_XS
        if left + bubble.width() > self.width():
            left = max(0.0, spot.box.left() - SPACE_XS - bubble.width())
        top = min(max(spot.box.center().y() - bubble.height() / 2, 0), max(0.0, self.height() - bubble.height()))
        bubble.moveTo(left, top)
        painter.setPen(QPen(tokens.line, 1))
        painter.setBrush(tokens.raised)
        painter.drawRoundedRect(bubble, RADIUS / 2, RADIUS / 2)
        painter.setPen(tokens.text)
        inner = bubble.adjusted(SPACE_S, SPACE_XS, -SPACE_XS, -SPACE_XS)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, spot.says)

    def _mark(self, place: int | None) -> None:
        if place != self._marked:
            self._marked = place
            self._describe()
            self.update()

    def _describe(self) -> None:
        told = self.marked or self._summary
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
