"""A layout of two: what a line is about, and at its other end what can be done with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from ostiary.ui.parts.wrapping import Wrapping

LEAST_PX: Final = 160
"""So much of the line the words need, or what stands at its end goes below them."""


class Ends(Wrapping):
    """``leading`` takes what ``trailing`` leaves; where that is less than ``least_px``, trailing goes below it."""

    def __init__(self, leading: QWidget | QLayout, trailing: QWidget, *, least_px: int = LEAST_PX) -> None:
        super().__init__()
        self._least_px = least_px
        if isinstance(leading, QLayout):
            self.addChildLayout(leading)
            self.addItem(leading)
        else:
            self.addWidget(leading)
        self.addWidget(trailing)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def _place(self, rect: QRect, *, move: bool) -> int:
        shown = self._shown
        if len(shown) < 2:
            height = _height(shown[0], rect.width()) if shown else 0
            if move and shown:
                shown[0].setGeometry(rect)
            return height
        leading, trailing = shown
        size = trailing.sizeHint().boundedTo(QSize(max(1, rect.width()), trailing.sizeHint().height()))
        room = rect.width() - size.width() - self.spacing()
        if room >= self._least_px:
            height = max(_height(leading, room), size.height())
            words = QRect(rect.left(), rect.top(), room, height)
            place = rect.left() + room + self.spacing(), rect.top() + (height - size.height()) // 2
        else:
            words = QRect(rect.left(), rect.top(), rect.width(), _height(leading, rect.width()))
            place = rect.left(), rect.top() + words.height() + self.spacing()
            height = words.height() + self.spacing() + size.height()
        if move:
            leading.setGeometry(QStyle.visualRect(self._direction, rect, words))
            trailing.setGeometry(QStyle.visualRect(self._direction, rect, QRect(*place, size.width(), size.height())))
        return height


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
