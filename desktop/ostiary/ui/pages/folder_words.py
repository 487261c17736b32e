"""What the page of folders says of things that are dragged onto it."""

from __future__ import annotations

from typing import Final

from ostiary.ui.language import tr, tr_n

ONLY_FOLDERS: Final = tr("Only folders on this computer can be added, and this is none.")


def let_go(names: tuple[str, ...]) -> str:
    """What a drop would do with the folders of these names."""
    told = tr_n("Let go to add the folder {name}.", "Let go to add {n} folders.", len(names))
    return told.format(n=len(names), name=names[0])


def not_a_folder(path: str) -> str:
    return tr("Only folders can be added, and this is a file: {path}").format(path=path)


def nothing_there(path: str) -> str:
    return tr("Only folders can be added, and there is nothing at {path}").format(path=path)
