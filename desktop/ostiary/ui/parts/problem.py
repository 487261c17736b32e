"""An error, told where the thing is that it is about."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ostiary.domain.errors import OstiaryError
from ostiary.ui.language import said, tr
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, SPACE_XS, Theme


class Problem(QWidget):
    """▲ and words, and below them what to do; not there while there are none.

    ``tone`` is problem, or busy where it is a warning.
    """

    def __init__(self, theme: Theme, tone: str = "problem") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(Mark(theme, Shape.TRIANGLE, tone), alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        self._words, self._advice = Text(role=tone), Text()
        column.addWidget(self._words)
        column.addWidget(self._advice)
        row.addLayout(column, 1)
        self.hide()

    def say(self, words: str, advice: str = "") -> None:
        """Show what the window says, or what was ``said``; nothing with no ``words``."""
        self._words.setText(words)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setVisible(bool(words))

    def say_error(self, error: OstiaryError) -> None:
        """Show what went wrong, and below it what to do; the person who asked for it has it in view."""
        self.say_failure(error.title, error.detail)
        self._bring_into_view()

    def say_error_of(self, name: str, error: OstiaryError) -> None:
        """The same where nothing else says what it is about."""
        words = f"{said(error.title)}."
        self.say(tr("{name}: {word}").format(name=name, word=words), said(error.detail))
        self._bring_into_view()

    def say_failure(self, title: str, advice: str) -> None:
        """The same in two parts, as the gateway said them; ``title`` is a sentence without its full stop."""
        self.say(f"{said(title)}." if title else "", said(advice))

    def clear(self) -> None:
        self.say("")

    def _bring_into_view(self) -> None:
        """What was pressed may stand far below the line that says why it was not done."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            QTimer.singleShot(0, self, partial(around.ensureWidgetVisible, self))  # once it has its room
