"""The strip that tells how an export goes, and stops it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout

from ostiary.ui import words as common
from ostiary.ui.call_export import CallExport
from ostiary.ui.pages import activity_words as words
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_L, SPACE_S, SPACE_XS


class ExportBar(QFrame):
    """Follows one export at a time; not there without one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self._export: CallExport | None = None
        self._path = Path()
        self._count = 0
        self._told = Text()
        self.cancel = button(common.CANCEL, self._cancel)
        self.close_button = button(common.DISMISS, self.hide, role="flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_XS, SPACE_L, SPACE_XS)
        row.setSpacing(SPACE_S)
        row.addWidget(self._told, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.close_button)
        self.hide()

    def follow(self, export: CallExport, path: Path) -> None:
        """Show this one and start it; one that still runs is cancelled."""
        self._cancel()
        self._export, self._path = export, path
        export.progressed.connect(self._progressed)
        export.ended.connect(self._ended)
        self._progressed(0, 0.0)
        self.cancel.show()
        self.close_button.hide()
        self.show()
        export.start()

    def _progressed(self, count: int, share: float) -> None:
        self._count = count
        self._told.setText(words.exporting(count, share))

    def _ended(self, reason: str) -> None:
        self._told.setText(words.not_exported(reason) if reason else words.exported(self._count, str(self._path)))
        self.cancel.hide()
        self.close_button.show()
        self._let_go()

    def _cancel(self) -> None:
        if self._export is not None:
            self._export.cancel()
            self._let_go()
            self.hide()

    def _let_go(self) -> None:
        if self._export is not None:
            self._export.deleteLater()
            self._export = None
