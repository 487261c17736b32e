"""A state's mark: a shape and a colour, always beside a word."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from ostiary.ui.theme import Theme

SIZE_PX = 12


class Shape(StrEnum):
    """The value is the same shape as text, for menus."""

    FULL = "●"
    HALF = "◐"
    EMPTY = "○"
    TRIANGLE = "▲"
    BARS = "❚❚"


class Mark(QWidget):
    """Paints one shape in one tone, the name of a token. The word beside it speaks for it: it has no name itself."""

    def __init__(self, theme: Theme, shape: Shape = Shape.EMPTY, tone: str = "text_dim") -> None:
        super().__init__()
        self._theme = theme
        self._shape, self._tone = shape, tone
        self.setFixedSize(QSize(SIZE_PX + 2, SIZE_PX + 2))
        theme.changed.connect(self.update)

    def set_shape(self, shape: Shape, tone: str) -> None:
        self._shape, self._tone = shape, tone
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, QRectF(1, 1, SIZE_PX, SIZE_PX), self._shape, getattr(self._theme.tokens, self._tone))


def paint(painter: QPainter, box: QRectF, shape: Shape, colour: QColor) -> None:
    """Draw ``shape`` into ``box``."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    round_box = box.adjusted(1.5, 1.5, -1.5, -1.5)
    match shape:
        case Shape.FULL:
            painter.drawEllipse(round_box)
        case Shape.TRIANGLE:
            corners = [QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]
            painter.drawPolygon(QPolygonF(corners))
        case Shape.BARS:
            bar = QRectF(box.left() + 2, box.top() + 1, 3, box.height() - 2)
            painter.drawRect(bar)
            painter.drawRect(bar.translated(5, 0))
        case Shape.HALF | Shape.EMPTY:
            if shape is Shape.HALF:
                painter.drawPie(round_box, 90 * 16, 180 * 16)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(colour)
            painter.drawEllipse(round_box)
