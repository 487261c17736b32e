"""Saves pictures of the prompt: ``python -m tests.ui.approval_shots FOLDER`` (QT_SCALE_FACTOR=2 for large ones)."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPushButton

from ostiary.ui.approval.guard import ARM_AFTER_S
from ostiary.ui.approval.window import ApprovalWindow
from ostiary.ui.theme import Scheme, Theme
from tests.ui import approval_cases as cases


def save(folder: Path) -> None:
    """One picture a case, light and dark."""
    app = QApplication([])
    theme = Theme()
    makers = (cases.edit, cases.create, cases.third_party, cases.unverified, cases.changed_tool, cases.widen)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.apply(app, scheme)
        for make in (*makers, cases.hidden, cases.huge):
            window = ApprovalWindow(theme)
            window.open_question(make(1))
            if make is cases.edit:
                window.open_question(cases.third_party(2))
                window.open_question(cases.unverified(3))
            _settle(app, seconds=ARM_AFTER_S + 0.2 if make is not cases.widen else 0.1)
            name = f"{make.__name__}-{scheme.value}-{int(window.devicePixelRatio() * 100)}"
            window.grab().save(str(folder / f"{name}.png"))
            if make in (cases.edit, cases.huge):
                for button in window.findChildren(QPushButton):
                    if button.isCheckable() and not button.isChecked():
                        button.click()
                _settle(app)
                window.grab().save(str(folder / f"{name}-opened.png"))
            window.deleteLater()


def _settle(app: QApplication, seconds: float = 0.1) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()


if __name__ == "__main__":
    save(Path(sys.argv[1]))
