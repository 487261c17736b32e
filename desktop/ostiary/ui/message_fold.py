"""What the person should know, folded behind one line where it would take the pages' room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.ui.figures import number
from ostiary.ui.language import tr, tr_n
from ostiary.ui.looks import Look
from ostiary.ui.parts.mark import Shape
from ostiary.ui.strip import NARROW_BELOW_PX, Strip
from ostiary.ui.theme import Theme

SHOW: Final = tr("Show")
HIDE: Final = tr("Hide")
MOST_NARROW: Final = 1
MOST_WIDE: Final = 3
"""So many stand open by themselves: one in the narrowest window takes a sixth of its height."""
GRAVEST_FIRST: Final = ("problem", "ask", "busy", "accent", "text_dim")


class MessageFold(QWidget):
    """Strips, and above them the line that counts them once they are too many; it opens and folds them."""

    def __init__(self, theme: Theme, *strips: QWidget) -> None:
        super().__init__()
        self._looks: Sequence[Look] = ()
        self._opened = False
        self.line = Strip(theme, SHOW, self._turn, below=False)
        self._strips = QWidget()
        inner, outer = QVBoxLayout(self._strips), QVBoxLayout(self)
        for column in (inner, outer):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(1)
        for strip in strips:
            inner.addWidget(strip)
        outer.addWidget(self.line)
        outer.addWidget(self._strips)

    def show_looks(self, looks: Sequence[Look]) -> None:
        """How each of the strips looks that are told now; the line has the mark of the gravest."""
        self._looks = looks
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _turn(self) -> None:
        self._opened = not self._opened
        self._show()

    def _show(self) -> None:
        count = len(self._looks)
        too_many = folds(count, self.width())
        self._opened = self._opened and too_many
        self.line.say(gravest(self._looks), messages(count) if too_many else "")
        self.line.button.setText(HIDE if self._opened else SHOW)
        self.line.button.setAccessibleName(f"{self.line.button.text()}: {messages(count)}")
        self._strips.setVisible(self._opened or not too_many)


def folds(count: int, width_px: int) -> bool:
    """Whether so many are too many for a window of this width."""
    return count > (MOST_NARROW if width_px < NARROW_BELOW_PX else MOST_WIDE)


def gravest(looks: Sequence[Look]) -> Look:
    """That of the first which matters most."""
    return min(looks, key=lambda look: GRAVEST_FIRST.index(look.tone), default=Look(Shape.EMPTY, "text_dim"))


def messages(count: int) -> str:
    """What the line says."""
    return tr_n("{n} message for you", "{n} messages for you", count).format(n=number(count))
