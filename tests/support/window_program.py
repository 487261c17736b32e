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

from ostiary.domain.approval import Question, QuestionEnd
from ostiary.domain.events import QuestionClosed, QuestionOpened
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.try_it import TryIt
from tests.support.own_settings import own_settings
from tests.ui import approval_cases as cases

NAME = "ostiary-window"
QUESTIONS = {
    "changed_tool": (cases.changed_tool(40),),
    "widen": (cases.widen(41),),
    "group": tuple(map(cases.edit, (42, 43, 44))),
}


class Program:
    """``page 3``, ``server github``, ``call 2``, ``prompt 1``, ``later``, ``start``: what is shown.

    ``ask widen`` has the ``QUESTIONS`` of that name come, until ``withdraw`` or ``later``; ``project cursor`` shows
    what it takes to connect that host in a project's folder.

    ``press Add a server`` presses a button, ``open Language`` unfolds a list, ``key Right`` and ``close`` are for
    what is unfolded.
    """

    def __init__(self, app: QApplication, folder: Path) -> None:
        theme = Theme()
        theme.apply(app, Scheme.LIGHT)
        link = GatewayLink(sys.executable, ("-m", "tests.support.fake_gateway"), folder / "gateway.err")
        self._application = Application(theme, link, own_settings(folder), TryIt((sys.executable, "-c", "")))
        self._asked: tuple[Question, ...] = ()
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
            case "ask":
                self._ask(what)
            case "withdraw":
                self._withdraw()
            case "later":
                self._withdraw()
                shown.prompt.hide()
            case "project":
                row = shown.hosts.page.rows.row(what)
                assert isinstance(row, HostRow)
                row.plan_in("/home/robin/Projects/website")
            case "press":
                return _press(what)
            case "open":
                return _open(what)
            case "key":
                return _key(what)
            case _:
                return _close()
        return True

    def _ask(self, name: str) -> None:
        self._asked = QUESTIONS[name]
        for question in self._asked:
            self._application.mirror.take_event(QuestionOpened(question=question))
        self._application.prompt.review(self._asked[0].id)

    def _withdraw(self) -> None:
        for question in self._asked:
            self._application.mirror.take_event(QuestionClosed(id=question.id, end=QuestionEnd.WITHDRAWN))
        self._asked = ()


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
