"""How a server runs: when it starts, one process or one for each host, and the limits of its calls."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import ConfigureServer
from ostiary.domain.errors import OstiaryError
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ServerView
from ostiary.ui.asking import Ask
from ostiary.ui.pages import server_words as words
from ostiary.ui.pages.tool_limits import ToolLimits
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.parts.setting import Setting


class ServerFlow(QWidget):
    """Shows the server it was last given; each choice goes to the gateway, which says what holds."""

    def __init__(self, ask: Ask, refused: Callable[[OstiaryError], None]) -> None:
        super().__init__()
        self._ask, self._refused = ask, refused
        self._server: ServerView | None = None
        self.start = DropDown(words.STARTS, StartChoice, words.starts, lambda chosen: self._flow(start=chosen))
        self.isolation = DropDown(words.PROCESSES, Isolation, words.processes, self._isolate)
        self.running = DropDown(
            words.AT_ONCE, words.CALLS_AT_ONCE, words.calls, lambda chosen: self._flow(running=chosen)
        )
        self.timeout = DropDown(
            words.TIMEOUT, words.TIMEOUTS_S, words.seconds, lambda chosen: self._flow(timeout_s=chosen)
        )
        self.idle_stop = DropDown(
            words.IDLE_STOP, words.IDLE_STOPS_S, words.seconds, lambda chosen: self._flow(idle_stop_s=chosen)
        )
        self.waiting = DropDown(words.WAITING, words.MAY_WAIT, words.calls, lambda chosen: self._flow(waiting=chosen))
        self.longest = DropDown(
            words.LONGEST, words.LONGESTS_S, words.seconds, lambda chosen: self._flow(longest_s=chosen)
        )
        self.tools = ToolLimits(lambda limits: self._flow(tool_timeouts_s=limits))
        self._idle = Setting(words.IDLE_STOP, "", self.idle_stop)
        column_in(
            self,
            Setting(words.STARTS, words.STARTS_MEANS, self.start),
            self._idle,
            Setting(words.PROCESSES, "", self.isolation),
            Setting(words.AT_ONCE, words.AT_ONCE_MEANS, self.running),
            Setting(words.WAITING, words.WAITING_MEANS, self.waiting),
            Setting(words.TIMEOUT, words.TIMEOUT_MEANS, self.timeout),
            Setting(words.LONGEST, "", self.longest),
            self.tools,
            spacing=0,
        )

    def show_server(self, server: ServerView) -> None:
        self._server = server
        self.start.show_value(server.flow.start)
        self.isolation.show_value(server.isolation)
        self.running.show_value(server.flow.running)
        self.timeout.show_value(server.flow.timeout_s)
        self.idle_stop.show_value(server.flow.idle_stop_s)
        self._idle.setVisible(server.flow.start is StartChoice.ON_DEMAND)
        self.waiting.show_value(server.flow.waiting)
        self.longest.show_value(server.flow.longest_s)
        self.tools.show_server(server)

    def _isolate(self, isolation: Isolation) -> None:
        self._configure(lambda server: ConfigureServer(name=server.name, isolation=isolation))

    def _flow(self, **fields: object) -> None:
        def command(server: ServerView) -> ConfigureServer:
            flow: Flow = msgspec.structs.replace(server.flow, **fields)
            return ConfigureServer(name=server.name, flow=flow)

        self._configure(command)

    def _configure(self, command: Callable[[ServerView], ConfigureServer]) -> None:
        if self._server is not None:
            self._ask(command(self._server), self.show_server, self._refused)
