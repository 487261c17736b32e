"""Buttons and their rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ostiary.ui.parts.flow import Flow
from ostiary.ui.theme import SPACE_XS


class Button(QPushButton):
    """The second press of a double click counts only where the first one did.

    What the first one took away or brought may have put another button below the pointer: the next row's, or a yes.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._pressed_at_ms: int | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at_ms = event.timestamp()
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        within_ms = QGuiApplication.styleHints().mouseDoubleClickInterval()
        if self._pressed_at_ms is not None and event.timestamp() - self._pressed_at_ms <= within_ms:
            super().mouseDoubleClickEvent(event)
        else:
            event.accept()  # nor is it for what lies below


def button(text: str, then: Callable[[], None], *, role: str = "", name: str = "") -> Button:
    """A push button. ``role``: primary, flat or empty; ``name`` is what a screen reader says when more is needed."""
    made = Button(text)
    made.setProperty("role", role)
    made.setAccessibleName(name or text)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: then())
    return made


class ButtonRow(QWidget):
    """Buttons side by side, on a second line where the width is short."""

    def __init__(self, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = Flow(self)
        flow.setContentsMargins(0, SPACE_XS, 0, 0)
        for one in buttons:
            flow.addWidget(one)
