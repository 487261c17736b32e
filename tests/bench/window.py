"""The real tray application with its window open on a live Activity page; says ``ready`` when it is.

With ``closed`` as second argument the window stays closed: only the tray is there. With ``asking`` too, and each
question is denied as soon as its prompt was painted, at a time of the monotonic clock that is said.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from ostiary.app import GATEWAY_ARGUMENTS, own_program
from ostiary.control.messages import AnswerQuestion
from ostiary.domain.approval import Decision
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink
from ostiary.ui.quit_signals import QuitSignals
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.try_it import TryIt
from tests.support.own_settings import own_settings


class Denier(QObject):
    """Sits on the prompt; says once for each question when it was painted."""

    def __init__(self, front: Application) -> None:
        super().__init__()
        self._front = front
        self._answered = 0
        front.prompt.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        for question in self._front.mirror.questions:
            if question.id > self._answered:
                self._answered = question.id
                print(time.monotonic(), flush=True)
                self._front.link.ask(AnswerQuestion(id=question.id, decision=Decision.DENY))


def main(folder: Path, how: str) -> int:
    """Run until SIGTERM. The gateway's stderr goes to a file in ``folder``."""
    app = QApplication(["ostiary"])
    app.setQuitOnLastWindowClosed(False)
    front = make_front(app, folder)
    signals = QuitSignals()
    signals.arrived.connect(front.quit)
    front.ended.connect(lambda: app.exit(0))
    front.mirror.was_reset.connect(_say_ready if how else lambda: _show_activity(front))
    denier = Denier(front) if how == "asking" else None
    front.open()
    code = app.exec()
    del denier
    front.close()
    signals.close()
    return code


def make_front(app: QApplication, folder: Path) -> Application:
    """The window over a gateway that it starts itself."""
    theme = Theme(app)
    theme.apply(app, Scheme.SYSTEM)
    link = GatewayLink(own_program(), GATEWAY_ARGUMENTS, folder / "gateway.err")
    return Application(theme, link, own_settings(folder), TryIt((own_program(),)))


def _show_activity(front: Application) -> None:
    front.window.show_page(front.activity)
    front.window.bring_up()
    _say_ready()


def _say_ready() -> None:
    print("ready", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "".join(sys.argv[2:])))
