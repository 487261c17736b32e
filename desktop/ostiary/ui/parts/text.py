"""Labels that never force the window wider: plain text that breaks anywhere if it must, and is never cut.

Much of what they show is called so by others: paths, tools, servers, hosts. Nothing of it is markup, and nothing hides.
"""

from __future__ import annotations

import html
import unicodedata
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontInfo, QPainter, QPaintEvent, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from ostiary.ui.language import revealed
from ostiary.ui.theme import mono_font

RIGHT_TO_LEFT = ("R", "AL")
"""What Unicode calls letters of Hebrew, Arabic and their like (UAX 9)."""
LINE_SEPARATOR = "\u2028"
"""How a QTextLayout wants a forced line break."""


class Text(QLabel):
    """Plain text over as many lines as its width needs. ``role``: title, dim, problem, mono or empty."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names and errors come from others and are never markup
        self.setProperty("role", role)
        if role == "mono":
            self.setFont(mono_font())
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show it as a program reads it: what is hidden in it has a name."""
        text = revealed(text)
        if text == self.text() and self.accessibleName():
            return  # rows are shown anew with every event; most of their words stay
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        self.ensurePolished()  # the style sheet may give another font
        lines = self.text().split("\n")
        width = max(self.fontMetrics().horizontalAdvance(line) for line in lines)
        return QSize(width + 2, self.fontMetrics().height() * len(lines))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), 10 * self.fontMetrics().averageCharWidth()), self.fontMetrics().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        layout, height = self._laid_out(self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        layout.draw(painter, QPointF(0, max(0, self.height() - height) // 2))

    def _reading_direction(self) -> Qt.LayoutDirection:
        """That of the window, but for paths, commands and names in which nothing is written from right to left."""
        if not self.isRightToLeft() or QFontInfo(self.font()).fixedPitch():
            return Qt.LayoutDirection.LeftToRight
        turned = any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in self.text())
        return Qt.LayoutDirection.RightToLeft if turned else Qt.LayoutDirection.LeftToRight

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self.text().replace("\n", LINE_SEPARATOR), self.font())
        option = QTextOption(QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading))
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self._reading_direction())
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout, ceil(top)


def plain_tip(text: str) -> str:
    """A tool tip that says just this: Qt takes what looks like markup for markup, and names come from others."""
    return f"<p>{html.escape(revealed(text))}</p>" if text else ""
