"""Activity's charts: drawn from what the log counted, read by mouse, keys and screen readers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ostiary.control.messages import ChartCalls
from ostiary.domain.call import CallFilter, Outcome
from ostiary.ui.charts import words
from ostiary.ui.charts.canvas import Canvas
from ostiary.ui.charts.kinds import KIND_OF, LOOKS, Kind
from ostiary.ui.charts.outcome_bars import count_marks
from ostiary.ui.charts.scale import ceiling, log_share, powers, time_marks
from ostiary.ui.models.memory_history import LEAST_APART_S, MOST_SAMPLES, MemoryHistory
from ostiary.ui.pages.activity_charts import CallChartsPane
from ostiary.ui.theme import DARK, LIGHT, Scheme, Theme
from tests.support import fake_world
from tests.support.call_book import Asked, CallBook
from tests.ui.activity_cases import call, calls


@pytest.fixture
def ask() -> Iterator[Asked]:
    with closing(CallBook()) as book:
        yield Asked(book, lambda answer: QTimer.singleShot(0, answer))


@pytest.fixture
def pane(qtbot: QtBot, dressed: Theme, ask: Asked) -> Iterator[CallChartsPane]:
    pane = CallChartsPane(dressed, ask)
    qtbot.addWidget(pane)
    pane.resize(780, 900)
    yield pane
    pane.hide()


def show(qtbot: QtBot, pane: CallChartsPane) -> None:
    with qtbot.waitExposed(pane):
        pane.show()
    qtbot.waitUntil(lambda: pane.is_counted)


def spots(chart: Canvas) -> list[str]:
    return [spot.says for spot in chart.spots()]


def test_an_empty_log_says_what_will_be_drawn(qtbot: QtBot, pane: CallChartsPane) -> None:
    show(qtbot, pane)
    assert pane.over_time.accessibleDescription() == words.NOTHING_OVER_TIME
    assert pane.latency.accessibleDescription() == words.NOTHING_LATENCY
    assert pane.memory.accessibleDescription() == words.NOTHING_MEMORY


def test_each_chart_is_told_in_a_sentence_to_who_does_not_see_it(
    qtbot: QtBot, pane: CallChartsPane, ask: Asked
) -> None:
    ask.book.note(call(number, Outcome.OK) for number in range(1, 41))
    ask.book.note(call(number, Outcome.DENIED) for number in range(41, 46))
    pane.note_servers(replace(server, memory_bytes=50_000_000) for server in fake_world.lived_in().servers[:1])
    show(qtbot, pane)
    assert "45 calls" in pane.over_time.accessibleDescription()
    assert "OK 40, Not allowed 5" in pane.over_time.accessibleDescription()
    assert "p50 31 ms" in pane.latency.accessibleDescription()
    assert "50 MB" in pane.memory.accessibleDescription()
    assert all(chart.accessibleName() for chart in pane.findChildren(Canvas))


def test_keys_walk_from_mark_to_mark_and_say_each(qtbot: QtBot, pane: CallChartsPane, ask: Asked) -> None:
    ask.book.note(calls(1, 700))
    show(qtbot, pane)
    chart = pane.over_time
    chart.setFocus()
    whole = chart.accessibleDescription()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription() == chart.marked == spots(chart)[0]
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.marked == spots(chart)[1]
    QTest.keyClick(chart, Qt.Key.Key_End)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.marked == spots(chart)[-1]
    pane.latency.setFocus()
    assert chart.accessibleDescription() == whole


def test_the_pointer_names_what_it_is_on(qtbot: QtBot, pane: CallChartsPane, ask: Asked) -> None:
    ask.book.note(calls(1, 700))
    show(qtbot, pane)
    spot = pane.latency.spots()[1]
    QTest.mouseMove(pane.latency, spot.box.center().toPoint())
    qtbot.waitUntil(lambda: pane.latency.marked == spot.says)
    QTest.mouseMove(pane.latency, QPoint(pane.latency.width() // 2, pane.latency.height() - 1))
    qtbot.waitUntil(lambda: pane.latency.marked == "")


def test_charts_count_what_the_filters_show(qtbot: QtBot, pane: CallChartsPane, ask: Asked) -> None:
    ask.book.note(calls(1, 100))
    show(qtbot, pane)
    pane.set_filter(CallFilter(tool="outline"))
    qtbot.waitUntil(lambda: "25 calls" in pane.over_time.accessibleDescription())
    assert len(spots(pane.latency)) == 1


def test_nothing_is_asked_while_nobody_looks(qtbot: QtBot, pane: CallChartsPane, ask: Asked) -> None:
    pane.set_filter(CallFilter(tool="outline"))
    assert ask.commands == []
    show(qtbot, pane)
    assert ask.commands == [ChartCalls(filter=CallFilter(tool="outline"))]
    pane.hide()
    pane.set_filter(CallFilter())
    assert len(ask.commands) == 1


def test_a_log_that_cannot_be_counted_is_told(qtbot: QtBot, dressed: Theme) -> None:
    with closing(CallBook()) as book:
        pane = CallChartsPane(dressed, Asked(book, lambda answer: QTimer.singleShot(0, answer), fails_at=1))
        qtbot.addWidget(pane)
        pane.show()
        qtbot.waitUntil(lambda: pane.told == "The gateway stopped")
        pane.hide()


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_charts_are_painted_in_every_dress_and_width(
    qtbot: QtBot,
    qapp: QApplication,
    dressed: Theme,
    pane: CallChartsPane,
    ask: Asked,
    scheme: Scheme,
    direction: Qt.LayoutDirection,
) -> None:
    """A chart that is painted has more colours than its ground; warnings of the painter fail the test."""
    ask.book.note(calls(1, 300))
    now = time.time()
    for number in range(5):
        servers = fake_world.lived_in().servers
        pane.history.note((replace(one, memory_bytes=10_000_000 * (number + 1)) for one in servers), now + 2 * number)
    pane.setLayoutDirection(direction)
    dressed.apply(qapp, scheme)
    for width in (340, 900):
        pane.resize(width, 900)
        show(qtbot, pane)
        for chart in pane.findChildren(Canvas):
            QTest.keyClick(chart, Qt.Key.Key_End)
            image = chart.grab().toImage()
            colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
            assert len(colours) > 5


@pytest.mark.parametrize(
    ("calls", "marks"), [(1, ["0", "1"]), (2, ["0", "1", "2"]), (5, ["0", "5"]), (8, ["0", "5", "10"])]
)
def test_calls_are_counted_in_whole_numbers(calls: int, marks: list[str]) -> None:
    assert [mark.text for mark in count_marks(ceiling(calls))] == marks


def test_kinds_are_told_apart_without_colour() -> None:
    assert set(KIND_OF) == set(Outcome)
    assert len({look.pattern for look in LOOKS.values()}) == len(Kind)
    assert all(hasattr(tokens, look.tone) for look in LOOKS.values() for tokens in (LIGHT, DARK))


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (3, 5), (5, 5), (51, 100), (100, 100), (1_001, 2_000)])
def test_an_axis_ends_at_a_round_number(value: float, top: float) -> None:
    assert ceiling(value) == top


@pytest.mark.parametrize("span_s", [60, 3_600, 86_400, 30 * 86_400])
def test_marks_of_time_are_round_few_and_in_order(span_s: int) -> None:
    marks = time_marks(1_800_000_007, 1_800_000_007 + span_s, 7)
    assert 1 <= len(marks) <= 8
    assert marks == sorted(marks)
    assert all(0 <= mark.share <= 1 for mark in marks)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where clocks are put back on 25 October 2026 and forward on 29 March 2026."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes the time zone from the system alone")
@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize("month", [3, 10])
def test_marks_of_time_say_each_day_once_over_a_change_of_the_clocks(month: int) -> None:
    since, until = (datetime(2026, month, day, 12).timestamp() for day in (23, 30))
    days = [mark.text for mark in time_marks(since, until, 8)]
    assert [day[:2] for day in days] == ["24", "25", "26", "27", "28", "29", "30"]
    hours = {mark.text for mark in time_marks(since, until, 29)}
    assert hours == {"00:00", "06:00", "12:00", "18:00"}


def test_a_logarithmic_axis_spaces_powers_evenly() -> None:
    assert powers(1, 1_000) == [1, 10, 100, 1_000]
    assert [round(log_share(at, 1, 1_000), 3) for at in (0.1, 1, 10, 5_000)] == [0, 0, 0.333, 1]


def test_the_history_of_memory_is_bounded_and_evenly_taken() -> None:
    history = MemoryHistory()
    server = replace(fake_world.lived_in().servers[0], memory_bytes=5)
    for number in range(3 * MOST_SAMPLES):
        history.note((server,), number * LEAST_APART_S / 2)
    assert len(history.samples) == MOST_SAMPLES
    assert history.samples[-1].used_bytes == {server.name: 5}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "in the last second"),
        (59.9, "in the last 59 seconds"),
        (60, "in the last minute"),
        (7_199, "in the last hour"),
        (7_200, "in the last 2 hours"),
        (86_400, "in the last day"),
        (3 * 86_400, "in the last 3 days"),
    ],
)
def test_the_time_that_calls_are_counted_over_is_said_as_a_person_would(seconds: float, said: str) -> None:
    assert words.lately(seconds) == said
