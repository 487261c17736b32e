"""A unified diff in colours *and* marks."""

from __future__ import annotations

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ostiary.ui.parts.code import as_code
from ostiary.ui.theme import SPACE_XS, Theme
from ostiary.ui.visible import reveal_rows

MOST_LINES_SHOWN = 24
"""Beyond that it scrolls, so that the buttons below stay on the screen."""


class DiffView(QPlainTextEdit):
    """Read-only; as high as its text up to a limit."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        as_code(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(name)
        self._colours = _Colours(theme, self)

    def show_diff(self, diff: str) -> None:
        """Show it as a program reads it, but for carriage returns at the end of lines."""
        self.setPlainText("\n".join(reveal_rows(diff.replace("\r\n", "\n").rstrip("\n"))))
        lines = min(self.blockCount(), MOST_LINES_SHOWN)
        around = 2 * (self.frameWidth() + round(self.document().documentMargin()) + SPACE_XS)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + around + bar)


class _Colours(QSyntaxHighlighter):
    def __init__(self, theme: Theme, view: DiffView) -> None:
        super().__init__(view.document())
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        tokens = self._theme.tokens
        colour = {"+": tokens.added, "-": tokens.removed, "@": tokens.accent}.get(text[:1])
        if colour is not None:
            form = QTextCharFormat()
            form.setForeground(tokens.text_dim if text.startswith(("+++", "---")) else colour)
            self.setFormat(0, len(text), form)
