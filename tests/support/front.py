"""The whole window over the fake gateway, with a hand to click and a record of what the gateway was asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ostiary.control import codec
from ostiary.control.messages import AnyCommand, IndexCalls, ListServers, Subscribe
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary.ui.theme import Theme
from ostiary.ui.try_it import TryIt
from tests.support.own_settings import own_settings

W = TypeVar("W", bound=QWidget)
END_TIMEOUT_MS = 20_000


class Front:
    """``application`` is the real one; ``try_it`` starts a program that says nothing until it is given up."""

    def __init__(self, qtbot: QtBot, theme: Theme, folder: Path, *options: str) -> None:
        self._qtbot = qtbot
        self._record = folder / "commands"
        arguments = ("-m", "tests.support.fake_gateway", "--record", str(self._record), *options)
        link = GatewayLink(sys.executable, arguments, folder / "gateway.err")
        self.folder = folder
        self.try_it = TryIt((sys.executable, "-c", "import sys; sys.stdin.read()"))
        self.application = Application(theme, link, own_settings(folder), self.try_it)
        self.window = self.application.window

    def open(self) -> None:
        """Until the window shows what the gateway told."""
        self.application.open()
        self._qtbot.waitUntil(lambda: self.application.mirror.loaded)
        self.application.prompt.hide()
        with self._qtbot.waitExposed(self.window):
            self.window.show()

    def show_place(self, place: int) -> None:
        self.window.show_place(place)

    def close(self) -> None:
        self.application.quit()
        self._qtbot.waitUntil(lambda: self.application.link.state is LinkState.ENDED, timeout=END_TIMEOUT_MS)
        self.application.close()

    @property
    def asked(self) -> list[AnyCommand]:
        """What the gateway was asked, but for the first subscription and what the window asks by the clock."""
        lines = self._record.read_bytes().splitlines() if self._record.exists() else []
        commands = [codec.decode_command(line).command for line in lines]
        return [command for command in commands if not isinstance(command, Subscribe | ListServers | IndexCalls)]

    def wait_asked(self, command: AnyCommand) -> None:
        self._qtbot.waitUntil(lambda: command in self.asked)

    def wait(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds)

    def click(self, widget: QWidget) -> None:
        """A real press and release in its middle; it must be there to be clicked."""
        assert widget.isVisible(), f"{widget.accessibleName()!r} is not visible"
        assert widget.isEnabled(), f"{widget.accessibleName()!r} is not enabled"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, widget: QWidget, key: Qt.Key) -> None:
        widget.setFocus()
        QTest.keyClick(widget, key)

    def button(self, within: QWidget, text: str) -> QPushButton:
        """The visible button that says ``text``."""
        found = [one for one in within.findChildren(QPushButton) if one.text() == text and one.isVisible()]
        assert len(found) == 1, f"{len(found)} buttons say {text!r}"
        return found[0]

    def words(self, within: QWidget) -> str:
        """Every text a person can read in there now."""
        return "\n".join(_text(widget) for widget in within.findChildren(QWidget) if widget.isVisible())


def _text(widget: QWidget) -> str:
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QLineEdit):
        return widget.displayText()
    return widget.text() if isinstance(widget, QLabel | QPushButton) else ""
