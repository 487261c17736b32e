"""The real tray application, measuring its own page Activity; what it found goes to stdout as JSON."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import psutil
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from ostiary.control import codec
from ostiary.domain.approval import Decision
from ostiary.domain.call import CallFilter, CallRow, DecidedBy, Outcome
from ostiary.domain.events import Calls
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import LinkState
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.theme import ROW_HEIGHT
from tests.bench.window import make_front

WITHIN_S: Final = 60.0
A_MESSAGE: Final = 200
"""Calls that the gateway tells at once when it is busy."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds; a stall is the longest time between two turns of the event loop."""

    lines: int
    first_s: float
    whole_s: float
    jumps_s: list[float]
    search_s: float
    search_stall_s: float
    charts_s: float
    arrival_s: float
    arrival_stall_s: float
    resident_bytes: int


class Bench:
    """One page, and a clock beside the event loop."""

    def __init__(self, app: QApplication, front: Application) -> None:
        self._app = app
        self._front = front
        self.page: ActivityPage = front.activity

    def until(self, holds: Callable[[], bool]) -> tuple[float, float]:
        """Turn the event loop until it holds. Gives how long that took, and the longest turn."""
        began = last = time.perf_counter()
        longest = 0.0
        while not holds():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
            if now - began > WITHIN_S:
                raise TimeoutError("it did not come to that")
        return time.perf_counter() - began, longest

    def measure(self, events: int, jumps: int) -> Measured:
        page = self.page
        page.restart()
        first_s, _ = self.until(self.is_painted)
        rest_s, _ = self.until(lambda: page.feed.is_quiet)
        jumps_s = [self.jump() for _ in range(jumps)]
        page.filters.search_for("nowhere to be found")
        search_s, search_stall_s = self.until(lambda: page.model.filter.anywhere != "" and page.feed.is_quiet)
        page.filters.clear()
        self.until(lambda: page.model.filter == CallFilter() and page.feed.is_quiet)
        lines = page.model.rowCount()
        arrival_s, arrival_stall_s = self.arrive(events)
        page.charts_button.click()
        charts_s, _ = self.until(lambda: page.charts.is_counted)
        return Measured(
            lines=lines,
            first_s=first_s,
            whole_s=first_s + rest_s,
            jumps_s=jumps_s,
            search_s=search_s,
            search_stall_s=search_stall_s,
            charts_s=charts_s,
            arrival_s=arrival_s,
            arrival_stall_s=arrival_stall_s,
            resident_bytes=psutil.Process().memory_info().rss,
        )

    def is_painted(self) -> bool:
        """True when every line in view is here."""
        table, model = self.page.table, self.page.model
        first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
        return first >= 0 and all(model.line_at(line) for line in range(first, (last if last >= 0 else first) + 1))

    def jump(self) -> float:
        """To any place, until what is there can be read."""
        bar = self.page.table.verticalScrollBar()
        began = time.perf_counter()
        bar.setValue(random.randrange(self.page.model.rowCount()) * ROW_HEIGHT)
        self.until(self.is_painted)
        self.page.table.viewport().repaint()
        return time.perf_counter() - began

    def arrive(self, events: int) -> tuple[float, float]:
        """Calls come in as fast as lines can be read."""
        page = self.page
        page.table.follow()
        self.until(lambda: page.feed.is_quiet)
        goal = page.model.calls + events
        lines = iter(_told(page.newest + 1, events))

        def come() -> bool:
            if (line := next(lines, None)) is not None:
                self._front.link.happened.emit(codec.decode_from_gateway(line))
            return page.model.calls >= goal

        return self.until(come)


def _told(first: int, events: int) -> list[bytes]:
    """What the gateway would send."""
    rows = [
        CallRow(
            id=number,
            started_at=time.time(),
            host="cursor",
            server="files",
            method="tools/call",
            tool=("read_text_file", "edit_file")[number % 2],
            item=f"~/Projects/{number}",
            decision=Decision.ALLOW,
            decided_by=DecidedBy.DEFAULT,
            outcome=Outcome.RUNNING,
        )
        for number in range(first, first + events)
    ]
    return [codec.encode_event(Calls(rows=tuple(rows[at : at + A_MESSAGE]))) for at in range(0, len(rows), A_MESSAGE)]


def main(folder: Path, events: int, jumps: int) -> int:
    """Measure once and end."""
    app = QApplication(["ostiary"])
    app.setQuitOnLastWindowClosed(False)
    front = make_front(app, folder)
    bench = Bench(app, front)
    front.open()
    bench.until(lambda: front.mirror.loaded)
    front.window.show_page(front.activity)
    front.window.bring_up()
    measured = bench.measure(events, jumps)
    front.quit()
    bench.until(lambda: front.link.state is LinkState.ENDED)
    front.close()
    sys.stdout.buffer.write(msgspec.json.encode(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
