"""The prompt: a window of its own that shows one open question at a time and reports what the person answers.

It decides nothing. The gateway opens and closes questions, counts the time and takes *no answer* for *no*; closing,
hiding or losing this window answers nothing.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ostiary.domain.approval import Question, QuestionEnd, QuestionKind
from ostiary.ui.approval import wording
from ostiary.ui.approval.answer_bar import AnswerBar, AnswerButton
from ostiary.ui.approval.choice import DENY, Choice
from ostiary.ui.approval.group_strip import GroupStrip
from ostiary.ui.approval.guard import seconds_left
from ostiary.ui.approval.header import Header
from ostiary.ui.approval.key_guard import KeyGuard
from ostiary.ui.approval.labels import Rule
from ostiary.ui.approval.placing import WIDE, WIDTH, appear_quietly, fitted, ground, placed
from ostiary.ui.approval.question_view import QuestionView
from ostiary.ui.approval.queue import Queue, same_content
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.focus_order import order_focus
from ostiary.ui.parts.spoken import Spoken
from ostiary.ui.theme import Theme

TICK_MS: Final = 100
"""How often the countdown and the arming are looked at while the window is open."""


class _Asked(QScrollArea, Spoken):
    """The neutral place that has the keyboard first: a document to a screen reader, to be read and nothing else."""

    spoken_role = QAccessible.Role.Document


class ApprovalWindow(QWidget, Spoken):
    """Shows open questions, never taking the keyboard from what the person is typing into.

    Signals:
        answered(int, object): The person's ``Choice`` for the question of that id.
        held(int): The person is busy with that question; at most once a second.
    """

    spoken_role = QAccessible.Role.Dialog

    answered = Signal(int, object)
    held = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._queue = Queue()
        self._shown: Question | None = None
        self._view: QuestionView | None = None
        appear_quietly(self)
        self._header = Header(theme)
        self._scroll = _Asked()
        self.group = GroupStrip(theme, AnswerButton(), AnswerButton())
        self.bar = AnswerBar(theme, self._may_answer)
        self._lay_out()
        self._guard = self._guarded()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_time)
        self._header.stepped.connect(self._step)
        self.bar.answered.connect(self._answer)
        self.bar.later.connect(self.hide)
        self.bar.turned.connect(self._other_buttons)
        self.group.answered.connect(self._answer_group)

    def open_question(self, question: Question) -> None:
        """Take in a new question, or a changed one of the same id; show the window when it is not."""
        new = question.id not in self._queue
        self._queue.put(question)
        if new and not self.isVisible():
            self._queue.show(question.id)
        self._refresh()
        if new and not self.isVisible():
            self._appear()

    def close_question(self, question_id: int, end: QuestionEnd) -> None:
        """Take a question away; the next one is shown, or the window goes."""
        if self._shown is not None and question_id == self._shown.id:
            self._header.say(wording.ended(end))
        self._queue.remove(question_id)
        self._refresh()

    def set_questions(self, questions: tuple[Question, ...]) -> None:
        """Show exactly these: what a gateway says when it is met anew."""
        new = any(question.id not in self._queue for question in questions)
        self._queue.replace(questions)
        self._refresh()
        if new and not self.isVisible():
            self._appear()

    def deny(self, question_id: int) -> None:
        """The person said no elsewhere, on a notification; where they have answered already, that counts."""
        if self._queue.waits(question_id):
            self._tell(question_id, DENY)

    def review(self, question_id: int) -> None:
        """The person asked for this question: show it and give the window the keyboard."""
        self._queue.show(question_id)
        self._refresh()
        if self._shown is not None:
            self._appear()
            self.raise_()
            self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no widget took. Accelerators need Alt, and nothing here is reached before ``KeyGuard`` allows it."""
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif alt and event.key() == Qt.Key.Key_D:
            self.bar.deny.click()
        elif alt and event.key() == Qt.Key.Key_A:
            self.bar.allow_once.click()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        super().hideEvent(event)

    def _refresh(self) -> None:
        """Make the window show what the queue says."""
        question = self._queue.current
        self._header.show_place(self._queue.position, len(self._queue))
        before, self._shown = self._shown, question
        if question is None:
            self.hide()
        elif before is None or not same_content(before, question):
            self._show_question(question)
        self._show_group()
        self._show_time()

    def _show_question(self, question: Question) -> None:
        title = wording.title(question)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._header.show_title(title)
        self._view = QuestionView(self._theme, question)
        self._view.unfolded.connect(self._fit)
        self._scroll.setWidget(self._view)
        order_focus(self)
        self.bar.set_question(question)
        self._guard.content_changed()
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.isVisible():
            self._fit()
            self._announce()

    def _show_group(self) -> None:
        """What one answer would be for: when that changes, nothing of before may press its buttons."""
        before = self.group.ids
        self.group.show_group(self._queue.alike)
        if self.group.ids != before:
            self._other_buttons()

    def _other_buttons(self) -> None:
        self._guard.content_changed()
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.isVisible():
            self._fit()

    def _show_time(self) -> None:
        armed = self._guard.armed()
        self.bar.arm(self._may_answer())
        self.group.arm(armed and any(map(self._queue.waits, self.group.ids)))
        if self._shown is not None:
            self.bar.show_seconds(seconds_left(self._shown.deadline, time.time()))

    def _appear(self) -> None:
        if not self.isVisible():
            self._header.say("")
            self._fit()
            self.setGeometry(placed(self.size(), ground()))
        self.show()
        self._announce()

    def _announce(self) -> None:
        """Have a screen reader say what is asked: the window does not take the keyboard, and would go unheard."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.windowTitle()))

    def _fit(self) -> None:
        """Grow with the content up to a share of the screen, and scroll beyond."""
        if self._shown is None or self._view is None:
            return
        free = ground()
        width = min(WIDE if self._shown.kind is QuestionKind.CHANGED_TOOL else WIDTH, free.width())
        around = self._header.heightForWidth(width) + self._height_below(width) + 2
        wanted = around + self._view.heightForWidth(width)
        size = fitted(width, wanted, free)
        if size != self.size():
            self.resize(size)
            self.move(self.x(), min(self.y(), max(free.top(), free.bottom() - size.height())))
        if size.height() == wanted and self._scroll.verticalScrollBar().isVisible():
            self._drop_scroll_bar()

    def _height_below(self, width: int) -> int:
        """What the group and the answers take, whatever the content is."""
        return sum(
            widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
            for widget in (self.group, self.bar)
            if not widget.isHidden()
        )

    def _drop_scroll_bar(self) -> None:
        """Qt keeps a scroll bar that is needed only because the bar itself makes the content narrower."""
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def _may_answer(self) -> bool:
        return self._shown is not None and self._queue.waits(self._shown.id) and self._guard.armed()

    def _answer(self, choice: Choice) -> None:
        if self._shown is not None:
            self._tell(self._shown.id, choice)

    def _answer_group(self, ids: tuple[int, ...], choice: Choice) -> None:
        if self._guard.armed():
            for number in filter(self._queue.waits, ids):
                self._tell(number, choice)

    def _tell(self, number: int, choice: Choice) -> None:
        self._queue.answer(number)
        self._header.say("")
        self.answered.emit(number, choice)
        self._show_time()

    def _hold(self) -> None:
        if self._shown is not None:
            self.held.emit(self._shown.id)

    def _step(self, places: int) -> None:
        self._queue.step(places)
        self._header.say("")
        self._refresh()

    def _guarded(self) -> KeyGuard:
        self.winId()  # makes the native window, which a filter can then sit on
        window = self.windowHandle()
        guard = KeyGuard(window, self)
        guard.changed.connect(self._show_time)
        guard.touched.connect(self._hold)
        return guard

    def _lay_out(self) -> None:
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName(wording.WHAT_IS_ASKED)
        self.setAccessibleName(wording.APPROVAL)
        column = column_in(self, self._header, spacing=0)
        column.addWidget(self._scroll, 1)
        column.addWidget(Rule(self._theme))
        column.addWidget(self.group)
        column.addWidget(self.bar)
