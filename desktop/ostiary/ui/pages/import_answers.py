"""The values that a bundle asks for, typed in fields of their kind; a sensitive one is never shown."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ostiary.domain.host_import import AnswerKind, Wanted
from ostiary.ui.pages import import_words as words
from ostiary.ui.pages.secret_row import password_field
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme

_LINES = 3
Field = QLineEdit | QPlainTextEdit | Switch


class ImportAnswers(Card):
    """Hidden while nothing is asked. What was typed stays while the same values are asked for.

    Signals:
        given: The person is through with the fields.
    """

    given = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.column.setSpacing(SPACE_S)
        self._wanted: tuple[Wanted, ...] = ()
        self.fields: dict[str, Field] = {}
        self._shown: list[QWidget] = []
        self.use = button(words.ANSWER, self.given.emit)
        self.column.addWidget(ButtonRow(self.use))
        self.hide()

    def show_wanted(self, wanted: Iterable[Wanted]) -> None:
        """Ask for exactly these."""
        asked = tuple(wanted)
        if asked == self._wanted:
            return
        self._wanted = asked
        for old in self._shown:
            old.hide()
            old.deleteLater()
        self._shown, self.fields = [], {}
        for one in asked:
            self._add(one)
        self.setVisible(bool(asked))

    def answers(self) -> dict[str, str]:
        """What the fields hold, by key."""
        return {key: _text(field) for key, field in self.fields.items()}

    def _add(self, one: Wanted) -> None:
        field = _field(self._theme, one)
        field.setAccessibleName(one.title)
        label, teaching = Text(words.wanted(one), "name"), Text(one.description, "dim")
        label.setBuddy(field)
        teaching.setVisible(bool(one.description))
        self.fields[one.key] = field
        for widget in (label, teaching, field):
            self.column.insertWidget(self.column.count() - 1, widget)
            self._shown.append(widget)


def _field(theme: Theme, one: Wanted) -> Field:
    if one.kind is AnswerKind.BOOLEAN:
        switch = Switch(theme, one.title)
        switch.setChecked(one.default == "true")
        switch.clicked.connect(lambda: switch.setChecked(not switch.isChecked()))
        return switch
    if one.multiple:
        area = QPlainTextEdit(one.default, tabChangesFocus=True)
        area.setFixedHeight(_LINES * area.fontMetrics().lineSpacing() + 2 * SPACE_S)
        return area
    if one.sensitive:
        return password_field(one.title)
    return QLineEdit(one.default, placeholderText=words.answer_hint(one.kind))


def _text(field: Field) -> str:
    match field:
        case Switch():
            return "true" if field.isChecked() else "false"
        case QPlainTextEdit():
            return field.toPlainText()
        case _:
            return field.text().strip()
