"""Esc closes what is open: it does what the way back of a form, a detail or a confirmation does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


def close_on_escape(widget: QWidget, close: Callable[[], None]) -> None:
    """Esc in there, when nothing further inside takes it, does ``close``."""
    widget.installEventFilter(_OnEscape(widget, close))


class _OnEscape(QObject):
    """A key that a widget leaves alone comes to what it stands in, so the innermost that is open takes it."""

    def __init__(self, widget: QWidget, close: Callable[[], None]) -> None:
        super().__init__(widget)
        self._close = close

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._close()
            return True
        return False
