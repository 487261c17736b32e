"""What is dragged onto the page of folders: what can be added, what is told of the rest, and that nothing is moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from ostiary.ui.pages import folder_drop
from ostiary.ui.pages import folder_words as words

MOVE, COPY, LINK = Qt.DropAction.MoveAction, Qt.DropAction.CopyAction, Qt.DropAction.LinkAction


def dragged(*addresses: str) -> QMimeData:
    made = QMimeData()
    made.setUrls([QUrl(address) for address in addresses])
    return made


def of(path: Path) -> str:
    return QUrl.fromLocalFile(str(path)).toString()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "notes.txt"
    made.touch()
    return made


def test_what_letting_go_would_do_is_told_with_the_folders_name(tmp_path: Path) -> None:
    website, other = tmp_path / "website", tmp_path / "other"
    website.mkdir()
    other.mkdir()
    one, two = folder_drop.read(dragged(of(website))), folder_drop.read(dragged(of(website), of(other)))
    assert (one.told, one.refusal) == ("Let go to add the folder website.", "")
    assert (two.told, two.folders) == ("Let go to add 2 folders.", (str(website), str(other)))


def test_what_is_no_folder_is_told_by_what_it_is(file: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert folder_drop.read(dragged(of(file))).told == words.not_a_folder(str(file))
    assert folder_drop.read(dragged(of(gone))).told == words.nothing_there(str(gone))
    assert folder_drop.read(dragged("https://example.org/site/")).told == words.ONLY_FOLDERS
    text = QMimeData()
    text.setText(str(tmp_path))
    assert folder_drop.read(text).told == words.ONLY_FOLDERS


def test_what_cannot_be_added_is_told_though_a_folder_lies_beside_it(file: Path, tmp_path: Path) -> None:
    both = folder_drop.read(dragged(of(file), of(tmp_path)))
    assert (both.folders, both.refusal) == ((str(tmp_path),), words.not_a_folder(str(file)))
    mixed = folder_drop.read(dragged(of(tmp_path), "https://example.org/site/"))
    assert (mixed.folders, mixed.refusal) == ((str(tmp_path),), words.ONLY_FOLDERS)


def test_a_name_that_hides_characters_shows_them(tmp_path: Path) -> None:
    hostile = tmp_path / "a\u202eb"
    hostile.mkdir()
    assert "\u202e" not in folder_drop.read(dragged(of(hostile))).told


@pytest.mark.parametrize(
    ("offered", "taken"), [(MOVE | COPY, COPY), (MOVE | LINK, LINK), (COPY, COPY), (MOVE, None)], ids=str
)
@pytest.mark.usefixtures("qapp")
def test_what_is_dropped_stays_where_it_was(
    offered: Qt.DropAction, taken: Qt.DropAction | None, tmp_path: Path
) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    folder = dragged(of(tmp_path))
    event = QDropEvent(QPointF(5, 5), offered, folder, left, none)
    folder_drop.accept(event)
    assert (event.dropAction() if event.isAccepted() else None) == taken
