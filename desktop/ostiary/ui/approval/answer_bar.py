"""The answers: Deny with its countdown and Allow once as equals, longer permissions in a menu, and Later."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ostiary.domain.approval import Duration, Question
from ostiary.ui.approval import spoken, wording
from ostiary.ui.approval.always import AlwaysStep
from ostiary.ui.approval.choice import ALLOW_ONCE, DENY, Choice
from ostiary.ui.approval.lasting_menu import LastingMenu
from ostiary.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme


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
        answered(object): The ``Choice``.
        later: The person wants to decide later.
        turned: Other buttons stand here now, so that nothing of before may press them.
    """

    answered = Signal(object)
    later = Signal()
    turned = Signal()

    def __init__(self, theme: Theme, may_answer: Callable[[], bool]) -> None:
        super().__init__()
        self._may_answer = may_answer
        self._wanted = ALLOW_ONCE
        self._host = ""
        self.deny = AnswerButton(wording.DENY)
        self.allow_once = AnswerButton(wording.ALLOW_ONCE)
        self.allow_for = AnswerButton(wording.ALLOW_FOR)
        self.put_off = AnswerButton(wording.LATER)
        self.menu = LastingMenu(self, self._choose)
        self.always = AlwaysStep(theme, AnswerButton(wording.ALLOW_ALWAYS), AnswerButton(wording.BACK))
        self.deny.clicked.connect(lambda: self._answer(DENY))
        self.allow_once.clicked.connect(lambda: self._answer(ALLOW_ONCE))
        # popup() returns at once; a button's own menu would run a second event loop.
        self.allow_for.clicked.connect(lambda: self.menu.popup(self.allow_for.mapToGlobal(QPoint(0, 0))))
        self.put_off.clicked.connect(self.later)
        self.always.confirmed.connect(lambda: self._answer(self._wanted))
        self.always.left.connect(lambda: self._turn(False))
        self._lay_out()

    def set_question(self, question: Question) -> None:
        """Offer the answers to this question, none of them chosen yet."""
        self._host = wording.host_name(question)
        self.menu.offer(question)
        self.allow_for.setVisible(bool(question.offers))
        self.allow_once.setText(wording.allow_once(question))
        self._name_for_screen_readers(question)
        self.always.hide()
        self._answers.show()

    def show_seconds(self, seconds: int) -> None:
        """Count down on the button that happens by itself."""
        self.deny.setText(wording.deny(seconds))

    def arm(self, armed: bool) -> None:
        """Let the buttons work, or not yet. *Later* and *Back* always work: they answer nothing."""
        for button in (self.deny, self.allow_once, self.allow_for, self.always.yes):
            button.setEnabled(armed)

    def hideEvent(self, event: QHideEvent) -> None:
        """The menu is a window of its own, which would stay and hold the keyboard."""
        self.menu.close()
        super().hideEvent(event)

    def _choose(self, choice: Choice, what: str) -> None:
        """Something of the menu; *always* only after a second step."""
        if choice.duration is not Duration.ALWAYS:
            self._answer(choice)
            return
        self._wanted = choice
        self.always.ask(what, self._host)
        self._turn(True)

    def _turn(self, to_always: bool) -> None:
        self.always.setVisible(to_always)
        self._answers.setVisible(not to_always)
        self.turned.emit()

    def _answer(self, choice: Choice) -> None:
        if self._may_answer():
            self.answered.emit(choice)

    def _name_for_screen_readers(self, question: Question) -> None:
        self.deny.setAccessibleName(spoken.deny(question))
        self.allow_once.setAccessibleName(spoken.allow_once(question))
        self.allow_for.setAccessibleName(spoken.allow_for(question))
        self.put_off.setAccessibleName(wording.LATER)

    def _lay_out(self) -> None:
        self.deny.setToolTip(wording.DENY_KEY)
        self.allow_once.setToolTip(wording.ALLOW_KEY)
        self.put_off.setToolTip(wording.LATER_MEANS)
        self.put_off.setProperty("role", "flat")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._answers = QWidget()
        column.addWidget(self._answers)
        column.addWidget(self.always)
        row = QHBoxLayout(self._answers)
        row.setContentsMargins(0, 0, 0, 0)
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
