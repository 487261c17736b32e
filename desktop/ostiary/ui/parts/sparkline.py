"""A small curve of the newest values: how something went, without axes."""

from __future__ import annotations

from collections import deque
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ostiary.ui.theme import Theme

MOST_VALUES: Final = 60
WIDTH_PX, HEIGHT_PX = 72, 18


class Sparkline(QWidget):
    """Shows the values it was given, newest at the end of the line's direction. Its name says what it shows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: deque[float] = deque(maxlen=MOST_VALUES)
        self.setFixedSize(QSize(WIDTH_PX, HEIGHT_PX))
        theme.changed.connect(self.update)
        self.hide()

    def add(self, value: float) -> None:
        """One more; it shows from the second one on."""
        self._values.append(value)
        self.setVisible(len(self._values) > 1)
        self.update()

    def clear(self) -> None:
        self._values.clear()
        self.hide()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.setPen(QPen(self._theme.tokens.text_dim, 1.4))
        painter.drawPolyline(QPolygonF(points(tuple(self._values), self.width(), self.height())))


def points(values: tuple[float, ...], width: float, height: float) -> list[QPointF]:
    """The curve from zero up, so that a steady use looks steady and a growing one grows. Pure."""
    top = max(values, default=0) or 1
    step = (width - 2) / max(1, len(values) - 1)
    return [QPointF(1 + place * step, height - 2 - value / top * (height - 4)) for place, value in enumerate(values)]
