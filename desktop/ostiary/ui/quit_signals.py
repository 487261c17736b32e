"""SIGINT, SIGTERM and SIGHUP as a Qt signal.

Python runs its handlers only between its own instructions, and inside Qt's loop there are none. The interpreter's
wakeup descriptor is written at once, in C, and a QSocketNotifier sees that.
"""

from __future__ import annotations

import signal
import socket
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Signal

WATCHED: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class QuitSignals(QObject):
    """Listens as long as it is not closed; only on the main thread, as Python wants it.

    Signals:
        arrived: One of them came.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._before = {number: signal.signal(number, _nothing) for number in WATCHED}
        self._descriptor_before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Give the signals back to who had them."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._descriptor_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._here.close()
        self._there.close()

    def _read(self) -> None:
        numbers = self._here.recv(64)
        if any(number in WATCHED for number in numbers):
            self.arrived.emit()


def _nothing(*_: object) -> None:
    """A Python handler has to be there, or the signal would end the process."""
