"""A folder dragged from another program with the mouse of the X server, and dropped on the page of folders."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AddRoot
from ostiary.ui.pages import folder_words as words
from ostiary.ui.theme import SPACE_S
from tests.support.desktop import Screenshot, Xdotool
from tests.support.folder_giver import MIDDLE, WAIT_MS, FolderGiver
from tests.support.front import Front
from tests.support.keys import looks

pytestmark = pytest.mark.desktop

FOLDERS = 2
FRAME_X = SPACE_S


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One whose name has what a person may write."""
    made = tmp_path / "A folder & more, %20 – ä"
    made.mkdir()
    return made


@pytest.fixture
def giver(qtbot: QtBot, front: Front, folder: Path) -> Iterator[FolderGiver]:
    """It lies in the corner, beside the window."""
    front.window.move(200, 150)
    qtbot.waitUntil(front.window.isActiveWindow)
    giver = FolderGiver(qtbot, folder)
    yield giver
    giver.end()


def drag(qtbot: QtBot, giver: FolderGiver, xdotool: Xdotool, onto: QWidget) -> None:
    """Take the folder up, and carry it about there until it is wanted."""
    xdotool("mousemove", *MIDDLE, "mousedown", 1)
    xdotool("mousemove_relative", 15, 5)
    qtbot.waitUntil(lambda: "dragged" in giver.said, timeout=WAIT_MS)
    carry(qtbot, xdotool, onto, lambda: "CopyAction" in giver.said)


def carry(qtbot: QtBot, xdotool: Xdotool, onto: QWidget, until: Callable[[], bool]) -> None:
    """About there, as a hand does that is not quite still."""
    end = onto.mapToGlobal(onto.rect().center())
    shakes = itertools.cycle((-1, 1))

    def is_so() -> bool:
        xdotool("mousemove", end.x() + next(shakes), end.y())
        return until()

    qtbot.waitUntil(is_so, timeout=WAIT_MS)


def rows_that_differ(one: QImage, other: QImage) -> int:
    """Down the line on which the left side of the frame is."""
    return sum(one.pixel(FRAME_X, y) != other.pixel(FRAME_X, y) for y in range(one.height()))


def test_a_folder_that_is_dropped_on_the_page_is_added(
    qtbot: QtBot, front: Front, giver: FolderGiver, folder: Path, xdotool: Xdotool, screenshot: Screenshot
) -> None:
    front.show_place(FOLDERS)
    page = front.application.folders.page
    drag(qtbot, giver, xdotool, page)
    assert f"Let go to add the folder {folder.name}." in front.words(page)
    screenshot("folder-dragged")
    xdotool("mouseup", 1)
    qtbot.waitUntil(lambda: "dropped" in giver.said, timeout=WAIT_MS)
    front.wait_asked(AddRoot(path=str(folder)))
    front.wait(lambda: str(folder) in front.words(page))
    assert "Let go" not in front.words(page)


def test_the_page_is_framed_while_something_is_over_it_and_says_in_words_what_would_come_of_it(
    qtbot: QtBot, front: Front, giver: FolderGiver, folder: Path, xdotool: Xdotool, screenshot: Screenshot
) -> None:
    front.show_place(FOLDERS)
    page = front.application.folders.page
    folder.rmdir()
    before = looks(page)
    drag(qtbot, giver, xdotool, page)
    told = words.nothing_there(str(folder))
    assert told in front.words(page)
    assert rows_that_differ(before, looks(page)) > page.height() // 2
    screenshot("no-folder-dragged")
    xdotool("mousemove", *MIDDLE)
    front.wait(lambda: told not in front.words(page))
    assert rows_that_differ(before, looks(page)) == 0

    carry(qtbot, xdotool, page, lambda: told in front.words(page))
    xdotool("mouseup", 1)
    front.wait(page.drop_mark.isHidden)
    assert told in front.words(page)
    assert front.asked == []
