"""Faults of the tray itself: what nobody caught and what Qt complains about go to a file, and the window says so."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from ostiary.own_log import OwnLog

FILE_LIMIT_BYTES: Final = 1_000_000
LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
SCREEN_GONE: Final = "The X11 connection broke"
"""Qt's last words when the X server died (xcb): it calls ``exit`` next. Under Wayland it ends as we do then."""

log = logging.getLogger("ostiary.ui")


class Faults(QObject):
    """Catches from ``install`` to ``uninstall``.

    Signals:
        happened: An exception reached the event loop; it is in ``file``.
    """

    happened = Signal()

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        self._to_file = OwnLog(file, longest_bytes=FILE_LIMIT_BYTES, older=1)
        self._to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def install(self) -> None:
        logging.getLogger("ostiary").addHandler(self._to_file)
        logging.getLogger("ostiary").setLevel(logging.INFO)
        sys.excepthook = self._caught
        qInstallMessageHandler(_qt_message)

    def uninstall(self) -> None:
        qInstallMessageHandler(None)
        sys.excepthook = sys.__excepthook__
        logging.getLogger("ostiary").removeHandler(self._to_file)
        self._to_file.close()

    def _caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:  # nothing may escape from here: Qt would abort
        log.critical("uncaught", exc_info=(kind, error, trace))
        self.happened.emit()


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(LEVELS[kind], "Qt: %s", message)
    if message.startswith(SCREEN_GONE):
        os._exit(1)  # ``exit`` would destroy what is ours, and kill the gateway with it, which goes on for its hosts
