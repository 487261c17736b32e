"""A file that the person keeps: where it goes is asked in a dialog that nothing waits for, and it is written whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileDevice, QIODevice, QSaveFile, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

_FOR_THE_PERSON: Final = QFileDevice.Permission.ReadOwner | QFileDevice.Permission.WriteOwner


def ask_where_to_save(parent: QWidget, title: str, name: str, then: Callable[[str], None]) -> None:
    """Open the dialog, with ``name`` in the home folder as its proposal; ``then`` gets the path that was chosen."""
    dialog = QFileDialog(parent, title, str(Path.home() / name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()


def save_whole(path: str, content: bytes) -> str:
    """Write the file for the person alone, whole or not at all; gives why not, or nothing where it was written.

    A disk that knows no permissions (FAT) is no reason to keep nothing.
    """
    file = QSaveFile(path)
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return file.errorString()
    file.setPermissions(_FOR_THE_PERSON)
    file.write(content)
    return "" if file.commit() else file.errorString()
