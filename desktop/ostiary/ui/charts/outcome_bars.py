"""Calls over time: a bar for each part of it, stacked by what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from ostiary.domain.call_index import CallCharts
from ostiary.ui import figures
from ostiary.ui.charts import words
from ostiary.ui.charts.canvas import LINE_PX, Canvas, Spot
from ostiary.ui.charts.kinds import KIND_OF, LOOKS, Kind
from ostiary.ui.charts.scale import Mark, ceiling, time_marks
from ostiary.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme

_PX_A_TIME_MARK = 90


class OutcomeBars(Canvas):
    """Its legend stands above the bars; it is painted with the same patterns."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, words.OVER_TIME, words.NOTHING_OVER_TIME, height=210)
        self._charts: CallCharts | None = None
        self._bars: dict[int, Counter[Kind]] = {}

    def show_charts(self, charts: CallCharts) -> None:
        """Draw these; a change of one call moves one bar."""
        self._charts = charts
        self._bars = stacked(charts)
        total: Counter[Kind] = sum(self._bars.values(), Counter())
        self.summarize(words.over_time(charts, _ordered(total)))

    def plot(self) -> QRectF:
        return super().plot().adjusted(0, self._legend_height(), 0, 0)

    def spots(self) -> list[Spot]:
        if self._charts is None:
            return []
        plot, charts = self.plot(), self._charts
        width = plot.width() / charts.slots
        return [
            Spot(
                QRectF(plot.left() + place * width, plot.top(), width, plot.height()),
                words.slot(
                    charts.since + place * charts.slot_s, charts.since + (place + 1) * charts.slot_s, _ordered(kinds)
                ),
            )
            for place, kinds in sorted(self._bars.items())
        ]

    def paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        assert self._charts is not None
        top = ceiling(max(kinds.total() for kinds in self._bars.values()))
        self.paint_up(painter, plot, count_marks(top))
        most = max(2, int(plot.width()) // _PX_A_TIME_MARK)
        self.paint_across(painter, plot, time_marks(self._charts.since, self._charts.until, most))
        self._paint_legend(painter)
        width = plot.width() / self._charts.slots
        gap = 1.0 if width > 4 else 0.0
        for place, kinds in self._bars.items():
            base = plot.bottom()
            for kind, number in _ordered(kinds).items():
                height = plot.height() * number / top
                self._paint_part(painter, QRectF(plot.left() + place * width, base - height, width - gap, height), kind)
                base -= height

    def _paint_part(self, painter: QPainter, box: QRectF, kind: Kind) -> None:
        look = LOOKS[kind]
        colour = getattr(self._theme.tokens, look.tone)
        painter.setPen(QPen(colour, 1) if kind is not Kind.OK else Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(colour, look.pattern))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if kind is not Kind.OK else box)

    def _legend_height(self) -> int:
        return LINE_PX * len(self._legend_lines()) + SPACE_M

    def _legend_lines(self) -> list[list[Kind]]:
        """Side by side as far as the width goes."""
        lines: list[list[Kind]] = [[]]
        used = 0
        for kind in Kind:
            width = self.fontMetrics().horizontalAdvance(words.KINDS[kind]) + LINE_PX + SPACE_M
            if lines[-1] and used + width > self.width() - self.left():
                lines.append([])
                used = 0
            lines[-1].append(kind)
            used += width
        return lines

    def _paint_legend(self, painter: QPainter) -> None:
        for row, kinds in enumerate(self._legend_lines()):
            x = float(self.left())
            for kind in kinds:
                box = QRectF(x, row * LINE_PX + SPACE_S, LINE_PX - SPACE_XS, LINE_PX - SPACE_XS)
                self._paint_part(painter, box, kind)
                painter.setPen(self._theme.tokens.text)
                text = words.KINDS[kind]
                width = self.fontMetrics().horizontalAdvance(text)
                painter.drawText(
                    QRectF(box.right() + SPACE_XS, box.top() - 2, width, LINE_PX), Qt.AlignmentFlag.AlignVCenter, text
                )
                x += LINE_PX + width + SPACE_M


def count_marks(top: float) -> list[Mark]:
    """None, all, and the half where that is a whole number of calls."""
    between = [top / 2] if top % 2 == 0 else []
    return [Mark(at / top, figures.number(at)) for at in (0, *between, top)]


def stacked(charts: CallCharts) -> dict[int, Counter[Kind]]:
    """How many calls of each kind are in each part of the time that has any."""
    bars: dict[int, Counter[Kind]] = {}
    for slot in charts.over_time:
        bars.setdefault(slot.place, Counter())[KIND_OF[slot.outcome]] += slot.calls
    return bars


def _ordered(kinds: Mapping[Kind, int]) -> dict[Kind, int]:
    return {kind: kinds.get(kind, 0) for kind in Kind}
