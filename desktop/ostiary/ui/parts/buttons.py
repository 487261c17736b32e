"""Buttons and their rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from ostiary.ui.parts.flow import Flow
from ostiary.ui.theme import SPACE_XS


def button(text: str, then: Callable[[], None], *, role: str = "", name: str = "") -> QPushButton:
    """A push button. ``role``: primary, flat or empty; ``name`` is what a screen reader says when more is needed."""
    made = QPushButton(text)
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
