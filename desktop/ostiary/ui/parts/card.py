"""Frames with room around their content."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ostiary.ui import icons
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, Theme


class Card(QFrame):
    """A raised ground; its ``column`` takes the content."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self.column.setSpacing(SPACE_XS)


class EmptyState(QWidget):
    """What a page shows while it has nothing to show: a picture, a sentence, and the one thing to do."""

    def __init__(
        self,
        theme: Theme,
        picture: str,
        title: str,
        sentence: str,
        verb: str = "",
        then: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._theme, self._picture = theme, picture
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_XL * 2, SPACE_L, SPACE_XL)
        column.setSpacing(SPACE_S)
        self._drawing = QLabel()
        self._drawing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        heading = QLabel(title, alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
        heading.setProperty("role", "title")
        teaching = QLabel(sentence, alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
        for widget in (self._drawing, heading, teaching):
            column.addWidget(widget)
        self.button: QPushButton | None = None
        if then is not None:
            self.button = button(verb, then, role="primary")
            column.addSpacing(SPACE_S)
            column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)  # in a page with room to spare its lines stay together
        self._paint()
        theme.changed.connect(self._paint)

    def _paint(self) -> None:
        ratio = self.devicePixelRatioF()
        self._drawing.setPixmap(icons.pixmap(self._picture, self._theme.tokens.text_dim, 48, ratio))


class Confirm(Card):
    """Asks, right where the thing is, before something that cannot be undone or that widens access."""

    def __init__(self, cancel: str) -> None:
        super().__init__()
        self._then: Callable[[], None] = self.hide
        self._sentence, self._exact = Text(), Text(role="mono")
        self._yes = button("", self._confirmed)
        self._no = button(cancel, self._leave)
        self._asker: QWidget | None = None
        self.column.setSpacing(SPACE_S)
        self.column.addWidget(self._sentence)
        self.column.addWidget(self._exact)
        self.column.addWidget(ButtonRow(self._yes, self._no))
        close_on_escape(self, self._leave)
        self.hide()

    def ask(self, sentence: str, verb: str, then: Callable[[], None], *, exact: str = "") -> None:
        """Show the question; the focus goes to the way back, never to the deed. ``exact`` is what a program reads."""
        self._then = then
        self._asker = self.window().focusWidget()
        self._sentence.setText(sentence)
        self._exact.setText(exact)
        self._exact.setVisible(bool(exact))
        self._yes.setText(verb)
        self._yes.setAccessibleName(verb)
        self.show()
        self._no.setFocus()

    def _leave(self) -> None:
        """Back to where the keyboard was: mostly what was pressed, but it may be in a row that has gone since."""
        self.hide()
        if self._asker is not None and isValid(self._asker):
            self._asker.setFocus()

    def _confirmed(self) -> None:
        self._leave()  # the deed may take a while, and be refused: the keyboard waits where it was begun
        self._then()


def row_of(*widgets: QWidget, stretch: int = -1) -> QHBoxLayout:
    """Widgets in a line; the one at ``stretch`` takes what is left."""
    row = QHBoxLayout()
    row.setSpacing(SPACE_S)
    for index, widget in enumerate(widgets):
        row.addWidget(widget, 1 if index == stretch else 0)
    return row
