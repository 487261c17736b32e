"""Where a person finds the first steps again, and what the keyboard does."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from ostiary.ui.approval.wording import ALLOW_KEY, DENY_KEY
from ostiary.ui.language import tr
from ostiary.ui.pages.first_words import OPEN_START
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.setting import section
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_M, SPACE_XS

HELP: Final = tr("Help")
KEYBOARD: Final = tr("With the keyboard")
KEYS: Final = (
    (tr("{first} to {last}"), tr("Show a page, in the order of the side bar.")),
    (tr("/ or {find}"), tr("Search on this page.")),
    (tr("Tab, Shift+Tab"), tr("Go on, go back.")),
    (tr("↑ ↓"), tr("Go from row to row.")),
    (tr("Space"), tr("Switch a server on or off, press a button.")),
    (tr("Enter"), tr("Open a row.")),
    (tr("← →"), tr("Fold and unfold.")),
    (tr("Esc"), tr("Close what is open. A question waits for later.")),
    (f"{DENY_KEY}, {ALLOW_KEY}", tr("In a question, once you have gone into it with Tab: deny, or allow once.")),
)


class HelpSettings(QWidget):
    """Signals:
    start_wanted: The person wants to see the first steps again.
    """

    start_wanted = Signal()

    def __init__(self, pages: int) -> None:
        """``pages`` is how many the side bar has."""
        super().__init__()
        self.start = button(OPEN_START, self.start_wanted.emit)
        column_in(self, section(HELP, ButtonRow(self.start), Text(KEYBOARD, "name"), _keys(pages)))


def _keys(pages: int) -> QWidget:
    """As this system writes its keys."""
    native = QKeySequence.SequenceFormat.NativeText
    names = {
        "first": QKeySequence("Ctrl+1").toString(native),
        "last": QKeySequence(f"Ctrl+{pages}").toString(native),
        "find": QKeySequence(QKeySequence.StandardKey.Find).toString(native),
    }
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE_M)
    grid.setVerticalSpacing(SPACE_XS)
    grid.setColumnStretch(1, 1)
    for row, (keys, meaning) in enumerate(KEYS):
        grid.addWidget(Text(keys.format(**names), "mono"), row, 0)
        grid.addWidget(Text(meaning), row, 1)
    return table
