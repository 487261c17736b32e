"""The second step before *always*: what it would mean, in a sentence, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ostiary.ui.approval import spoken, wording
from ostiary.ui.approval.labels import PlainLabel
from ostiary.ui.parts.column import column_in
from ostiary.ui.theme import SPACE_S, Theme


class AlwaysStep(QWidget):
    """Stands in the place of the answers until the person confirms or goes back.

    Signals:
        confirmed: Yes, for always.
        left: Back to the answers.
    """

    confirmed = Signal()
    left = Signal()

    def __init__(self, theme: Theme, yes: QPushButton, back: QPushButton) -> None:
        super().__init__()
        self.yes, self.back = yes, back
        self._sentence = PlainLabel(theme, "")
        yes.clicked.connect(self.confirmed)
        back.clicked.connect(self.left)
        column = column_in(self, self._sentence, spacing=SPACE_S)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(yes)
        column.addLayout(row)
        self.hide()

    def ask(self, what: str, host: str) -> None:
        """Say what would be allowed for always, to whom."""
        self._sentence.setText(wording.always_means(what, host))
        self.yes.setAccessibleName(spoken.named(wording.ALLOW_ALWAYS, what))
        self.show()
