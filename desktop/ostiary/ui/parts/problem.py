"""An error, told where the thing is that it is about."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ostiary.domain.errors import OstiaryError
from ostiary.ui.language import said
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme


class Problem(QWidget):
    """▲ and words; not there while there are none. ``tone`` is problem, or busy where it is a warning."""

    def __init__(self, theme: Theme, tone: str = "problem") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(Mark(theme, Shape.TRIANGLE, tone), alignment=Qt.AlignmentFlag.AlignTop)
        self._words = Text(role=tone)
        row.addWidget(self._words, 1)
        self.hide()

    def say(self, words: str) -> None:
        """Show ``words``, in the chosen language where they are the gateway's; nothing with none."""
        self._words.setText(said(words))
        self.setVisible(bool(words))

    def say_error(self, error: OstiaryError) -> None:
        self.say(f"{said(error.title)}.\n{said(error.detail)}" if error.detail else f"{said(error.title)}.")

    def clear(self) -> None:
        self.say("")
