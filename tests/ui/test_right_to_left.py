"""The window from right to left: what leads stands at the right, and what programs read is not turned around."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ostiary.ui.approval.expander import Expander
from ostiary.ui.approval.lines import text_lines
from ostiary.ui.approval.lines_view import LinesView
from ostiary.ui.language import TurnedSentence
from ostiary.ui.pages.server_row import ServerRow
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.sidebar import Sidebar
from ostiary.ui.theme import Theme
from tests.support.front import Front

PLACES = range(9)


@pytest.fixture(autouse=True)
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def left_of(one: QWidget, other: QWidget) -> bool:
    return one.mapToGlobal(QPoint()).x() < other.mapToGlobal(QPoint()).x()


def inked(widget: QWidget) -> tuple[int, int]:
    """The first and the last column that is not the ground's colour."""
    picture: QImage = widget.grab().toImage()
    ground = picture.pixel(0, 0)
    columns = [x for x in range(picture.width()) if any(picture.pixel(x, y) != ground for y in range(picture.height()))]
    return columns[0], columns[-1]


def test_every_page_stands_left_of_the_side_bar(make_front: Callable[..., Front]) -> None:
    front = make_front()
    bar = front.window.findChild(Sidebar)
    assert bar is not None
    for place in PLACES:
        front.show_place(place)
        (shown,) = (page for page in front.window.findChildren(Page) if page.isVisible())
        assert left_of(shown, bar)


def test_a_servers_switch_stands_left_of_its_name(front: Front) -> None:
    row = front.window.findChild(ServerRow)
    assert row is not None
    (switch,) = row.findChildren(Switch)
    name = next(text for text in row.findChildren(Text) if text.text() == "Files")
    assert left_of(switch, name)


def test_words_begin_at_the_right_edge(qtbot: QtBot, dressed: Theme) -> None:
    text = Text("short")
    qtbot.addWidget(text)
    text.resize(300, 20)
    first, last = inked(text)
    assert first > 200
    assert last > 290


@pytest.mark.parametrize("role", ["mono", ""])
def test_a_path_stands_at_the_right_edge_and_is_not_turned_around(qtbot: QtBot, dressed: Theme, role: str) -> None:
    path, shorter = Text("/etc", role), Text("etc", role)
    ends = []
    for text in (path, shorter):
        qtbot.addWidget(text)
        text.resize(100, 20)
        ends.append(text.grab(QRect(90, 0, 10, 20)).toImage())
    assert ends[0] == ends[1]
    assert inked(path)[0] < inked(shorter)[0]


def test_a_path_in_a_sentence_is_read_as_it_is_written(qtbot: QtBot, dressed: Theme) -> None:
    slash, plain = (Text(TurnedSentence("א {path}").format(path=path)) for path in ("/e", "ee"))
    for text in (slash, plain):
        qtbot.addWidget(text)
        text.resize(100, 20)
    assert slash.grab(QRect(85, 0, 15, 20)).toImage() == plain.grab(QRect(85, 0, 15, 20)).toImage()


def test_lines_of_code_begin_at_the_left(qtbot: QtBot, dressed: Theme) -> None:
    view = LinesView(dressed, text_lines("}"), "code", 4)
    qtbot.addWidget(view)
    view.resize(300, 30)
    assert inked(view.viewport())[1] < 100


def test_what_is_closed_points_to_where_the_words_go_on(qtbot: QtBot, dressed: Theme) -> None:
    expander = Expander("More", QWidget)
    qtbot.addWidget(expander)
    assert expander.button.text() == "◂ More"
    expander.button.setChecked(True)
    assert expander.button.text() == "▾ More"
