"""How long tools take: a line for each, from its usual time to its long one, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ostiary.domain.call_index import Latency
from ostiary.ui.charts import words
from ostiary.ui.charts.canvas import LINE_PX, Canvas, Spot
from ostiary.ui.charts.scale import Mark, log_share, powers
from ostiary.ui.theme import SPACE_S, Theme
from ostiary.ui.visible import reveal_line

ROW_PX = 26
DOT_PX = 5.0
_LOWEST_MS = 1.0


class LatencySpans(Canvas):
    """As high as it has tools."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, words.LATENCY, words.NOTHING_LATENCY, height=80)
        self._tools: tuple[Latency, ...] = ()
        self._titles: Mapping[str, str] = {}

    def show_tools(self, tools: tuple[Latency, ...], titles: Mapping[str, str]) -> None:
        """The busiest first. ``titles`` are those of servers."""
        self._tools, self._titles = tools, titles
        self.setMinimumHeight(max(80, len(tools) * ROW_PX + LINE_PX + 2 * SPACE_S))
        self.summarize(words.latency(tools))

    def left(self) -> int:
        return max(90, min(190, self.width() // 3))

    def spots(self) -> list[Spot]:
        return [
            Spot(QRectF(0, self.plot().top() + row * ROW_PX, self.width(), ROW_PX), words.tool(tool, self._titles))
            for row, tool in enumerate(self._tools)
        ]

    def paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        high = 10.0 * _LOWEST_MS
        while high < max(tool.p95_ms for tool in self._tools):
            high *= 10
        self._paint_scale(painter, plot, high)
        for row, tool in enumerate(self._tools):
            self._paint_tool(painter, plot, row, tool, high)

    def _paint_scale(self, painter: QPainter, plot: QRectF, high: float) -> None:
        marks = [Mark(log_share(at, _LOWEST_MS, high), words.milliseconds(at)) for at in powers(_LOWEST_MS, high)]
        painter.setPen(QPen(self._theme.tokens.line, 1))
        for mark in marks:
            x = plot.left() + mark.share * plot.width()
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        self.paint_across(painter, plot, marks)

    def _paint_tool(self, painter: QPainter, plot: QRectF, row: int, tool: Latency, high: float) -> None:
        tokens = self._theme.tokens
        y = plot.top() + row * ROW_PX + ROW_PX / 2
        name = painter.fontMetrics().elidedText(
            reveal_line(tool.tool), Qt.TextElideMode.ElideMiddle, self.left() - 2 * SPACE_S
        )
        painter.setPen(tokens.text)
        beside = plot.right() + SPACE_S if self.isRightToLeft() else SPACE_S
        box = QRectF(beside, y - LINE_PX / 2, self.left() - 2 * SPACE_S, LINE_PX)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, name)
        usual, long = (
            QPointF(plot.left() + log_share(at, _LOWEST_MS, high) * plot.width(), y)
            for at in (tool.p50_ms, tool.p95_ms)
        )
        painter.setPen(QPen(tokens.text_dim, 2))
        painter.drawLine(usual, long)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.ok)
        painter.drawEllipse(usual, DOT_PX, DOT_PX)
        painter.setBrush(tokens.busy)
        corners = ((0, -DOT_PX), (DOT_PX, 0), (0, DOT_PX), (-DOT_PX, 0))
        painter.drawPolygon(QPolygonF([long + QPointF(x, y) for x, y in corners]))
