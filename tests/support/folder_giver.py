"""Another program from which the person drags a folder: a file browser with one folder in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

PROGRAM: Final = """
import sys
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel


class Folder(QLabel):
    def mouseMoveEvent(self, event):
        dragged = QMimeData()
        dragged.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag = QDrag(self)
        drag.setMimeData(dragged)
        drag.actionChanged.connect(lambda action: print(action.name, flush=True))
        print("dragged", flush=True)
        print("dropped" if drag.exec(Qt.DropAction.CopyAction) else "kept", flush=True)


app = QApplication([])
folder = Folder("A folder")
folder.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint)
folder.setGeometry(0, 0, 100, 60)
folder.show()
print("there", flush=True)
app.exec()
"""
WAIT_MS: Final = 20_000
MIDDLE: Final = (50, 30)
"""Where the folder lies, in pixels of the screen."""


class FolderGiver:
    """``said`` is what it tells: that it is there, that the folder is dragged, what would become of it below
    the pointer (``CopyAction`` where it is wanted), and what did.
    """

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._process = QProcess()
        self._process.start(sys.executable, ["-c", PROGRAM, str(folder)])
        self.said: list[str] = []
        self._process.readyReadStandardOutput.connect(self._read)
        qtbot.waitUntil(lambda: "there" in self.said, timeout=WAIT_MS)

    def end(self) -> None:
        """End the program."""
        self._process.terminate()
        self._process.waitForFinished()

    def _read(self) -> None:
        self.said += bytes(self._process.readAllStandardOutput().data()).decode().split()
