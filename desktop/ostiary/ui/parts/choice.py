"""A few values side by side of which one holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ostiary.ui.language import tr
from ostiary.ui.parts.spoken import Spoken

E = TypeVar("E", bound=Enum)


class _Wishes(QObject):
    made = Signal(object)


class _Value(QPushButton, Spoken):
    """One of several to a screen reader, where Qt would call it a check box; Qt's own way would choose by arrows."""

    spoken_role = QAccessible.Role.RadioButton

    def is_chosen(self) -> bool:
        return self.isChecked()

    def press(self) -> None:
        self.click()


class Choice(QWidget, Generic[E]):
    """Shows one of ``words`` as chosen; arrows and tab reach each, and only Space or a click chooses.

    ``wishes.made`` carries the value a person chose; what is shown changes only by ``show_value``.
    """

    def __init__(self, name: str, words: Mapping[E, str], means: Mapping[E, str]) -> None:
        super().__init__()
        self.wishes = _Wishes(self)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._buttons: dict[E, QPushButton] = {}
        self._value: E | None = None
        leftmost = list(words)[-1 if self.isRightToLeft() else 0]
        for value, word in words.items():
            one = _Value(word)
            one.setCheckable(True)
            one.setProperty("role", "choice")
            one.setProperty("first", value is leftmost)
            one.setAccessibleName(tr("{name}: {word}").format(name=name, word=word))
            one.setToolTip(means.get(value, ""))
            one.clicked.connect(partial(self._chosen, value))
            self._buttons[value] = one
            row.addWidget(one)

    def show_value(self, value: E) -> None:
        self._value = value
        for which, one in self._buttons.items():
            one.setChecked(which is value)

    def show_possible(self, values: Iterable[E]) -> None:
        """Let a person choose among these only."""
        possible = frozenset(values)
        for which, one in self._buttons.items():
            one.setEnabled(which in possible)

    def button(self, value: E) -> QPushButton:
        """The one that chooses a value."""
        return self._buttons[value]

    def _chosen(self, value: E, *_: object) -> None:
        if self._value is not None:
            self.show_value(self._value)
        if value is not self._value:
            self.wishes.made.emit(value)
