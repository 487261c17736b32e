"""One call in full, beside the table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ostiary.domain.call import CallDetail, CallRow
from ostiary.ui import words as common
from ostiary.ui.approval.json_text import indent_json, looks_like_json
from ostiary.ui.approval.visible import reveal_line, reveal_rows
from ostiary.ui.pages import activity_words as words
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_L, SPACE_S, SPACE_XS, Theme, mono_font


class CallDetailPane(QWidget):
    """Signals:
    closed: The person has seen enough.
    """

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._detail: CallDetail | None = None
        self.setAccessibleName("Call")
        self._sentence = Text("", "title")
        self._outcome = Text()
        self._timing = Text()
        self._bar = TimingBar(theme)
        self._why = Text()
        self._caller = Text("", "dim")
        self._arguments = _body("Arguments")
        self._result = _body("Result")
        self._lay_out()

    @property
    def shown(self) -> CallDetail | None:
        """The call on show."""
        return self._detail

    def show_detail(self, detail: CallDetail) -> None:
        """Show this call."""
        self._detail = detail
        self._sentence.setText(words.sentence(detail.row))
        self._outcome.setText(words.OUTCOMES[detail.row.outcome].text)
        self._timing.setText(words.timing(detail.row))
        self._bar.show_row(detail.row)
        self._why.setText(words.why(detail))
        self._caller.setText("\n".join(reveal_rows(detail.caller)))
        self._caller.setVisible(bool(detail.caller))
        self._arguments.setPlainText(_laid_out(detail.arguments))
        self._result.setPlainText(_laid_out(detail.result))

    def _copy(self) -> None:
        if self._detail is not None:
            QGuiApplication.clipboard().setText(words.as_json(self._detail))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        for widget in (self._sentence, self._outcome, self._timing, self._bar, self._why, self._caller):
            column.addWidget(widget)
        for name, body in (("Arguments", self._arguments), ("Result", self._result)):
            box = QVBoxLayout()
            box.setSpacing(SPACE_XS)
            box.addWidget(Text(name, "dim"))
            box.addWidget(body, 1)
            column.addLayout(box, 1)
        row = QHBoxLayout()
        row.addWidget(button(words.COPY_JSON, self._copy))
        row.addStretch(1)
        row.addWidget(button(common.CLOSE, self.closed.emit, role="flat"))
        column.addLayout(row)


class TimingBar(QWidget):
    """How the whole time of a call splits: waiting for the person, then the server. The words above it say the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._waited = 0.0
        self.setFixedHeight(SPACE_XS + 2)

    def show_row(self, row: CallRow) -> None:
        """Show this call's split."""
        self._waited = min(1.0, row.waited_ms / row.duration_ms) if row.duration_ms else 0.0
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        waited = round(self.width() * self._waited)
        painter.fillRect(0, 0, self.width(), self.height(), self._theme.tokens.text_dim)
        painter.fillRect(0, 0, waited, self.height(), self._theme.tokens.ask)


def _body(name: str) -> QPlainTextEdit:
    body = QPlainTextEdit(readOnly=True)
    body.setAccessibleName(name)
    body.setTabChangesFocus(True)
    body.setFont(mono_font())
    body.setPlaceholderText(words.NOT_KEPT)
    return body


def _laid_out(text: str) -> str:
    return "\n".join(reveal_rows(indent_json(text))) if looks_like_json(text) else reveal_line(text)
