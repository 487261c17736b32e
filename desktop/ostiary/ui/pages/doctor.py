"""What is wrong and what to do, found when the page is opened; and a report of it to give away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import Diagnose, MakeReport
from ostiary.domain.errors import OstiaryError
from ostiary.domain.finding import Finding
from ostiary.ui.approval.expander import Expander
from ostiary.ui.asking import Ask
from ostiary.ui.language import said, told
from ostiary.ui.pages import doctor_words as words
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.saving import ask_where_to_save, save_whole
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_XS, Theme


class DoctorPage(Page):
    """``own`` gives what the window can tell itself, such as whether there is a tray."""

    def __init__(self, theme: Theme, ask: Ask, own: Callable[[], tuple[Finding, ...]]) -> None:
        super().__init__(words.DOCTOR)
        self._ask, self._own = ask, own
        self._looking = False
        self.again = button(words.AGAIN, self.look)
        self.save = button(words.SAVE, self._choose)
        self.save.setToolTip(words.SAVE_MEANS)
        self._state, self._saved = Text(words.LOOKING), Text(role="dim")
        self._problem = Problem(theme)
        self.wrong: Rows[Finding] = Rows(_key, lambda finding: FindingRow(theme, finding))
        self._right: Rows[Finding] = Rows(_key, lambda finding: FindingRow(theme, finding), SPACE_XS)
        self.right = Expander(words.WELL, lambda: self._right)
        verbs = ButtonRow(self.again, self.save)
        for widget in (self._state, verbs, self._saved, self._problem, self.wrong, self.right):
            self.column.addWidget(widget)
        self._saved.hide()
        self._show(())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def look(self) -> None:
        """Have everything looked at; what was found before stays until then."""
        if self._looking:
            return  # the button stays on: one that goes off gives the next one the keyboard
        self._looking = True
        self._problem.clear()
        self._state.setText(words.LOOKING)
        self._ask(Diagnose(), self._found, self._refused)

    def _found(self, findings: tuple[Finding, ...]) -> None:
        self._looking = False
        self._show((*self._own(), *findings))

    def _refused(self, error: OstiaryError) -> None:
        self._looking = False
        self._state.setText("")
        self._problem.say(told(error))

    def _show(self, findings: Iterable[Finding]) -> None:
        found = list(findings)
        wrong = [finding for finding in found if not finding.ok]
        self.wrong.show_values(wrong)
        self._right.show_values([finding for finding in found if finding.ok])
        self.right.setVisible(len(found) > len(wrong))
        if found:
            self._state.setText(words.wrong(len(wrong)) if wrong else words.ALL_WELL)

    def _choose(self) -> None:
        ask_where_to_save(self, words.SAVE, words.FILE_NAME, self.save_report)

    def save_report(self, path: str) -> None:
        """Write the report there, whole or not at all."""
        self._problem.clear()
        self._ask(MakeReport(own=self._own()), partial(self._write, path), self._not_made)

    def _not_made(self, error: OstiaryError) -> None:
        """What was found is as it was."""
        self._problem.say(told(error))

    def _write(self, path: str, text: str) -> None:
        problem = save_whole(path, text.encode())
        self._saved.setVisible(not problem)
        self._saved.setText(words.saved(path))
        if problem:
            self._problem.say(words.not_saved(path, problem))


class FindingRow(Card):
    """A mark, the sentence, and what to do."""

    def __init__(self, theme: Theme, finding: Finding) -> None:
        super().__init__()
        self._mark = Mark(theme)
        self._sentence, self._action, self._code = Text(), Text(role="name"), Text(role="dim")
        said = QWidget()
        column_in(said, self._sentence, self._action, self._code)
        row = row_of(self._mark, said, stretch=1)
        row.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
        self.show_value(finding)

    def show_value(self, finding: Finding) -> None:
        self._mark.set_shape(*((Shape.FULL, "ok") if finding.ok else (Shape.TRIANGLE, "problem")))
        sentence, action = said(finding.sentence), said(finding.action)
        self._sentence.setText(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(finding.action))
        self._code.setText(finding.code)
        self.setAccessibleName(f"{sentence} {action}".strip())


def tray_finding(*, is_present: bool) -> Finding:
    """Pure. Whether the desktop shows our icon."""
    if is_present:
        return Finding(code="tray", ok=True, sentence=words.TRAY)
    return Finding(code="tray", ok=False, sentence=words.NO_TRAY, action=words.NO_TRAY_ACTION)


def _key(finding: Finding) -> str:
    return f"{finding.code}\n{finding.sentence}"
