"""One approved folder."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ostiary.domain.root import RootMode, RootView
from ostiary.ui import words
from ostiary.ui.language import said
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme


class FolderRow(Card):
    """Its name and path, whether it may be changed, and who watches it.

    Signals:
        mode_wanted: Its path, and the ``RootMode``.
        removal_wanted: The ``RootView``.
    """

    mode_wanted = Signal(str, object)
    removal_wanted = Signal(object)

    def __init__(self, theme: Theme, root: RootView) -> None:
        super().__init__()
        self._root = root
        self._mark = Mark(theme)
        self._label, self._path = Text(role="name"), Text(role="mono")
        self._means, self._watched = Text(role="dim"), Text(role="dim")
        self._late, self._problem = Problem(theme, "busy"), Problem(theme)
        self.read_only = Switch(theme, "")
        self.read_only.clicked.connect(self._wish_mode)
        self.remove = button(words.REMOVE, lambda: self.removal_wanted.emit(self._root))
        self.column.addLayout(row_of(self._mark, self._label, Text(words.READ_ONLY, "dim"), self.read_only, stretch=1))
        for widget in (self._path, self._means, self._watched, self._late, self._problem, ButtonRow(self.remove)):
            self.column.addWidget(widget)
        self.show_value(root)

    def show_value(self, root: RootView) -> None:
        self._root = root
        read_only = root.mode is RootMode.READ_ONLY
        shape, tone = (Shape.TRIANGLE, "problem") if root.problem else (Shape.FULL, "ok")
        self._mark.set_shape(shape, tone)
        self._label.setText(root.label)
        self._path.setText(root.path)
        self._means.setText(words.CAN_READ if read_only else words.CAN_WRITE)
        self._means.setVisible(not root.problem)
        self._watched.setText(words.watched_by(root.subscribers))
        self._watched.setVisible(bool(root.subscribers))
        self._late.say(said(root.late))
        self._problem.say(said(root.problem))
        self.read_only.setChecked(read_only)
        self.read_only.setAccessibleName(words.named(root.label, words.READ_ONLY))
        self.remove.setAccessibleName(words.remove(root.label))

    def _wish_mode(self) -> None:
        wanted = RootMode.READ_WRITE if self.read_only.isChecked() else RootMode.READ_ONLY
        self.mode_wanted.emit(self._root.path, wanted)
