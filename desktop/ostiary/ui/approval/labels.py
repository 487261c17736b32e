"""Plain text on a window: wraps anywhere if it must, is never rich text, and is never cut off.

A QLabel wraps at spaces only: one long path would push the buttons out of the window.
"""

from __future__ import annotations

import math
from typing import Final, Literal

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ostiary.ui.theme import Theme, dim_font

Ink = Literal["text", "text_dim", "accent", "ok", "problem"]
NARROWEST: Final = 48
"""Pixels; below this a label would be a column of letters."""
WIDEST: Final = 100_000


class PlainLabel(QLabel):
    """Text in one of the theme's inks, wrapped at words where possible and anywhere where not.

    What comes from outside must have passed ``visible`` before. For a screen reader it is an ordinary label.
    """

    def __init__(
        self, theme: Theme, text: str, ink: Ink = "text", font: QFont | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ink = ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if font is not None:
            self.setFont(font)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(max(width, 1))[1]

    def sizeHint(self) -> QSize:
        layout, height = self._laid_out(WIDEST)
        width = max(layout.lineAt(row).naturalTextWidth() for row in range(layout.lineCount()))
        return QSize(math.ceil(width) + 1, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(NARROWEST, self.sizeHint().width()), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(getattr(self._theme.tokens, self._ink))
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        bottom = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, bottom))
            bottom += line.height()
        layout.endLayout()
        return layout, math.ceil(bottom)


def dim(theme: Theme, text: str) -> PlainLabel:
    """A small, quiet label."""
    return PlainLabel(theme, text, "text_dim", dim_font())


class Rule(QWidget):
    """A thin line across."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.line)
