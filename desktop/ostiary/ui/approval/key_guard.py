"""Stands before the prompt's window and lets through only the keys that ``Guard`` allows.

The filter sits on the native window, where every key of the keyboard arrives first, shortcuts included.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow

from ostiary.ui.approval.guard import Guard, Key

_PRESSES: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select})
_MOVES: Final = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})


class KeyGuard(QObject):
    """The guard of one native window, fed with its events.

    Signals:
        changed: The answer of ``armed`` may be another now, or will be after ``ARM_AFTER_S``.
        touched: The person does something in the window; at most once a second.
    """

    changed = Signal()
    touched = Signal()

    def __init__(self, window: QWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._guard = Guard()
        self._window = window
        self._pointer = QPointF()
        window.installEventFilter(self)

    def armed(self) -> bool:
        """True when a button may work now."""
        return self._guard.armed(time.monotonic())

    def content_changed(self) -> None:
        """Something else is shown now."""
        self._guard = self._guard.content_changed(time.monotonic())
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Expose | QEvent.Type.Hide:
                self._see(self._window.isExposed() and event.type() is QEvent.Type.Expose)
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent):
                return self._stop_shortcut(event)
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                return not self._key_down(event)
            case QEvent.Type.KeyRelease if isinstance(event, QKeyEvent):
                self._guard = self._guard.key_up(event.key(), event.isAutoRepeat())
            case QEvent.Type.MouseButtonPress:
                self._guard = self._guard.clicked(time.monotonic())
                self._touch()
            case QEvent.Type.Wheel:
                self._touch()
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                self._move(event.globalPosition())
            case _:
                pass
        return False

    def _see(self, visible: bool) -> None:
        before, self._guard = self._guard, self._guard.exposed(visible, time.monotonic())
        if self._guard != before:
            self.changed.emit()

    def _key_down(self, event: QKeyEvent) -> bool:
        self._touch()
        self._guard, passes = self._guard.key_down(event.key(), _meaning(event), event.isAutoRepeat(), time.monotonic())
        return passes

    def _stop_shortcut(self, event: QKeyEvent) -> bool:
        """An accepted override keeps the key from every shortcut; it then comes as a key press, and is judged there."""
        passes = self._guard.key_down(event.key(), _meaning(event), event.isAutoRepeat(), time.monotonic())[1]
        if not passes:
            event.accept()
        return not passes

    def _move(self, pointer: QPointF) -> None:
        """A window that appears below a resting pointer is not yet a person who moves it."""
        moved, self._pointer = pointer != self._pointer and not self._pointer.isNull(), pointer
        if moved:
            self._touch()

    def _touch(self) -> None:
        self._guard, tell = self._guard.touched(time.monotonic())
        if tell:
            self.touched.emit()


def _meaning(event: QKeyEvent) -> Key:
    if event.key() in _PRESSES:
        return Key.PRESSES
    return Key.MOVES if event.key() in _MOVES else Key.OTHER
