"""One strip above the pages: a mark, a sentence and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton

from ostiary.ui import words
from ostiary.ui.looks import Look
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.mark import Mark
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_L, SPACE_S, SPACE_XS, Theme

NARROW_BELOW_PX: Final = 420


class Strip(QFrame):
    """A mark, a sentence, a button; not there while there is no sentence."""

    def __init__(
        self, theme: Theme, verb: str, then: Callable[[], None], *, about: str = "", below: bool = True
    ) -> None:
        """``about`` is what a screen reader says with each verb, where others could mean something else.

        ``below``: in a narrow window the buttons go below, so that the words keep the width.
        """
        super().__init__()
        self._about, self._below = about, below
        self.setProperty("role", "strip")
        self._mark = Mark(theme)
        self._words = Text()
        self.button = self._named(verb, then)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_S)
        self._buttons.addStretch(1)  # below the words they keep their size
        self._buttons.addWidget(self.button)
        sentence = QHBoxLayout()
        sentence.setSpacing(SPACE_S)
        sentence.addWidget(self._mark, alignment=Qt.AlignmentFlag.AlignVCenter)
        sentence.addWidget(self._words, 1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(SPACE_L, SPACE_XS, SPACE_L, SPACE_XS)
        self._box.setSpacing(SPACE_S)
        self._box.addLayout(sentence, 1)
        self._box.addLayout(self._buttons)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self._below and event.size().width() < NARROW_BELOW_PX
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    def offer(self, verb: str, then: Callable[[], None]) -> None:
        """One more button, before the other."""
        self._buttons.insertWidget(1, self._named(verb, then))

    def say(self, look: Look | None, sentence: str, *, with_button: bool = True) -> None:
        if look is not None:
            self._mark.set_shape(look.shape, look.tone)
        self._words.setText(sentence)
        self.button.setVisible(with_button)
        self.setVisible(bool(sentence))

    def _named(self, verb: str, then: Callable[[], None]) -> QPushButton:
        return button(verb, then, name=words.named(verb, self._about) if self._about else "")
