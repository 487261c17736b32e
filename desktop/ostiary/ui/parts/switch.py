"""An on-off switch that is a real button: space, click and screen readers work it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ostiary.ui.theme import Theme

WIDTH_PX, HEIGHT_PX, GAP_PX = 34, 18, 3


class Switch(QAbstractButton):
    """Shows a state and reports wishes.

    A click does not move it: ``clicked`` tells the wish, and whoever fulfils it calls ``setChecked``. The knob's place
    tells the state without the colour.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def nextCheckState(self) -> None:
        """Stay: the gateway decides whether it turns."""

    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX + 2 * GAP_PX, HEIGHT_PX + 2 * GAP_PX)

    def paintEvent(self, _: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(GAP_PX, GAP_PX, WIDTH_PX, HEIGHT_PX)
        on = self.isChecked()
        painter.setPen(tokens.ok if on else tokens.text_dim)
        painter.setBrush(tokens.ok if on else tokens.raised)
        painter.drawRoundedRect(track, HEIGHT_PX / 2, HEIGHT_PX / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.surface if on else tokens.text_dim)
        knob = HEIGHT_PX - 2 * GAP_PX
        at_end = on != (self.layoutDirection() is Qt.LayoutDirection.RightToLeft)
        left = track.right() - knob - GAP_PX if at_end else track.left() + GAP_PX
        painter.drawEllipse(QRectF(left, track.top() + GAP_PX, knob, knob))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(tokens.accent)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 11, 11)
