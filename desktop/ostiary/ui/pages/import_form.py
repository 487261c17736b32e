"""Bringing servers in: where from, which, exactly what would run and change, one yes, and one way back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from ostiary.control.messages import ApplyImport, PlanImport, UndoImport
from ostiary.domain.errors import OstiaryError
from ostiary.domain.host_import import Candidate, Imported, ImportPlan, ImportRequest
from ostiary.ui.asking import Ask
from ostiary.ui.language import said
from ostiary.ui.pages import import_words as words
from ostiary.ui.pages.folders import choose_folder
from ostiary.ui.pages.import_answers import ImportAnswers
from ostiary.ui.pages.import_candidate import CandidateRow
from ostiary.ui.pages.import_progress import ImportProgressLine
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.code import as_code
from ostiary.ui.parts.diff_view import DiffView
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme

_PASTE_LINES = 8


class ImportForm(Card):
    """Hidden until it is opened. Every tick asks for the plan anew, so that a yes is bound to what stands there.

    Signals:
        closed: It is hidden again.
    """

    closed = Signal()

    def __init__(self, theme: Theme, ask: Ask) -> None:
        super().__init__()
        self._theme, self._ask = theme, ask
        self._request = ImportRequest()
        self._plan: ImportPlan | None = None
        self._asked = 0
        self._applies = False
        self.column.setSpacing(SPACE_S)
        self.from_hosts = button(words.FROM_HOSTS, partial(self.look, ImportRequest()), role="primary")
        self.from_file = button(words.FROM_FILE, self._choose, name=words.FROM_FILE_MEANS)
        self.from_file.setToolTip(words.FROM_FILE_MEANS)
        self.from_project = button(words.FROM_PROJECT, self._choose_project, name=words.FROM_PROJECT_MEANS)
        self.from_project.setToolTip(words.FROM_PROJECT_MEANS)
        self.from_text = button(words.FROM_TEXT, self._open_paste)
        self.paste = QPlainTextEdit(placeholderText=words.PASTE_HERE, tabChangesFocus=True)
        self.paste.setAccessibleName(words.PASTE_HERE)
        as_code(self.paste)
        self.paste.setFixedHeight(_PASTE_LINES * self.paste.fontMetrics().lineSpacing() + 2 * SPACE_S)
        self.show_pasted = button(words.SHOW_PASTED, self._look_at_pasted)
        self.answers = ImportAnswers(theme)
        self.answers.given.connect(self._answered)
        self.rows: Rows[Candidate] = Rows(lambda candidate: candidate.name, self._row)
        self._paste_row = ButtonRow(self.show_pasted)
        self._unread, self._state = Text(role="dim"), Text()
        self.progress = ImportProgressLine(ask)
        self.replace = Switch(theme, words.REPLACE)
        self.replace.setToolTip(words.REPLACE_MEANS)
        self.replace.clicked.connect(self._replace_ticked)
        self._replace_row = QWidget()
        row = row_of(self.replace, Text(words.REPLACE), stretch=1)
        row.setContentsMargins(0, 0, 0, 0)
        self._replace_row.setLayout(row)
        self.diff = DiffView(theme, words.DIFF)
        self._problem = Problem(theme)
        self.go = button("", self._go, role="primary")
        self.undo = button(words.TAKE_BACK, self._undo)
        self.cancel = button(words.NOT_NOW, self.close_form)
        self._lay_out()
        self._clear()
        close_on_escape(self, self.close_form)
        self.hide()

    def _lay_out(self) -> None:
        self.column.addWidget(Text(words.TITLE, "title"))
        self.column.addWidget(Text(words.TEACH, "dim"))
        self.column.addWidget(ButtonRow(self.from_hosts, self.from_file, self.from_project, self.from_text))
        parts = (self.paste, self._paste_row, self.answers, self.rows, self._unread, self._replace_row, self.diff)
        for widget in (*parts, self._state, self.progress, self._problem, ButtonRow(self.go, self.undo, self.cancel)):
            self.column.addWidget(widget)

    def open_form(self) -> None:
        self.show()
        self.from_hosts.setFocus()

    def open_paste(self) -> None:
        """Open with the field for a pasted block ready."""
        self.show()
        self._open_paste()

    def close_form(self) -> None:
        """Forget all of it; what was pasted or typed may be a secret."""
        self.progress.stop_work()
        self._clear()
        self.hide()
        self.closed.emit()

    def look(self, request: ImportRequest) -> None:
        """Show what a request would bring in, every server ticked that can be."""
        self._clear()
        self._state.setText(words.LOOKING)
        self._state.show()
        self._look(request)

    def _look(self, request: ImportRequest) -> None:
        """Only the answer to the newest of these is shown."""
        self._request = request
        self._asked += 1
        self.go.setEnabled(False)
        self._wait()
        number = self._asked
        self._ask(PlanImport(request=request), partial(self._show_plan, number), partial(self._refused, number))

    def _wait(self) -> None:
        if self._request.file:
            self.progress.begin()

    def _show_plan(self, number: int, plan: ImportPlan) -> None:
        if number != self._asked:
            return
        self.progress.end()
        self._plan = plan
        self._problem.clear()
        chosen = [candidate for candidate in plan.candidates if candidate.chosen]
        self.answers.show_wanted(one for candidate in plan.candidates for one in candidate.wanted)
        self.rows.show_values(plan.candidates)
        self._state.setText("" if plan.candidates else words.NOTHING_FOUND)
        self._state.setVisible(not plan.candidates)
        self._unread.setText("\n".join(words.not_read(reason) for reason in plan.unread))
        self._unread.setVisible(bool(plan.unread))
        self.replace.setChecked(self._request.replace)
        self._replace_row.setVisible(bool(chosen) and not (self._request.pasted or self._request.file))
        diff = "\n".join(change.diff for change in plan.changes if change.diff)
        self.diff.show_diff(diff)
        self.diff.setVisible(bool(diff))
        self._show_go(len(chosen))

    def _show_go(self, number: int) -> None:
        self.go.setText(words.bring_in(number))
        self.go.setAccessibleName(self.go.text())
        self.go.setVisible(number > 0)
        self.go.setEnabled(number > 0)

    def _row(self, candidate: Candidate) -> CandidateRow:
        row = CandidateRow(self._theme, candidate)
        row.ticked.connect(self._ticked)
        return row

    def _ticked(self, name: str, on: bool) -> None:
        if self._plan is None or self._applies:
            return
        ticked = tuple(
            msgspec.structs.replace(one, chosen=on) if one.name == name else one for one in self._plan.candidates
        )
        self._plan = msgspec.structs.replace(self._plan, candidates=ticked)  # the next tick may come before the answer
        self.rows.show_values(ticked)
        names = tuple(sorted(one.name for one in ticked if one.chosen))
        if names:
            self._look(msgspec.structs.replace(self._request, names=names))
        else:  # no names would mean all of them: with none ticked there is nothing to ask
            self._show_none()

    def _show_none(self) -> None:
        self._asked += 1
        self.progress.end()
        self.diff.hide()
        self._replace_row.hide()
        self._show_go(0)

    def _replace_ticked(self) -> None:
        if not self._applies:
            self._look(msgspec.structs.replace(self._request, replace=not self._request.replace))

    def _answered(self) -> None:
        if not self._applies:
            self._look(msgspec.structs.replace(self._request, answers=self.answers.answers(), names=()))

    def _open_paste(self) -> None:
        self._clear()
        self.paste.show()
        self._paste_row.show()
        self.paste.setFocus()

    def _look_at_pasted(self) -> None:
        self._look(ImportRequest(pasted=self.paste.toPlainText() or " "))

    def _choose(self) -> None:
        dialog = QFileDialog(self, words.CHOOSE_FILE, str(Path.home()), words.FILE_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.look_at_file)
        dialog.open()

    def _choose_project(self) -> None:
        choose_folder(self, self.look_at_file)

    def look_at_file(self, path: str) -> None:
        self.look(ImportRequest(file=path))

    def _go(self) -> None:
        if self._plan is not None:
            self.go.setEnabled(False)
            self._applies = True  # until it is told what became of it, nothing else counts
            self._wait()
            wish = ApplyImport(request=self._request, token=self._plan.token)
            self._ask(wish, self._done, self._not_done)

    def _done(self, imported: Imported) -> None:
        self._clear()
        self._state.setText(words.done(imported))
        self._state.show()
        self.undo.show()
        self.cancel.setText(words.CLOSE)
        self.undo.setFocus()

    def _not_done(self, error: OstiaryError) -> None:
        """What was chosen stays, and is told whatever is on show by now."""
        self._applies = False
        self._refused(self._asked, error)

    def _undo(self) -> None:
        if not self._applies:  # a second press is not a second wish
            self._applies = True
            self._ask(UndoImport(), self._undone, self._not_done)

    def _undone(self, back: Imported) -> None:
        self._clear()
        kept = [said(sentence) for sentence in back.kept]
        self._state.setText("\n".join([words.TAKEN_BACK_BUT, *kept] if kept else [words.TAKEN_BACK]))
        self._state.show()
        self.cancel.setText(words.CLOSE)
        self.cancel.setFocus()

    def _refused(self, number: int, error: OstiaryError) -> None:
        if number == self._asked:
            self.progress.end()
            self._problem.say_error(error)
            self._state.setVisible(self._state.text() not in ("", words.LOOKING))

    def _clear(self) -> None:
        self._asked += 1
        self.progress.end()
        self._request, self._plan, self._applies = ImportRequest(), None, False
        self.paste.clear()
        self.answers.show_wanted(())
        self.rows.show_values(())
        self._problem.clear()
        self._state.setText("")
        self.cancel.setText(words.NOT_NOW)
        for widget in (self.paste, self._paste_row, self._unread, self._replace_row, self.diff, self._state, self.go):
            widget.hide()
        self.undo.hide()
