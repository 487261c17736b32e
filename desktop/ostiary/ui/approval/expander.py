"""A line that opens what belongs to it: built when it is first opened, so that a long value costs nothing unseen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.focus_order import order_focus
from ostiary.ui.parts.fold import fold_sign
from ostiary.ui.theme import SPACE_XS


class Expander(QWidget):
    """A flat button ``▸ name`` over the widget that ``build`` makes."""

    def __init__(self, name: str, build: Callable[[], QWidget], opened: bool = False) -> None:
        super().__init__()
        self._name = name
        self._build = build
        self._body: QWidget | None = None
        self.button = QPushButton()
        self.button.setProperty("role", "flat")
        self.button.setStyleSheet("text-align: left; padding: 0;")
        self.button.setCheckable(True)
        self.button.setAccessibleName(name)
        self.button.toggled.connect(self._show_body)
        self._column = column_in(self, spacing=SPACE_XS)
        row = QVBoxLayout()
        row.addWidget(self.button)
        self._column.addLayout(row)
        self._show_body(False)
        self.button.setChecked(opened)

    def _show_body(self, opened: bool) -> None:
        self.button.setText(f"{fold_sign(self.button, opened=opened)} {self._name}")
        if opened and self._body is None:
            self._body = self._build()
            self._column.addWidget(self._body)
            order_focus(self)
        if self._body is not None:
            self._body.setVisible(opened)
