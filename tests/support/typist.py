"""Another program that the person types into."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

PROGRAM: Final = """
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit


class Field(QPlainTextEdit):
    def contextMenuEvent(self, event):
        self.menu = QMenu(self)
        for word in ("one", "two", "three"):
            self.menu.addAction(word)
        self.menu.aboutToShow.connect(lambda: print("menu", flush=True))
        self.menu.aboutToHide.connect(lambda: print("menu gone", flush=True))
        self.menu.triggered.connect(lambda action: print("chosen", action.text(), flush=True))
        self.menu.popup(event.globalPos())


app = QApplication([])
field = Field()
field.textChanged.connect(lambda: print(repr(field.toPlainText()), flush=True))
app.focusChanged.connect(lambda old, new: print("focus" if new is field else "lost", flush=True))
field.resize(300, 200)
field.show()
app.exec()
"""
WAIT_MS: Final = 20_000


class Typist:
    """Has the keyboard as soon as it is made. ``said`` is what it tells: its text after each key, focus, menu."""

    def __init__(self, qtbot: QtBot) -> None:
        self._process = QProcess()
        self._process.start(sys.executable, ["-c", PROGRAM])
        self.said: list[str] = []
        self._process.readyReadStandardOutput.connect(self._read)
        qtbot.waitUntil(lambda: "focus" in self.said, timeout=WAIT_MS)

    def has(self, text: str) -> bool:
        """Whether it has got exactly this text, at some time."""
        return repr(text) in self.said

    def end(self) -> None:
        """End the program."""
        self._process.terminate()
        self._process.waitForFinished()

    def _read(self) -> None:
        self.said += bytes(self._process.readAllStandardOutput().data()).decode().splitlines()
