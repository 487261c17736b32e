"""One setting: its name, its control, and what it means."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.ui.parts.buttons import ButtonRow
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, SPACE_XS


class Setting(QWidget):
    """A switch stands at the end of the name's line; anything wider goes below, and folds where the width is short."""

    def __init__(self, title: str, means: str, *controls: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_XS, 0, SPACE_XS)
        column.setSpacing(SPACE_XS)
        name = Text(title)
        first, *_ = controls
        if isinstance(first, Switch):
            column.addLayout(row_of(name, first, stretch=0))
        else:
            name.setBuddy(first)
            column.addWidget(name)
        self.means = Text(means, "dim")
        column.addWidget(self.means)
        self.means.setVisible(bool(means))
        if not isinstance(first, Switch):
            column.addWidget(ButtonRow(*controls))


def section(title: str, *widgets: QWidget) -> Card:
    """A card of settings that belong together."""
    card = Card()
    card.column.setSpacing(SPACE_S)
    for widget in (Text(title, "title"), *widgets):
        card.column.addWidget(widget)
    return card
