"""The servers and tools that one host may see: a row for each server, with its tools folded under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ostiary.domain.host_choice import HostChoice, is_laxer, stricter
from ostiary.domain.server import ServerView, ToolState, ToolView
from ostiary.ui import words as common
from ostiary.ui.pages import host_words
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.choice import Choice
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.fold import fold_sign
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text, plain_tip
from ostiary.ui.theme import SPACE_M, SPACE_XS, Theme
from ostiary.ui.visible import reveal_line

NAME_PX: Final = 120
"""What a tool's name needs beside its states; with less, they stand below it."""


@dataclass(frozen=True, slots=True)
class ToolSeen:
    """A tool of a server as it stands for one host. ``pinned`` is None while the host has no tool search."""

    tool: ToolView
    chosen: ToolState
    pinned: bool | None

    @property
    def state(self) -> ToolState:
        """What holds for this host."""
        return stricter(self.tool.state, self.chosen)


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """A server that is on, as it stands for one host."""

    server: ServerView
    shown: bool
    tools: tuple[ToolSeen, ...]


def seen(servers: tuple[ServerView, ...], choice: HostChoice) -> tuple[ServerSeen, ...]:
    """Pure. The servers that are on, with what was chosen for the host."""
    return tuple(
        ServerSeen(
            server,
            server.name not in choice.hidden_servers,
            tuple(_tool_seen(server.name, tool, choice) for tool in server.tools),
        )
        for server in servers
        if server.enabled
    )


def _tool_seen(server: str, tool: ToolView, choice: HostChoice) -> ToolSeen:
    chosen = choice.tools.get(server, {}).get(tool.own_name, ToolState.ENABLED)
    pinned = tool.own_name in choice.pinned.get(server, ()) if choice.tool_search else None
    return ToolSeen(tool, chosen, pinned)


