"""Saves pictures of Activity: ``python -m tests.ui.activity_shots FOLDER`` (QT_SCALE_FACTOR=2 for large ones)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from ostiary.domain.call import Outcome
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.theme import Scheme, Theme
from tests.support import fake_world
from tests.support.call_book import Asked, CallBook
from tests.ui.activity_cases import call, calls, detail


def save(folder: Path) -> None:
    """Empty, full, a detail, filters, narrow: light and dark."""
    app = QApplication([])
    theme = Theme()
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.apply(app, scheme)
        with closing(CallBook()) as book:
            page = ActivityPage(theme, Asked(book, lambda answer: QTimer.singleShot(0, answer)))
            page.resize(780, 600)
            page.show()
            _take(page, book, _grabber(app, page, folder, scheme))
            page.hide()
            page.deleteLater()


def _grabber(app: QApplication, page: ActivityPage, folder: Path, scheme: Scheme) -> Callable[[str], None]:
    tail = f"{scheme.value}-{int(page.devicePixelRatio() * 100)}"

    def grab(name: str) -> None:
        for _ in range(60):
            page.grab()  # what is painted is what is fetched
            app.processEvents()
        page.grab().save(str(folder / f"activity-{name}-{tail}.png"))

    return grab


def _take(page: ActivityPage, book: CallBook, grab: Callable[[str], None]) -> None:
    page.restart()
    grab("empty")
    repeats = tuple(replace(call(4, Outcome.OK), id=number) for number in range(501, 514))
    book.note((*calls(1, 500), *repeats, *calls(514, 4)))
    page.restart(calls(1, 50))
    grab("full")
    page.table.fold(page.model.row_of(513), True)
    grab("open-group")
    page.table.selectRow(page.model.row_of(492))
    page.table.opened.emit(492)
    page.show_detail(detail(call(492)))
    grab("detail")
    page.resize(420, 600)
    grab("narrow")
    page.resize(360, 640)
    grab("narrowest")
    page.resize(780, 600)
    page.pane.closed.emit()
    outcomes = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == "Outcome")
    outcomes.setCurrentIndex(outcomes.findData(Outcome.DENIED))
    page.table.verticalScrollBar().setValue(300)
    grab("filtered")
    page.filters.clear()
    page.charts_button.click()
    _use_memory(page)
    grab("charts")
    page.resize(780, 1000)
    page.charts.over_time.setFocus()
    QTest.keyClick(page.charts.over_time, Qt.Key.Key_End)
    grab("charts-all")
    page.resize(360, 1000)
    page.charts.latency.setFocus()
    QTest.keyClick(page.charts.latency, Qt.Key.Key_End)
    grab("charts-narrow")


def _use_memory(page: ActivityPage) -> None:
    """Three servers over five minutes."""
    now = time.time()
    servers = fake_world.lived_in().servers[:3]
    for number in range(150):
        using = [
            replace(server, memory_bytes=(30 + 25 * place) * 1_000_000 + (number * (place + 3) % 40) * 200_000)
            for place, server in enumerate(servers)
        ]
        page.charts.history.note(using, now - 300 + number * 2)
    page.charts.set_titles({server.name: server.title for server in servers})


if __name__ == "__main__":
    save(Path(sys.argv[1]))
