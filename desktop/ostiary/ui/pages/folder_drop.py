"""What a person drags onto the page of folders: which folders it holds, and why the rest of it cannot be added."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDropEvent

from ostiary.ui.pages import folder_words as words
from ostiary.ui.visible import reveal_line

HARMLESS: Final = (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction)
"""Never a move, though file browsers propose one: where it came from would take it away."""


@dataclass(frozen=True, slots=True)
class Dragged:
    """``folders`` are paths. ``refusal`` is a sentence about the first thing that is none; empty where all are."""

    folders: tuple[str, ...]
    refusal: str

    @property
    def told(self) -> str:
        """What letting go would do."""
        names = tuple(reveal_line(Path(path).name or path) for path in self.folders)
        return words.let_go(names) if names else self.refusal


def read(dragged: QMimeData) -> Dragged:
    """Look at the paths on the disk. Texts, pictures and what lies on other computers are no folders."""
    paths = [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
    refusals = [_refusal(path) for path in paths if not path.is_dir()]
    if not paths or len(paths) < len(dragged.urls()):
        refusals.append(words.ONLY_FOLDERS)
    return Dragged(tuple(str(path) for path in paths if path.is_dir()), next(iter(refusals), ""))


def accept(event: QDropEvent) -> None:
    """Let it come, or take it, in a way that leaves it where it is; ignored where whoever gives it offers none."""
    offered = [action for action in HARMLESS if action & event.possibleActions()]
    if offered:
        event.setDropAction(offered[0])
        event.accept()
    else:
        event.ignore()


def _refusal(path: Path) -> str:
    told = words.not_a_folder if path.exists() else words.nothing_there
    return told(reveal_line(str(path)))
