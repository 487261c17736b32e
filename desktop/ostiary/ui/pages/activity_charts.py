"""Activity in pictures: calls over time, how long tools take, what servers use."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import ChartCalls
from ostiary.domain.call import CallFilter
from ostiary.domain.call_index import CallCharts
from ostiary.domain.errors import OstiaryError
from ostiary.domain.server import ServerView
from ostiary.ui.asking import Ask
from ostiary.ui.charts import words
from ostiary.ui.charts.canvas import Canvas
from ostiary.ui.charts.latency_spans import LatencySpans
from ostiary.ui.charts.memory_lines import MemoryLines
from ostiary.ui.charts.outcome_bars import OutcomeBars
from ostiary.ui.language import told
from ostiary.ui.models.memory_history import MemoryHistory
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.page import scrolling_column
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme

SLOTS: Final = 48
EVERY_MS: Final = 5_000
REST: Final = 10
"""After an answer that took long, so many times as long passes before the next question."""


class CallChartsPane(QWidget):
    """Asks for what it draws while it is seen, and for nothing otherwise."""

    def __init__(self, theme: Theme, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._filter = CallFilter()
        self._titles: Mapping[str, str] = {}
        self._asked_at: float | None = None
        self._charts: CallCharts | None = None
        self.history = MemoryHistory()
        self.over_time = OutcomeBars(theme)
        self.latency = LatencySpans(theme)
        self.memory = MemoryLines(theme)
        self._told = Text("", "dim")
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._count)
        area, column = scrolling_column(words.OVER_TIME)
        column_in(self, area)
        column.addWidget(_card(words.OVER_TIME, self._told, self.over_time))
        column.addWidget(_card(words.LATENCY, Text(words.LATENCY_MEANS, "dim"), self.latency))
        column.addWidget(_card(words.MEMORY, None, self.memory))

    @property
    def is_counted(self) -> bool:
        """True once something was counted and no question is under way."""
        return self._charts is not None and self._asked_at is None

    @property
    def told(self) -> str:
        """What stands above the first chart."""
        return self._told.text()

    def set_filter(self, wanted: CallFilter) -> None:
        """Count what matches from here on."""
        if wanted != self._filter:
            self._filter = wanted
            self._count_if_seen()

    def set_titles(self, titles: Mapping[str, str]) -> None:
        """What servers are called."""
        self._titles = titles
        self._draw()

    def note_servers(self, servers: Iterable[ServerView]) -> None:
        """What servers use now."""
        self.history.note(servers, time.time())
        if self.isVisible():
            self.memory.show_samples(self.history.samples, self._titles)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.memory.show_samples(self.history.samples, self._titles)
        self._count_if_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._again.stop()

    def _count_if_seen(self) -> None:
        if self.isVisible():
            self._count()

    def _count(self) -> None:
        if self._asked_at is not None:
            return  # its answer begins anew where the filter is another by then
        self._asked_at = time.monotonic()
        asked = self._filter
        if self._charts is None:
            self._told.setText(words.COUNTING)
        self._ask(ChartCalls(filter=asked, slots=SLOTS), lambda charts: self._counted(asked, charts), self._not_counted)

    def _counted(self, asked: CallFilter, charts: CallCharts) -> None:
        assert self._asked_at is not None
        took_ms = (time.monotonic() - self._asked_at) * 1_000
        self._asked_at = None
        if asked != self._filter:
            self._count_if_seen()
            return
        self._charts = charts
        self._draw()
        if self.isVisible():
            self._again.start(int(max(EVERY_MS, REST * took_ms)))

    def _not_counted(self, error: OstiaryError) -> None:
        self._asked_at = None
        self._told.setText(told(error))
        if self.isVisible():
            self._again.start(EVERY_MS)

    def _draw(self) -> None:
        if self._charts is not None:
            self.over_time.show_charts(self._charts)
            self._told.setText(self.over_time.accessibleDescription())
            self.latency.show_tools(self._charts.latency, self._titles)
        self.memory.show_samples(self.history.samples, self._titles)


def _card(title: str, told: Text | None, chart: Canvas) -> Card:
    card = Card()
    card.column.addWidget(Text(title, "name"))
    if told is not None:
        card.column.addWidget(told)
    card.column.addWidget(chart)
    return card
