"""Who waits for an answer, and how calls are decided in general."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ostiary.control.messages import SetMode
from ostiary.domain.approval import GateMode, Question
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.language import said
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_M, Theme

PAUSE_MINUTES = 15.0


class ApprovalsPage(Page):
    """Follows the mirror's questions and mode.

    Signals:
        review_wanted: The id of the question to answer.
    """

    review_wanted = Signal(int)

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.APPROVALS)
        self._theme, self._mirror, self._ask = theme, mirror, ask
        self._problem = Problem(theme)
        self._nobody = Text(words.NOBODY_WAITS, "dim")
        self.questions: Rows[Question] = Rows(lambda question: str(question.id), self._question_row)
        self.modes = _Modes(self._set_mode)
        self._lay_out()
        mirror.questions_changed.connect(self._show_questions)
        mirror.mode_changed.connect(self._show_mode)
        for show in (self._show_questions, self._show_mode):
            show()

    def _lay_out(self) -> None:
        self.column.addWidget(self._problem)
        self.column.addWidget(Text(words.WAITING, "name"))
        self.column.addWidget(self._nobody)
        self.column.addWidget(self.questions)
        self.column.addSpacing(SPACE_M)
        self.column.addWidget(Text(words.HOW_TO_DECIDE, "name"))
        self.column.addWidget(self.modes)

    def _show_questions(self) -> None:
        self.questions.show_values(self._mirror.questions)
        self._nobody.setVisible(not self._mirror.questions)

    def _show_mode(self) -> None:
        self.modes.show_mode(self._mirror.mode)

    def _question_row(self, question: Question) -> QWidget:
        return QuestionRow(self._theme, question, self.review_wanted.emit)

    def _set_mode(self, mode: GateMode) -> None:
        self._problem.clear()
        minutes = PAUSE_MINUTES if mode is GateMode.PAUSED else None
        self._ask(SetMode(mode=mode, minutes=minutes), on_error=self._problem.say_error)


class _Modes(Card):
    """The four modes as buttons of which one holds, and what that one means."""

    def __init__(self, wanted: Callable[[GateMode], None]) -> None:
        super().__init__()
        self._mode = GateMode.NORMAL
        self._wanted = wanted
        self._buttons: dict[GateMode, QPushButton] = {}
        for mode, word in words.MODES.items():
            one = button(word, partial(self._chosen, mode), name=words.named(word, words.MODE_MEANS[mode]))
            one.setProperty("role", "pick")
            one.setCheckable(True)
            one.setToolTip(words.MODE_MEANS[mode])
            self._buttons[mode] = one
        self._means = Text(role="dim")
        self.column.addWidget(ButtonRow(*self._buttons.values()))
        self.column.addWidget(self._means)

    def show_mode(self, mode: GateMode) -> None:
        self._mode = mode
        for which, one in self._buttons.items():
            one.setChecked(which is mode)
        self._means.setText(words.MODE_MEANS[mode])

    def _chosen(self, mode: GateMode) -> None:
        was = self._mode
        self.show_mode(was)  # the gateway decides; its event moves the choice
        if mode is not was:
            self._wanted(mode)


class QuestionRow(Card):
    """Who asks for what; the answer is given in the prompt alone."""

    def __init__(self, theme: Theme, question: Question, review: Callable[[int], None]) -> None:
        super().__init__()
        self._sentence, self._line = Text(role="name"), Text(role="dim")
        self.review = button(words.REVIEW, partial(review, question.id), role="primary")
        self.column.addLayout(Ends(row_of(Mark(theme, Shape.TRIANGLE, "ask"), self._sentence, stretch=1), self.review))
        self.column.addWidget(self._line)
        self.show_value(question)

    def show_value(self, question: Question) -> None:
        self._sentence.setText(said(question.sentence))
        self._line.setText(words.question_facts(question))
        self.review.setAccessibleName(words.named(words.REVIEW, said(question.sentence)))
