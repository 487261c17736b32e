"""How far the bundle is that is being read or unpacked: asked for while somebody waits, who may stop it."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from ostiary.control.messages import GetImportProgress, StopImport
from ostiary.domain.errors import OstiaryError
from ostiary.domain.host_import import ImportProgress
from ostiary.ui.asking import Ask
from ostiary.ui.pages import import_words as words
from ostiary.ui.parts.text import Text

ASK_AGAIN_MS = 500


class ImportProgressLine(Text):
    """Hidden unless it has something to tell."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(role="dim")
        self._ask = ask
        self.clock = QTimer(self, interval=ASK_AGAIN_MS)
        self.clock.timeout.connect(self._look)
        self.hide()

    def begin(self) -> None:
        """Somebody waits for a bundle."""
        self.clock.start()

    def end(self) -> None:
        """Nobody waits any more."""
        self.clock.stop()
        self.hide()

    def stop_work(self) -> None:
        """Have the work stopped that somebody waits for, and wait no more."""
        if self.clock.isActive():
            self._ask(StopImport(), self._show, _pass_over)
        self.end()

    def _look(self) -> None:
        self._ask(GetImportProgress(), self._show, _pass_over)

    def _show(self, progress: ImportProgress) -> None:
        if self.clock.isActive() and progress.total_bytes:
            self.setText(words.progress(progress))
            self.show()


def _pass_over(_: OstiaryError) -> None:
    """What is waited for tells its own error."""
