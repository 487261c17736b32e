"""A layout of two: what a line is about, and at its other end what can be done with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from ostiary.ui.theme import SPACE_S

LEAST_PX: Final = 160
"""So much of the line the words need, or what stands at its end goes below them."""


class Ends(QLayout):
    """``leading`` takes what ``trailing`` leaves; where that is less than ``least_px``, trailing goes below it."""

    def __init__(self, leading: QWidget | QLayout, trailing: QWidget, *, least_px: int = LEAST_PX) -> None:
        super().__init__()
        self._least_px = least_px
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(SPACE_S)
        if isinstance(leading, QLayout):
            self.addChildLayout(leading)
            self.addItem(leading)
        else:
            self.addWidget(leading)
        self.addWidget(trailing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Put both within ``rect``; gives the height that takes."""
        shown = [item for item in self._items if not item.isEmpty()]
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
            direction = self._direction()
            leading.setGeometry(QStyle.visualRect(direction, rect, words))
            trailing.setGeometry(QStyle.visualRect(direction, rect, QRect(*place, size.width(), size.height())))
        return height

    def _direction(self) -> Qt.LayoutDirection:
        parent = self.parentWidget()
        return parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
