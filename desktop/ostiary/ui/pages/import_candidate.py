"""One server that was found: exactly what would run, which values go to the keyring, and a tick to bring it in."""

from __future__ import annotations

import shlex

from PySide6.QtCore import Signal

from ostiary.domain.host_import import Candidate
from ostiary.ui.language import said
from ostiary.ui.pages import import_words as words
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme


class CandidateRow(Card):
    """Shows a candidate.

    Signals:
        ticked: Its name and whether it shall be brought in.
    """

    ticked = Signal(str, bool)

    def __init__(self, theme: Theme, candidate: Candidate) -> None:
        super().__init__()
        self._name = candidate.name
        self.tick = Switch(theme, words.tick(candidate.title or candidate.name))
        self.tick.clicked.connect(lambda: self.ticked.emit(self._name, not self.tick.isChecked()))
        self._title, self._places = Text(role="name"), Text(role="dim")
        self._description, self._command = Text(role="dim"), Text(role="mono")
        self._kept, self._note = Text(role="dim"), Text()
        self._problem = Problem(theme)
        self.column.addLayout(row_of(self._title, self.tick, stretch=0))
        for widget in (self._places, self._description, self._command, self._kept, self._note, self._problem):
            self.column.addWidget(widget)
        self.show_value(candidate)

    def show_value(self, candidate: Candidate) -> None:
        name = candidate.title or candidate.name
        self._name = candidate.name
        self.tick.setChecked(candidate.chosen)
        self.tick.setEnabled(not candidate.problem)
        self._title.setText(name)
        self._places.setText(words.found_in(candidate))
        environment = [words.variable(key, value) for key, value in candidate.environment.items()]
        _say(self._command, "\n".join([shlex.join(candidate.command), *environment]).strip())
        _say(self._description, said(candidate.description))
        _say(self._kept, "\n".join(words.kept(secret, place) for secret, place in candidate.secrets.items()))
        _say(self._note, said(candidate.note))
        self._problem.say(said(candidate.problem))
        self.setAccessibleName(name)


def _say(label: Text, sentence: str) -> None:
    label.setText(sentence)
    label.setVisible(bool(sentence))
