"""What servers use of the memory, as long as the window looks: a line each, told apart by dashes and by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ostiary.ui import figures
from ostiary.ui.charts import words
from ostiary.ui.charts.canvas import LINE_PX, Canvas, Spot
from ostiary.ui.charts.scale import Mark, ceiling, time_marks
from ostiary.ui.models.memory_history import Sample
from ostiary.ui.theme import SPACE_XS, Theme
from ostiary.ui.visible import reveal_line

DASHES: Final = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
TONES: Final = ("accent", "ok", "ask", "busy", "problem")
MEGABYTE: Final = 1_000_000
_END_PX = 110


class MemoryLines(Canvas):
    """The newest moment is at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, words.MEMORY, words.NOTHING_MEMORY)
        self._samples: tuple[Sample, ...] = ()
        self._titles: Mapping[str, str] = {}

    def show_samples(self, samples: tuple[Sample, ...], titles: Mapping[str, str]) -> None:
        """Oldest first. ``titles`` are those of servers."""
        self._samples, self._titles = samples, titles
        newest = samples[-1].used_bytes if samples else {}
        self.summarize(words.memory({titles.get(name, name): used for name, used in newest.items()}))

    def left(self) -> int:
        return 56

    def plot(self) -> QRectF:
        return super().plot().adjusted(0, 0, -min(_END_PX, self.width() // 4), 0)

    def spots(self) -> list[Spot]:
        if not self._names():
            return []
        plot = self.plot()
        return [
            Spot(
                QRectF(plot.left() + self._share(place) * plot.width() - 3, plot.top(), 6, plot.height()),
                self._says(sample),
            )
            for place, sample in enumerate(self._samples)
        ]

    def paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        top = ceiling(max(max(sample.used_bytes.values(), default=0) for sample in self._samples), unit=MEGABYTE)
        self.paint_up(painter, plot, [Mark(share, figures.size(round(top * share))) for share in (0.0, 0.5, 1.0)])
        since, until = self._samples[0].at, self._samples[-1].at
        if until > since:
            self.paint_across(painter, plot, time_marks(since, until, max(2, int(plot.width()) // 90)))
        ends: list[float] = []
        for number, name in enumerate(self._names()):
            line = [
                QPointF(
                    plot.left() + self._share(place) * plot.width(),
                    plot.bottom() - plot.height() * sample.used_bytes[name] / top,
                )
                for place, sample in enumerate(self._samples)
                if name in sample.used_bytes
            ]
            colour = getattr(self._theme.tokens, TONES[number % len(TONES)])
            painter.setPen(QPen(colour, 2, DASHES[number % len(DASHES)]))
            painter.drawPolyline(QPolygonF(line))
            self._paint_end(painter, plot, line[-1], name, ends)

    def _paint_end(self, painter: QPainter, plot: QRectF, end: QPointF, name: str, ends: list[float]) -> None:
        """The server's name beside its line; names do not stand on each other."""
        y = end.y()
        while any(abs(y - other) < LINE_PX for other in ends):
            y -= LINE_PX if y > plot.center().y() else -LINE_PX
        ends.append(y)
        room = self.width() - plot.right() - 2 * SPACE_XS
        title = painter.fontMetrics().elidedText(
            reveal_line(self._titles.get(name, name)), Qt.TextElideMode.ElideRight, int(room)
        )
        painter.drawText(
            QRectF(plot.right() + SPACE_XS, y - LINE_PX / 2, room, LINE_PX), Qt.AlignmentFlag.AlignVCenter, title
        )

    def _names(self) -> list[str]:
        return sorted({name for sample in self._samples for name in sample.used_bytes})

    def _share(self, place: int) -> float:
        since, until = self._samples[0].at, self._samples[-1].at
        return (self._samples[place].at - since) / (until - since) if until > since else 1.0

    def _says(self, sample: Sample) -> str:
        used = {self._titles.get(name, name): amount for name, amount in sample.used_bytes.items()}
        return words.memory(used).replace(", ", "\n")
