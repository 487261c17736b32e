"""What cannot be read whole in a window: words that have too little room, and what stands past its edge."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPushButton, QWidget

from ostiary.ui.parts.text import Text

KINDS = (QAbstractButton, QComboBox, QLineEdit, Text)


def cut_off(window: QWidget) -> list[str]:
    """The names of the visible words and controls that are narrower or lower than they need, or past an edge."""
    return [
        f"{type(one).__name__} {one.accessibleName()!r}: {one.size().toTuple()} of {window.width()}"
        for one in window.findChildren(QWidget)
        if isinstance(one, KINDS) and one.isVisible() and (_past_edge(one, window) or _too_small(one))
    ]


def _past_edge(one: QWidget, window: QWidget) -> bool:
    """To the sides; up and down a page scrolls."""
    place = QRect(one.mapTo(window, QPoint()), one.size())
    return place.left() < 0 or place.right() > window.width()


def _too_small(one: QWidget) -> bool:
    if isinstance(one, Text):
        return one.height() < one.heightForWidth(one.width())
    if isinstance(one, QPushButton):
        return one.width() < one.minimumSizeHint().width() or one.height() < one.minimumSizeHint().height()
    return False
