"""Saves pictures of Activity: ``python -m tests.ui.activity_shots FOLDER`` (QT_SCALE_FACTOR=2 for large ones)."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QComboBox

from ostiary.domain.call import Outcome
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.theme import Scheme, Theme
from tests.ui.activity_cases import call, calls, detail


def save(folder: Path) -> None:
    """Empty, full, a detail, filters, narrow: light and dark."""
    app = QApplication([])
    theme = Theme()
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.apply(app, scheme)
        page = ActivityPage(theme)
        page.resize(780, 600)
        page.show()
        tail = f"{scheme.value}-{int(page.devicePixelRatio() * 100)}"

        def grab(name: str, page: ActivityPage = page, tail: str = tail) -> None:
            for _ in range(30):
                app.processEvents()
            page.grab().save(str(folder / f"activity-{name}-{tail}.png"))

        grab("empty")
        page.set_rows(calls(1, 500))
        grab("full")
        page.table.selectRow(491)
        page.table.opened.emit(492)
        page.show_detail(detail(call(492)))
        grab("detail")
        page.resize(420, 600)
        grab("narrow")
        page.resize(780, 600)
        page.pane.closed.emit()
        outcomes = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == "Outcome")
        outcomes.setCurrentIndex(outcomes.findData(Outcome.DENIED))
        page.table.verticalScrollBar().setValue(300)
        grab("filtered")
        page.deleteLater()


if __name__ == "__main__":
    save(Path(sys.argv[1]))
