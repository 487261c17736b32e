"""The prompt's labels: plain text in one of the theme's inks. What comes from outside must have passed ``visible``."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme, dim_font

Ink = Literal["text", "text_dim", "accent", "ok", "problem"]


class PlainLabel(Text):
    """Text that wraps anywhere if it must and is never cut, in an ink that follows the theme."""

    def __init__(self, theme: Theme, text: str, ink: Ink = "text", font: QFont | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._ink = ink
        if font is not None:
            self.setFont(font)
        self.setText(text)
        self._dye()
        theme.changed.connect(self._dye)

    def _dye(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, getattr(self._theme.tokens, self._ink))
        self.setPalette(palette)


class Rule(QWidget):
    """A thin line across."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.line)


def dim(theme: Theme, text: str) -> PlainLabel:
    """A small, quiet label."""
    return PlainLabel(theme, text, "text_dim", dim_font())
