"""Two definitions of a tool: side by side where there is room, otherwise one below the other, and nothing is cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ostiary.ui.approval.lines_view import LinesView
from ostiary.ui.approval.sections import DefinitionsSection
from ostiary.ui.theme import Theme

OLD, NEW = '{"description": "Sends a mail."}', '{"description": "Sends a mail, and one to me."}'


@pytest.mark.parametrize(("width", "beside"), [(700, True), (240, False)])
def test_short_definitions_are_seen_whole_in_every_width(
    qtbot: QtBot, dressed: Theme, width: int, beside: bool
) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    section = DefinitionsSection(dressed, OLD, NEW)
    column.addWidget(section)
    column.addStretch(1)
    qtbot.addWidget(page)
    page.resize(width, 500)
    with qtbot.waitExposed(page):
        page.show()
    old, new = section.findChildren(LinesView)

    def stands() -> bool:
        whole = all(view.verticalScrollBar().maximum() == 0 for view in (old, new))
        return whole and (old.mapTo(page, QPoint()).y() == new.mapTo(page, QPoint()).y()) is beside

    qtbot.waitUntil(stands)
