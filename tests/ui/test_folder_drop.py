"""A folder dragged from another program with the mouse of the X server, and dropped on the page of folders."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AddRoot
from tests.support.desktop import Screenshot, Xdotool
from tests.support.folder_giver import MIDDLE, WAIT_MS, FolderGiver
from tests.support.front import Front

pytestmark = pytest.mark.desktop

FOLDERS = 2


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
    end = onto.mapToGlobal(onto.rect().center())
    shakes = itertools.cycle((-1, 1))
    xdotool("mousemove", *MIDDLE, "mousedown", 1)
    xdotool("mousemove_relative", 15, 5)
    qtbot.waitUntil(lambda: "dragged" in giver.said, timeout=WAIT_MS)

    def is_wanted() -> bool:
        xdotool("mousemove", end.x() + next(shakes), end.y())
        return "CopyAction" in giver.said

    qtbot.waitUntil(is_wanted, timeout=WAIT_MS)


def test_a_folder_that_is_dropped_on_the_page_is_added(
    qtbot: QtBot, front: Front, giver: FolderGiver, folder: Path, xdotool: Xdotool, screenshot: Screenshot
) -> None:
    front.show_place(FOLDERS)
    page = front.application.folders
    drag(qtbot, giver, xdotool, page)
    screenshot("folder-dragged")
    xdotool("mouseup", 1)
    qtbot.waitUntil(lambda: "dropped" in giver.said, timeout=WAIT_MS)
    front.wait_asked(AddRoot(path=str(folder)))
    front.wait(lambda: str(folder) in front.words(page))
