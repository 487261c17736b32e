"""A person's desk: the real window over the real gateway in a household of its own, a mouse, and hosts on the side."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ostiary.domain.server import ServerState, ServerView
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.theme import Theme
from ostiary.ui.try_it import TryIt
from tests.support.desktop import Xdotool
from tests.support.gateway_process import OSTIARY, Household
from tests.support.host_program import HostProgram
from tests.support.own_settings import own_settings
from tests.support.shims import SHIM

WAIT_MS: Final = 20_000


class Desk:
    """The window lives in the test's process, so that a test knows where a button is; the mouse is the X server's."""

    def __init__(self, qtbot: QtBot, theme: Theme, place: Household, xdotool: Xdotool) -> None:
        """Cursor has been here before: its folder exists in the household's home."""
        self._qtbot, self._xdotool, self._place = qtbot, xdotool, place
        self.cursor_file = place.person / ".cursor" / "mcp.json"
        self.cursor_file.parent.mkdir()
        moved = (f"HOME={place.person}", f"OSTIARY_HOME={place.ostiary}")
        command = ("-u", "XDG_CONFIG_HOME", *moved, OSTIARY, "--headless", "--front-stdio")
        link = GatewayLink("env", command, place.ostiary / "gateway.err")
        shim = (SHIM, "--no-start", "--home", str(place.ostiary))
        self.application = Application(theme, link, own_settings(place.ostiary), TryIt(shim))
        self.window, self.prompt = self.application.window, self.application.prompt
        self._hosts: list[HostProgram] = []

    def open(self) -> None:
        """Until the window shows what the gateway told."""
        self.application.open()
        self.wait(lambda: self.application.mirror.loaded)
        self.window.bring_up()
        self.wait(self.window.isActiveWindow)  # the window manager has put it in its place by then

    def close(self) -> None:
        """The hosts end, and the person quits."""
        for host in self._hosts:
            host.close()
        self.application.quit()
        self.wait(lambda: self.application.link.state is LinkState.ENDED)
        self.application.close()

    def wait(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=WAIT_MS)

    def click(self, widget: QWidget) -> None:
        """Press the mouse where the widget is, once it can be pressed; the X server decides what lies there."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled())
        middle = self._middle_at_rest(widget)
        self._xdotool("mousemove", middle.x(), middle.y(), "click", 1)

    def _middle_at_rest(self, widget: QWidget) -> QPoint:
        """Where on the screen the middle of a widget is, scrolled into view, once the layout around it is done."""
        seen: list[QPoint] = []

        def rests() -> bool:
            _scroll_to(widget)
            seen.append(widget.mapToGlobal(widget.rect().center()))
            whole = widget.visibleRegion().boundingRect() == widget.rect()
            return whole and seen[-3:] == [seen[-1]] * 3

        self.wait(rests)
        return seen[-1]

    def type(self, text: str) -> None:
        """On the keyboard, to whatever has it."""
        self._xdotool("type", text)

    def press(self, key: str) -> None:
        """A key by its X name."""
        self._xdotool("key", key)

    def switch_files(self, state: ServerState) -> None:
        """Click the switch of the bundled server, and wait for what it does."""
        self.window.show_page(self.application.servers)
        self.click(self.application.servers.page.row("files").switch)
        self.wait(lambda: self.files.state is state)

    def connect_cursor(self) -> None:
        """Let the window write Cursor's file."""
        self.window.show_page(self.application.hosts)
        self.click(self.cursor.connect_button)
        self.click(self.cursor.plan.write)
        self.wait(self.cursor_file.exists)

    @property
    def files(self) -> ServerView:
        """The bundled server as the window knows it."""
        return next(server for server in self.application.mirror.servers if server.name == "files")

    @property
    def cursor(self) -> HostRow:
        """Cursor's row on the page of hosts."""
        row = self.application.hosts.page.rows.row("cursor")
        assert isinstance(row, HostRow)
        return row

    def start_cursor(self, era: str = "auto") -> HostProgram:
        """Cursor starts what its file says, with next to nothing in the environment."""
        entry = json.loads(self.cursor_file.read_text())["mcpServers"]["ostiary"]
        environment = {"HOME": str(self._place.person), "PATH": "/usr/bin:/bin"}
        self._hosts.append(HostProgram(entry, environment, era))
        return self._hosts[-1]

    def folder(self, name: str, **files: str) -> Path:
        """A folder in the person's home, with these files."""
        made = self._place.person / name
        made.mkdir()
        for file, text in files.items():
            (made / file).write_text(text)
        return made


def _scroll_to(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
