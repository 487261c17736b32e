"""One question in full, in the order in which it matters: who, what is unusual, what would change, everything else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.domain.approval import Question, QuestionKind
from ostiary.domain.server import ServerOrigin
from ostiary.ui.approval import wording
from ostiary.ui.approval.arguments_view import ArgumentsView
from ostiary.ui.approval.expander import Expander
from ostiary.ui.approval.labels import PlainLabel, dim
from ostiary.ui.approval.sections import (
    ChainSection,
    ChangeSection,
    DefinitionsSection,
    PathSection,
    WarningsSection,
    WhoSection,
)
from ostiary.ui.theme import SPACE_L, SPACE_M, Theme


class QuestionView(QWidget):
    """The scrolling part of the prompt. It is made anew for every question and never changed.

    Signals:
        unfolded: A part was opened or closed, and another height would fit.
    """

    unfolded = Signal()

    def __init__(self, theme: Theme, question: Question) -> None:
        super().__init__()
        self._theme = theme
        self._question = question
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._column.setSpacing(SPACE_M)
        self._column.addWidget(WhoSection(theme, question))
        self._add_sentence()
        if warnings := wording.warnings(question):
            self._column.addWidget(WarningsSection(theme, warnings))
        self._add_substance()
        self._add_arguments()
        self._column.addWidget(Expander(wording.WHO_IS_ASKING, lambda: ChainSection(theme, question.caller.processes)))
        self._column.addStretch(1)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.unfolded.emit()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRect(event.rect()), self._theme.tokens.window)

    def _add_sentence(self) -> None:
        if told := wording.sentence(self._question):
            sentence = PlainLabel(self._theme, told)
            sentence.setAlignment(Qt.AlignmentFlag.AlignLeft)
            self._column.addWidget(sentence)
        if repeats := wording.repeats(self._question):
            self._column.addWidget(dim(self._theme, repeats))

    def _add_substance(self) -> None:
        question = self._question
        if question.kind is QuestionKind.CHANGED_TOOL:
            self._column.addWidget(DefinitionsSection(self._theme, question.old_definition, question.new_definition))
        planned = question.plan.items if question.plan is not None else ()
        for item in planned:
            self._column.addWidget(ChangeSection(self._theme, item))
        shown = {item.path for item in planned}
        for path in question.paths:
            if path.path not in shown:
                inside = None if question.kind is QuestionKind.WIDEN else path.root is not None
                self._column.addWidget(PathSection(self._theme, path, inside))
        if question.kind is not QuestionKind.WIDEN and not planned:
            self._add_no_preview()

    def _add_no_preview(self) -> None:
        if self._question.origin is ServerOrigin.ADDED:
            self._column.addWidget(PlainLabel(self._theme, wording.NO_PREVIEW, "text_dim"))
        elif not self._question.hints.read_only:
            self._column.addWidget(PlainLabel(self._theme, wording.NO_PLAN, "text_dim"))

    def _add_arguments(self) -> None:
        question = self._question
        if question.arguments:
            given = wording.arguments(question)
            name = wording.all_arguments(len(given))
            opened = question.plan is None
            self._column.addWidget(Expander(name, lambda: ArgumentsView(self._theme, given), opened))
        elif question.kind is not QuestionKind.WIDEN:
            self._column.addWidget(dim(self._theme, wording.NO_ARGUMENTS))
