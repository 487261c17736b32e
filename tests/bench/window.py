"""The real tray application with its window open on a live Activity page; says ``ready`` when it is.

With ``closed`` as second argument the window stays closed: only the tray is there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ostiary.app import GATEWAY_ARGUMENTS, own_program
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink
from ostiary.ui.quit_signals import QuitSignals
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.try_it import TryIt
from tests.support.own_settings import own_settings


def main(folder: Path, *, closed: bool) -> int:
    """Run until SIGTERM. The gateway's stderr goes to a file in ``folder``."""
    app = QApplication(["ostiary"])
    app.setQuitOnLastWindowClosed(False)
    front = make_front(app, folder)
    signals = QuitSignals()
    signals.arrived.connect(front.quit)
    front.ended.connect(lambda: app.exit(0))
    front.mirror.was_reset.connect(_say_ready if closed else lambda: _show_activity(front))
    front.open()
    code = app.exec()
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
    sys.exit(main(Path(sys.argv[1]), closed=sys.argv[2:] == ["closed"]))
