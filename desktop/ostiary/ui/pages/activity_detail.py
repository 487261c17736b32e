"""One call in full, beside the table."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ostiary.domain.call import CallDetail, CallRow
from ostiary.ui import words as common
from ostiary.ui.approval.json_text import indent_json, looks_like_json
from ostiary.ui.language import said
from ostiary.ui.pages import activity_words as words
from ostiary.ui.pages.activity_messages import messages
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.code import as_code
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_L, SPACE_S, SPACE_XS, Theme
from ostiary.ui.visible import reveal_line, reveal_rows

LEAST_BODY_PX: Final = 72
"""Some lines at least; in a small window the pane scrolls."""
SHORT_LINE: Final = 32
"""In characters: what surely fits in the pane's width."""
QWIDGETSIZE_MAX: Final = 16_777_215
"""Qt's word for "no limit"; PySide6 does not tell it."""


class CallDetailPane(QWidget):
    """One call and what can be done about it.

    Signals:
        closed: The person has seen enough.
        rule_wanted(int): The person wants to see the rule of that number.
        allow_next_wanted(int): The identical call may pass once; the id is this one's.
        always_ask_wanted(int, str, str): The id of this call, whose server's tool shall ask for every call.
        undo_wanted(int): What the call of that id changed shall be put back.
    """

    closed = Signal()
    rule_wanted = Signal(int)
    allow_next_wanted = Signal(int)
    always_ask_wanted = Signal(int, str, str)
    undo_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._detail: CallDetail | None = None
        self._undoing: set[int] = set()
        self.setAccessibleName(words.THE_CALL)
        self._sentence = Text("", "title")
        self._outcome = Text()
        self._timing = Text()
        self._bar = TimingBar(theme)
        self._why = Text()
        self.rule = button("", self._want_rule, role="flat", name=words.THE_RULE)
        self.undo = button(words.UNDO, self._want_undo)
        self.allow_next = button(words.ALLOW_NEXT, self._want_allow_next)
        self.always_ask = button(words.ALWAYS_ASK, self._want_always_ask)
        self._said = Text("", "dim")
        self._caller = Text("", "dim")
        self._arguments = _body(words.ARGUMENTS)
        self._result = _body(words.RESULT)
        self._messages = _body(words.MESSAGES)
        self.raw = button(words.SHOW_MESSAGES, self._turn, role="flat")
        self.raw.setCheckable(True)
        self._lay_out()

    @property
    def shown(self) -> CallDetail | None:
        """The call on show."""
        return self._detail

    def show_detail(self, detail: CallDetail, titles: words.Titles) -> None:
        """Show this call. ``titles`` are those of hosts and servers."""
        if not self._shows(detail.row.id):
            self._say("")  # that was about another call
        self._detail = detail
        self._sentence.setText(words.sentence(detail.row, titles))
        self._outcome.setText(words.outcome(detail.row).text)
        self._timing.setText(words.timing(detail.row))
        self._bar.show_row(detail.row)
        self._why.setText(words.why(detail))
        self._offer_actions(detail)
        self._caller.setText(said(detail.caller))
        self._caller.setVisible(bool(detail.caller))
        _fill(self._arguments, _laid_out(detail.arguments))
        _fill(self._result, _laid_out(detail.result))
        self._messages.setPlainText(messages(detail))

    def say(self, number: int, what: str) -> bool:
        """What became of a wish about the call of that id, below the actions; False where that is not on show."""
        if self._shows(number):
            self._say(what)
        return self._shows(number)

    def show_undone(self, number: int) -> None:
        """The call of that id was undone: it has nothing left to undo."""
        self._undoing.discard(number)
        if self.say(number, words.UNDONE):
            self.undo.hide()

    def show_not_undone(self, number: int, why: str) -> bool:
        """The call of that id was not undone, and can be wished to be again; False where it is not on show."""
        self._undoing.discard(number)
        if self._shows(number):
            self.undo.setEnabled(True)
        return self.say(number, why)

    def _shows(self, number: int) -> bool:
        return self._detail is not None and self._detail.row.id == number and not self.isHidden()

    def _say(self, what: str) -> None:
        self._said.setText(what)
        self._said.setVisible(bool(what))
        if what:  # what was pressed keeps the keyboard, or is gone: nothing else would be heard
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, what))

    def _offer_actions(self, detail: CallDetail) -> None:
        self.rule.setText(words.rule_link(detail.rule))
        self.rule.setAccessibleName(self.rule.text())
        self.rule.setVisible(bool(detail.rule))
        self.undo.setVisible(bool(detail.undo))
        self.undo.setEnabled(detail.row.id not in self._undoing)
        self.allow_next.setVisible(words.may_allow_next(detail.row))
        self.always_ask.setVisible(bool(detail.row.tool))

    def _want_rule(self) -> None:
        if self._detail is not None:
            self.rule_wanted.emit(self._detail.rule)

    def _want_allow_next(self) -> None:
        if self._detail is not None:
            self.allow_next_wanted.emit(self._detail.row.id)

    def _want_undo(self) -> None:
        if self._detail is not None:
            if self.undo.hasFocus():  # else the next button would get the keyboard, and the second press of a hand
                (self._messages if self.raw.isChecked() else self._result).setFocus()
            self.undo.setEnabled(False)  # until it is told what became of it: a second click is not a second wish
            self._undoing.add(self._detail.row.id)
            self.undo_wanted.emit(self._detail.row.id)

    def _want_always_ask(self) -> None:
        if self._detail is not None:
            row = self._detail.row
            self.always_ask_wanted.emit(row.id, row.server, row.tool)

    def _turn(self) -> None:
        """Show the call as its messages, or as arguments and result."""
        self._bodies.setCurrentIndex(int(self.raw.isChecked()))

    def _copy(self) -> None:
        if self._detail is not None:
            QGuiApplication.clipboard().setText(words.as_json(self._detail))

    def _lay_out(self) -> None:
        area, inner = QScrollArea(widgetResizable=True), QWidget()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(words.THE_CALL)
        inner.setProperty("role", "page")
        area.setWidget(inner)
        column_in(self, area)
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        for widget in (self._sentence, self._outcome, self._timing, self._bar, self._why):
            column.addWidget(widget)
        column.addWidget(self.rule, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._caller)
        column.addWidget(self.raw, 0, Qt.AlignmentFlag.AlignLeft)
        self._bodies = QStackedWidget()
        self._bodies.addWidget(_titled((words.ARGUMENTS, self._arguments), (words.RESULT, self._result)))
        self._bodies.addWidget(_titled((words.MESSAGES_MEAN, self._messages)))
        column.addWidget(self._bodies, 1)
        column.addWidget(self._said)
        copy, close = button(words.COPY_JSON, self._copy), button(common.CLOSE, self.closed.emit, role="flat")
        column.addWidget(ButtonRow(self.undo, self.allow_next, self.always_ask, copy, close))


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


def _titled(*parts: tuple[str, QWidget]) -> QWidget:
    """Each below its title, sharing the height."""
    box = QWidget()
    column = column_in(box, spacing=SPACE_XS)
    for title, part in parts:
        column.addWidget(Text(title, "dim"))
        column.addWidget(part, 1)
    column.addStretch(0)
    return box


def _body(name: str) -> QPlainTextEdit:
    body = as_code(QPlainTextEdit(readOnly=True))
    body.setAccessibleName(name)
    body.setTabChangesFocus(True)
    body.setPlaceholderText(words.NOT_KEPT)
    body.setMinimumHeight(LEAST_BODY_PX)
    return body


def _fill(body: QPlainTextEdit, text: str) -> None:
    """A text of few and short lines takes no more room than these."""
    body.setPlainText(text)
    lines = text.split("\n")
    needed_px = (len(lines) + 2) * body.fontMetrics().lineSpacing()
    fits = max(map(len, lines)) <= SHORT_LINE
    body.setMaximumHeight(max(LEAST_BODY_PX, needed_px) if fits else QWIDGETSIZE_MAX)


def _laid_out(text: str) -> str:
    return "\n".join(reveal_rows(indent_json(text))) if looks_like_json(text) else reveal_line(text)
