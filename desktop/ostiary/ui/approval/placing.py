"""Where the prompt stands, how large it is, and how it appears without taking the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QWidget

WIDTH: Final = 520
WIDE: Final = 760
"""For two definitions side by side."""
SCREEN_SHARE: Final = 0.8
"""Of the screen's height; what is higher scrolls."""


def appear_quietly(window: QWidget) -> None:
    """Make the window one that stays on top and does not take the keyboard when it is shown.

    On X11 Qt turns the attribute into ``_NET_WM_USER_TIME`` 0 before it maps the window: window managers that
    keep the extended hints then leave the focus where it is. Windows and macOS know it too; Wayland does not.
    """
    kind = Qt.WindowType
    frame = kind.CustomizeWindowHint | kind.WindowTitleHint | kind.WindowSystemMenuHint | kind.WindowCloseButtonHint
    # No button to minimise it: a minimised prompt counts as shown, and a new question would go unseen.
    window.setWindowFlags(kind.Window | kind.WindowStaysOnTopHint | frame)
    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)


def ground() -> QRect:
    """What is free of the screen in use: the one with the pointer."""
    screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def fitted(width: int, height: int, free: QRect) -> QSize:
    """The size a window that wants this much may have."""
    return QSize(min(width, free.width()), min(height, int(free.height() * SCREEN_SHARE)))


def placed(size: QSize, free: QRect) -> QRect:
    """In the middle across, a third of the room above it."""
    left = free.left() + (free.width() - size.width()) // 2
    top = free.top() + (free.height() - size.height()) // 3
    return QRect(left, top, size.width(), size.height())
