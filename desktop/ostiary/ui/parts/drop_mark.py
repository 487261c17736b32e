"""What shows where something may be dropped: a broken frame, a mark and a sentence, so that no colour has to say it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import RADIUS, SPACE_L, SPACE_S, Theme

FRAME_PX: Final = 3


class DropMark(QWidget):
    """Lies over all of ``place`` while it says something; what is dragged goes through it."""

    def __init__(self, theme: Theme, place: QWidget) -> None:
        super().__init__(place)
        self._theme, self._place = theme, place
        self._tone = "accent"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark, self._words = Mark(theme), Text()
        card = Card()
        card.column.addLayout(row_of(self._mark, self._words, stretch=1))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.addStretch(1)
        column.addWidget(card)
        self.hide()

    def say(self, words: str, *, wanted: bool) -> None:
        """What letting go would do; ``wanted`` when something would come of it."""
        self._tone = "accent" if wanted else "problem"
        self._mark.set_shape(Shape.FULL if wanted else Shape.TRIANGLE, self._tone)
        self._words.setText(words)
        self.setGeometry(self._place.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(getattr(self._theme.tokens, self._tone), FRAME_PX, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(SPACE_S, SPACE_S, -SPACE_S, -SPACE_S), RADIUS, RADIUS)