class HostTree(QWidget):
    """Shows what it is given and reports wishes.

    Signals:
        server_wanted: A server's name, and whether it shall be shown.
        tool_wanted: A server's name, its own name for the tool, and the ``ToolState``.
        pin_wanted: A server's name, its own name for the tool, and whether it shall stay in the list.
    """

    server_wanted = Signal(str, bool)
    tool_wanted = Signal(str, str, object)
    pin_wanted = Signal(str, str, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._host = ""
        self.rows: Rows[ServerSeen] = Rows(lambda one: one.server.name, self._row)
        column_in(self, self.rows)

    def show_servers(self, host: str, servers: tuple[ServerSeen, ...]) -> None:
        """``host`` is what the host is called."""
        self._host = host
        self.rows.show_values(servers)

    def row(self, server: str) -> ServerOfHost:
        """The row of a server that is shown."""
        row = self.rows.row(server)
        assert isinstance(row, ServerOfHost)
        return row

    def take_focus(self) -> None:
        """Move to the first server."""
        for row in self.rows.findChildren(ServerOfHost)[:1]:
            row.opener.setFocus()

    def _row(self, one: ServerSeen) -> QWidget:
        return ServerOfHost(self._theme, self, self._host, one)


class ServerOfHost(Card):
    """A server: what opens its tools (Space, Right and Left), how many are seen, and the switch."""

    def __init__(self, theme: Theme, tree: HostTree, host: str, one: ServerSeen) -> None:
        super().__init__()
        self._tree, self._one = tree, one
        self.opener = _Opener()
        self.opener.setAccessibleName(host_words.tools_of(one.server.title))
        self.opener.toggled.connect(self._show_tools)
        self._count = Text(role="dim")
        self.switch = Switch(theme, host_words.show_to(one.server.title, host))
        self.switch.clicked.connect(self._wish)
        self.tools: Rows[ToolSeen] = Rows(lambda seen: seen.tool.own_name, self._tool_row, spacing=0)
        self.column.addLayout(row_of(self.opener, self._count, self.switch, stretch=1))
        self.column.addWidget(self.tools)
        self.show_value(one)

    def show_value(self, one: ServerSeen) -> None:
        self._one = one
        visible = sum(seen.state is not ToolState.DISABLED for seen in one.tools) if one.shown else 0
        self._count.setText(host_words.shown_of(visible, len(one.tools)) if one.shown else host_words.HIDDEN_HERE)
        self.switch.setChecked(one.shown)
        self._show_tools()

    def tool(self, own_name: str) -> ToolOfHost:
        """The row of a tool, once its server's are open."""
        row = self.tools.row(own_name)
        assert isinstance(row, ToolOfHost)
        return row

    def _show_tools(self) -> None:
        self.opener.say(self._one.server.title)
        self.tools.show_values(self._one.tools if self.opener.isChecked() and self._one.shown else ())

    def _tool_row(self, seen: ToolSeen) -> QWidget:
        return ToolOfHost(self._tree, self._one.server.name, seen)

    def _wish(self) -> None:
        self._tree.server_wanted.emit(self._one.server.name, not self.switch.isChecked())


class ToolOfHost(QWidget):
    """A tool: its name, the three states of which a host may have the stricter ones, and whether it stays listed."""

    def __init__(self, tree: HostTree, server: str, seen: ToolSeen) -> None:
        super().__init__()
        self._tree, self._server, self._seen = tree, server, seen
        self._name, self._why = Text(), Text(role="dim")
        self.choice: Choice[ToolState] = Choice(seen.tool.name, host_words.STATES, host_words.STATES_MEAN)
        self.choice.wishes.made.connect(self._wish)
        self.pin = QPushButton()
        self.pin.setCheckable(True)
        self.pin.setProperty("role", "flat")
        self.pin.clicked.connect(self._wish_pin)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_XS, 0, SPACE_XS)
        column.setSpacing(0)
        column.addLayout(Ends(self._name, self.choice, least_px=NAME_PX))
        column.addLayout(Ends(self._why, self.pin))
        self.show_value(seen)

    def show_value(self, seen: ToolSeen) -> None:
        self._seen = seen
        self._name.setText(seen.tool.name)
        self._name.setToolTip(plain_tip(seen.tool.title))
        strict = seen.tool.state is not ToolState.ENABLED
        self._why.setText(host_words.strict_for_all(seen.tool.state) if strict else "")
        self._why.setVisible(strict or seen.pinned is not None)
        self.choice.show_value(seen.state)
        self.choice.show_possible(state for state in ToolState if not is_laxer(state, seen.tool.state))
        self.pin.setVisible(seen.pinned is not None and seen.state is not ToolState.DISABLED)
        self._show_pinned()

    def _show_pinned(self) -> None:
        self.pin.setChecked(bool(self._seen.pinned))
        self.pin.setText(host_words.PINNED if self._seen.pinned else host_words.PIN)
        self.pin.setAccessibleName(common.named(self._seen.tool.name, self.pin.text()))

    def _wish(self, state: ToolState) -> None:
        """The state of all hosts is no choice of its own: it follows that one."""
        chosen = ToolState.ENABLED if state is self._seen.tool.state else state
        self._tree.tool_wanted.emit(self._server, self._seen.tool.own_name, chosen)

    def _wish_pin(self) -> None:
        self._show_pinned()
        self._tree.pin_wanted.emit(self._server, self._seen.tool.own_name, not self._seen.pinned)


class _Opener(QPushButton):
    """``▸ name``: Space or a click turns it; the arrow to where it points opens, the other closes."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setProperty("role", "flat")
        self.setStyleSheet("text-align: left; padding: 0;")

    def say(self, name: str) -> None:
        plain = reveal_line(name).replace("&", "&&")  # an ampersand in a name is no accelerator
        self.setText(f"{fold_sign(self, opened=self.isChecked())} {plain}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Left:
                self.setChecked((event.key() == Qt.Key.Key_Right) != self.isRightToLeft())
            case _:
                super().keyPressEvent(event)
