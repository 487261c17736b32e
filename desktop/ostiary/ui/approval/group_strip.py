"""Several calls of the same tool by the same host: one answer for all that stand here, or one by one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ostiary.domain.approval import Question
from ostiary.ui.approval import spoken, wording
from ostiary.ui.approval.choice import ALLOW_ONCE, DENY, Choice
from ostiary.ui.approval.labels import PlainLabel, dim
from ostiary.ui.theme import SPACE_L, SPACE_S, SPACE_XS, Theme

LISTED_AT_MOST = 10
"""As many calls as one host may have waiting."""
LINE_CHARACTERS = 100
"""Longer ones would push the answers off a small screen."""


class GroupStrip(QFrame):
    """Lists the calls and answers exactly those that it lists; not there for a single one.

    Signals:
        answered(object, object): The ids, as a tuple, and the ``Choice`` for each of them.
    """

    answered = Signal(object, object)

    def __init__(self, theme: Theme, allow: QPushButton, deny: QPushButton) -> None:
        super().__init__()
        self._ids: tuple[int, ...] = ()
        self._title = PlainLabel(theme, "")
        self._calls = dim(theme, "")
        self.allow, self.deny = allow, deny
        allow.clicked.connect(lambda: self._tell(ALLOW_ONCE))
        deny.clicked.connect(lambda: self._tell(DENY))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_S)
        column.setSpacing(SPACE_XS)
        column.addWidget(self._title)
        column.addWidget(self._calls)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(deny)
        row.addWidget(allow)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    @property
    def ids(self) -> tuple[int, ...]:
        """The questions that an answer here is for."""
        return self._ids

    def show_group(self, questions: tuple[Question, ...]) -> None:
        """Show these calls; with fewer than two, or more than can be listed, there is nothing to answer here."""
        shown = questions if 1 < len(questions) <= LISTED_AT_MOST else ()
        self._ids = tuple(question.id for question in shown)
        self.setVisible(bool(shown))
        if not shown:
            return
        self._title.setText(wording.group(shown))
        lines = [wording.object_line(question) for question in shown]
        self._calls.setText("\n".join(map(_cut, lines)))
        self.allow.setText(wording.allow_these(len(shown)))
        self.deny.setText(wording.deny_these(len(shown)))
        # What needs a warning, or does not stand here in full, is looked at one by one.
        whole = all(len(line) <= LINE_CHARACTERS for line in lines)
        self.allow.setVisible(whole and not any(wording.warnings(question) for question in shown))
        for button in (self.allow, self.deny):
            button.setAccessibleName(spoken.named(button.text(), wording.group(shown)))
            button.setAccessibleDescription(self._calls.text())

    def arm(self, armed: bool) -> None:
        """Let the buttons work, or not yet."""
        for button in (self.allow, self.deny):
            button.setEnabled(armed)

    def _tell(self, choice: Choice) -> None:
        if self._ids:
            self.answered.emit(self._ids, choice)


def _cut(line: str) -> str:
    return line if len(line) <= LINE_CHARACTERS else f"{line[: LINE_CHARACTERS - 1]}…"
