"""The icon in the tray as a program of its own. Each line on stdin is the state that it shows from then on."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from ostiary.ui.icons import Doorway
from ostiary.ui.tray import Tray


def main() -> None:
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    tray = Tray()
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def read() -> None:
        states = os.read(sys.stdin.fileno(), 4_096).decode().split()
        if states:
            tray.show_state(Doorway(states[-1]), states[-1])
        else:
            app.quit()

    notifier.activated.connect(read)
    app.exec()


if __name__ == "__main__":
    main()
