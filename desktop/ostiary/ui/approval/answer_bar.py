"""The answers: Deny with its countdown and Allow once as equals, longer permissions in a menu, and Later."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from ostiary.domain.approval import Decision, Duration, Question, Scope
from ostiary.ui.approval import wording
from ostiary.ui.approval.visible import reveal_line
from ostiary.ui.theme import SPACE_L, SPACE_M, SPACE_S


class AnswerButton(QPushButton):
    """Enter presses it as Space does; whether a key may come here at all, ``KeyGuard`` decides."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class AnswerBar(QWidget):
    """The buttons, always on screen.

    ``may_answer`` is asked once more at the moment of every answer, whichever way it came.

    Signals:
        answered(decision, scope, duration): The person chose; at most once a question.
        later: The person wants to decide later.
    """

    answered = Signal(Decision, Scope, Duration)
    later = Signal()

    def __init__(self, may_answer: Callable[[], bool]) -> None:
        super().__init__()
        self._may_answer = may_answer
        self._sent = False
        self.deny = AnswerButton(wording.DENY)
        self.allow_once = AnswerButton(wording.ALLOW_ONCE)
        self.allow_for = AnswerButton(wording.ALLOW_FOR)
        self.put_off = AnswerButton(wording.LATER)
        self.menu = QMenu(self)
        self.deny.clicked.connect(lambda: self._answer(Decision.DENY, Scope.CALL, Duration.ONCE))
        self.allow_once.clicked.connect(lambda: self._answer(Decision.ALLOW, Scope.CALL, Duration.ONCE))
        # popup() returns at once; a button's own menu would run a second event loop.
        self.allow_for.clicked.connect(lambda: self.menu.popup(self.allow_for.mapToGlobal(QPoint(0, 0))))
        self.put_off.clicked.connect(self.later)
        self._lay_out()

    def set_question(self, question: Question) -> None:
        """Offer the answers to this question, none of them chosen yet."""
        self._sent = False
        self.menu.close()
        self.menu.clear()
        for words, scope, duration in wording.lasting(question):
            action = self.menu.addAction(words)
            action.triggered.connect(lambda _=False, s=scope, d=duration: self._answer(Decision.ALLOW, s, d))
        self.allow_for.setVisible(not self.menu.isEmpty())
        self.allow_once.setText(wording.allow_once(question))
        self._name_for_screen_readers(question)

    def show_seconds(self, seconds: int) -> None:
        """Count down on the button that happens by itself."""
        self.deny.setText(wording.deny(seconds))

    def arm(self, armed: bool) -> None:
        """Let the buttons work, or not yet. *Later* always works: it answers nothing."""
        for button in (self.deny, self.allow_once, self.allow_for):
            button.setEnabled(armed and not self._sent)

    def _answer(self, decision: Decision, scope: Scope, duration: Duration) -> None:
        if self._sent or not self._may_answer():
            return
        self._sent = True
        self.arm(False)
        self.answered.emit(decision, scope, duration)

    def _name_for_screen_readers(self, question: Question) -> None:
        what = f"{reveal_line(question.tool)} for {reveal_line(question.caller.title or question.caller.host)}".strip()
        self.deny.setAccessibleName(f"{wording.DENY} {what}")
        self.allow_once.setAccessibleName(f"{wording.allow_once(question)} {what}")
        self.allow_for.setAccessibleName(f"Allow {what} for longer")
        self.put_off.setAccessibleName(wording.LATER)

    def _lay_out(self) -> None:
        self.deny.setToolTip("Alt+D")
        self.allow_once.setToolTip("Alt+A")
        self.put_off.setToolTip(wording.LATER_MEANS)
        self.put_off.setProperty("role", "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_S)
        widest = self.deny.fontMetrics().horizontalAdvance(wording.deny(99)) + 4 * SPACE_M
        for button in (self.deny, self.allow_once):
            # Equal in size and dress: neither is the answer the eye slides to.
            button.setMinimumWidth(widest)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.deny)
        row.addStretch(1)
        for button in (self.allow_once, self.allow_for, self.put_off):
            row.addWidget(button)
