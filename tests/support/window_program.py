"""The real window over the fake gateway, as a program of its own, so that a screen reader can look at it from outside.

Run with a folder for its files. Each line on stdin is a step of ``Program``, its name and an argument; "done" on stdout
says that it was taken, "not yet" that there is nothing of that name to take it with. It runs until it is ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.try_it import TryIt
from tests.support.own_settings import own_settings

NAME = "ostiary-window"


class Program:
    """``page 3``, ``server github``, ``call 2``, ``prompt 1``, ``later``, ``start``: what is shown.

    ``press Add a server`` presses a button, ``open Language`` unfolds a list, ``key Right`` and ``close`` are for
    what is unfolded.
    """

    def __init__(self, app: QApplication, folder: Path) -> None:
        theme = Theme()
        theme.apply(app, Scheme.LIGHT)
        link = GatewayLink(sys.executable, ("-m", "tests.support.fake_gateway"), folder / "gateway.err")
        self._application = Application(theme, link, own_settings(folder), TryIt((sys.executable, "-c", "")))
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)
        self._notifier.setEnabled(False)
        self._application.mirror.was_reset.connect(self._opened)
        self._application.open()

    def _opened(self) -> None:
        self._application.prompt.hide()
        self._application.window.show()
        self._notifier.setEnabled(True)

    def _read(self) -> None:
        line = os.read(sys.stdin.fileno(), 4_096).decode().strip()  # one at a time: each waits for the answer
        taken = self._take(*line.partition(" ")[::2])
        print("done" if taken else "not yet", flush=True)

    def _take(self, step: str, what: str) -> bool:
        shown = self._application
        match step:
            case "page":
                shown.window.show_place(int(what))
            case "server":
                shown.servers.page.open_server(what)
            case "call":
                shown.activity.open_call(int(what))
            case "start":
                shown.window.show_start()
            case "prompt":
                shown.prompt.review(int(what))
            case "later":
                shown.prompt.hide()
            case "press":
                return _press(what)
            case "open":
                return _open(what)
            case "key":
                return _key(what)
            case _:
                return _close()
        return True


def _press(name: str) -> bool:
    for widget in QApplication.allWidgets():
        if isinstance(widget, QAbstractButton) and widget.isVisible() and widget.accessibleName() == name:
            enabled = widget.isEnabled()
            widget.click()
            return enabled
    return False


def _open(name: str) -> bool:
    for widget in QApplication.allWidgets():
        if isinstance(widget, QComboBox) and widget.isVisible() and widget.accessibleName() == name:
            widget.showPopup()
            return True
    return False


def _key(name: str) -> bool:
    unfolded = QApplication.activePopupWidget()
    if unfolded is not None:
        QTest.keyClick(unfolded, Qt.Key[f"Key_{name}"])
    return unfolded is not None


def _close() -> bool:
    while (unfolded := QApplication.activePopupWidget()) is not None:
        unfolded.close()
    return True


def main() -> None:
    app = QApplication([NAME])
    app.setApplicationName(NAME)
    app.setQuitOnLastWindowClosed(False)
    program = Program(app, Path(sys.argv[1]))
    app.exec()
    del program


if __name__ == "__main__":
    main()
