"""The real window over the fake gateway, as a program of its own, so that a screen reader can look at it from outside.

Run with a folder for its files. Each line on stdin is a step of ``Program``, its name and an argument; "done" on stdout
says that it was taken. It runs until it is ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QAbstractButton, QApplication

from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.try_it import TryIt
from tests.support.own_settings import own_settings

NAME = "ostiary-window"


class Program:
    """``page 3``, ``server github``, ``press Add a server``, ``call 2``, ``prompt 1``, ``later``, ``start``."""

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
        self._take(*line.partition(" ")[::2])
        print("done", flush=True)

    def _take(self, step: str, what: str) -> None:
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
            case _:
                _press(what)


def _press(name: str) -> None:
    buttons = [widget for widget in QApplication.allWidgets() if isinstance(widget, QAbstractButton)]
    next(one for one in buttons if one.isVisible() and one.accessibleName() == name).click()


def main() -> None:
    app = QApplication([NAME])
    app.setApplicationName(NAME)
    app.setQuitOnLastWindowClosed(False)
    program = Program(app, Path(sys.argv[1]))
    app.exec()
    del program


if __name__ == "__main__":
    main()
