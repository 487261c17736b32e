"""How a server runs: when it starts, one process or one for each host, and the limits of its calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import ConfigureServer
from ostiary.domain.errors import OstiaryError
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ServerView
from ostiary.ui.asking import Ask
from ostiary.ui.pages import server_words as words
from ostiary.ui.pages.tool_limits import LIKE_THE_OTHERS, ToolLimits
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.parts.setting import Setting


class ServerFlow(QWidget):
    """Shows the server it was last given; each choice goes to the gateway, which says what holds.

    A choice that comes before the answer to the last one builds on that: all limits travel together.
    """

    def __init__(self, ask: Ask, refused: Callable[[str, OstiaryError], None]) -> None:
        """``refused`` is told the name of the server too."""
        super().__init__()
        self._ask, self._refused = ask, refused
        self._server: ServerView | None = None
        self._wished = 0
        self._wanted: Flow | None = None
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
        self.tools = ToolLimits(self._limit)
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
        if self._server is None or server.name != self._server.name:
            self._wanted = None
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
        if self._server is not None:
            self._configure(ConfigureServer(name=self._server.name, isolation=isolation))

    def _flow(self, **fields: object) -> None:
        if self._server is not None:
            self._wanted = msgspec.structs.replace(self._wanted or self._server.flow, **fields)
            self._configure(ConfigureServer(name=self._server.name, flow=self._wanted))

    def _limit(self, tool: str, limit_s: float) -> None:
        if self._server is not None:
            kept = (self._wanted or self._server.flow).tool_timeouts_s
            limits = {name: limit for name, limit in {**kept, tool: limit_s}.items() if limit != LIKE_THE_OTHERS}
            self._flow(tool_timeouts_s=limits)

    def _configure(self, wish: ConfigureServer) -> None:
        self._wished += 1
        number = self._wished
        self._ask(wish, partial(self._configured, number), partial(self._not_configured, number, wish.name))

    def _configured(self, number: int, server: ServerView) -> None:
        self._end_wish(number)
        if self._server is not None and server.name == self._server.name:  # else another one is shown by now
            self.show_server(server)

    def _not_configured(self, number: int, name: str, error: OstiaryError) -> None:
        self._end_wish(number)
        self._refused(name, error)

    def _end_wish(self, number: int) -> None:
        if number == self._wished:
            self._wanted = None
