"""The arguments of a call, each complete: short ones as they are, long ones behind a line that opens them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from PySide6.QtWidgets import QWidget

from ostiary.domain.approval import Argument
from ostiary.ui.approval import spoken, wording
from ostiary.ui.approval.expander import Expander
from ostiary.ui.approval.json_text import indent_json, looks_like_json
from ostiary.ui.approval.labels import dim
from ostiary.ui.approval.lines import text_lines
from ostiary.ui.approval.lines_view import LinesView, framed
from ostiary.ui.parts.column import column_in
from ostiary.ui.theme import SPACE_S, SPACE_XS, Theme

COLUMNS: Final = 60
"""Characters across; a longer row goes on below, so that reading needs no scrolling sideways."""
SHORT_ROWS: Final = 8
"""Values up to this high stand open."""
OPEN_ROWS: Final = 16
"""How high an opened long value is; the rest scrolls."""
SHOWN_AT_ONCE: Final = 40
"""Arguments beyond these come when their line is opened."""

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://|[^\s@]+@[^\s@]+\.", re.IGNORECASE)


def by_weight(arguments: Iterable[Argument]) -> list[Argument]:
    """Paths first, then addresses, then the rest, each in the order given. *Approvals, §3 rule 9.*"""
    return sorted(arguments, key=lambda argument: 0 if argument.is_path else 1 if _ADDRESS.match(argument.text) else 2)


class ArgumentsView(QWidget):
    """All arguments, one below the other. Their names are ``wording.arguments``."""

    def __init__(self, theme: Theme, arguments: tuple[Argument, ...]) -> None:
        super().__init__()
        column = column_in(self, spacing=SPACE_S)
        ordered = tuple(by_weight(arguments))
        for argument in ordered[:SHOWN_AT_ONCE]:
            column.addWidget(_value(theme, argument))
        if rest := ordered[SHOWN_AT_ONCE:]:
            column.addWidget(Expander(wording.more_arguments(len(rest)), lambda: ArgumentsView(theme, rest)))


def _value(theme: Theme, argument: Argument) -> QWidget:
    name = argument.name
    text = indent_json(argument.text) if looks_like_json(argument.text) else argument.text
    lines = text_lines(text, COLUMNS)
    box = QWidget()
    column = column_in(box, dim(theme, name), spacing=SPACE_XS)
    if len(lines) <= SHORT_ROWS:
        column.addWidget(framed(LinesView(theme, lines, name, SHORT_ROWS)))
        return box
    first = framed(LinesView(theme, lines[:SHORT_ROWS], spoken.beginning(name), SHORT_ROWS))
    whole = Expander(
        wording.all_characters(len(argument.text)), lambda: framed(LinesView(theme, lines, name, OPEN_ROWS))
    )
    whole.button.toggled.connect(first.setHidden)
    column.addWidget(first)
    column.addWidget(whole)
    return box
