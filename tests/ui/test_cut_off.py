"""What the pictures' tests rest on: words that have too little room, and what stands past an edge, are found."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ostiary.ui.parts.text import Text
from tests.support.cut_off import cut_off

SENTENCE = "Nobody answered means no. A host that gives up earlier shortens the time."
ROOM = 200, 100


@pytest.mark.parametrize(
    ("place", "is_cut"),
    [
        ((0, 0, 200, 100), False),
        ((0, 0, 200, 16), True),
        ((40, 0, 200, 100), True),
        ((-10, 0, 200, 100), True),
    ],
)
def test_a_sentence_is_cut_off_below_and_at_both_sides(
    qtbot: QtBot, dressed: object, place: tuple[int, int, int, int], is_cut: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    Text(SENTENCE, parent=window).setGeometry(*place)
    window.resize(*ROOM)
    window.show()
    assert bool(cut_off(window)) is is_cut


@pytest.mark.parametrize(("width", "is_cut"), [(180, False), (40, True)])
def test_a_button_is_cut_off_that_is_narrower_than_its_words(
    qtbot: QtBot, dressed: object, width: int, is_cut: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QPushButton("Write this change", window).setGeometry(0, 0, width, 40)
    window.resize(*ROOM)
    window.show()
    assert bool(cut_off(window)) is is_cut
