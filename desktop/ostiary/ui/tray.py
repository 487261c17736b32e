"""The icon in the tray and its menu. It comes and goes with the desktop's tray; the window works without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ostiary.ui import icons, words
from ostiary.ui.icons import Doorway
from ostiary.ui.tray_menu import SEPARATOR, Line, Verb, Wish

POLL_MS: Final = 1_000
"""An icon made before there is a tray never registers (StatusNotifier), so a new one is made when one turns up."""


class Tray(QObject):
    """Shows a state and a menu, and reports wishes.

    Signals:
        wished: A ``Wish`` of the menu; a click on the icon is ``Verb.TOGGLE``.
        presence_changed: Whether there is an icon now.
    """

    wished = Signal(object)
    presence_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        self._menu.aboutToHide.connect(self._fill_menu, Qt.ConnectionType.QueuedConnection)  # after what was chosen
        self._wanted: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._doorway = Doorway.IDLE
        self._told = words.NAME
        self._on_message: Wish = Wish(Verb.OPEN)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look_for_tray)
        self._poll.start()

    @property
    def is_present(self) -> bool:
        return self._icon is not None

    @property
    def doorway(self) -> Doorway:
        """The state that is shown."""
        return self._doorway

    def look_for_tray(self) -> None:
        """Make an icon when a tray is there, drop it when the tray has gone."""
        available = QSystemTrayIcon.isSystemTrayAvailable()
        if available == self.is_present:
            return
        if available:
            self._icon = self._make_icon()
        else:
            self._drop_icon()
        self.presence_changed.emit(available)

    def remove(self) -> None:
        """Take the icon away for good."""
        self._poll.stop()
        self._drop_icon()

    def show_state(self, doorway: Doorway, told: str) -> None:
        """``told`` is the state in words, for the pointer and for screen readers."""
        if (doorway, told) != (self._doorway, self._told):
            self._doorway, self._told = doorway, told
            self._dress()

    def show_menu(self, lines: tuple[Line, ...]) -> None:
        """Rebuild the menu where it differs; an open one is left alone until it is closed."""
        self._wanted = lines
        self._fill_menu()

    def notify(self, title: str, text: str, wish: Wish) -> None:
        """A notification of plain text. A click on it is ``wish``; it has no button that could allow anything."""
        self._on_message = wish
        if self._icon is not None:
            self._icon.showMessage(title, text, icons.doorway(self._doorway))

    def _fill_menu(self) -> None:
        if self._wanted != self._lines and not self._menu.isVisible():
            self._lines = self._wanted
            self._menu.clear()
            _fill(self._menu, self._lines, self.wished.emit)

    def _make_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._activated)
        icon.messageClicked.connect(lambda: self.wished.emit(self._on_message))
        self._dress(icon)
        icon.show()
        return icon

    def _drop_icon(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _dress(self, icon: QSystemTrayIcon | None = None) -> None:
        icon = icon or self._icon
        if icon is not None:
            icon.setIcon(icons.doorway(self._doorway))
            icon.setToolTip(f"{words.NAME}: {self._told}")

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.wished.emit(Wish(Verb.TOGGLE))


def _fill(menu: QMenu, lines: tuple[Line, ...], wished: Callable[[Wish], None]) -> None:
    for line in lines:
        if line is SEPARATOR:
            menu.addSeparator()
        elif line.lines:
            inner = menu.addMenu(_plain(line.text))
            _tick(inner.menuAction(), line)
            _fill(inner, line.lines, wished)
        else:
            menu.addAction(_action(menu, line, wished))


def _action(menu: QMenu, line: Line, wished: Callable[[Wish], None]) -> QAction:
    action = QAction(_plain(line.text), menu)
    action.setEnabled(line.wish is not None)
    _tick(action, line)
    if line.wish is not None:
        action.triggered.connect(partial(_tell, wished, action, line))
    return action


def _tick(action: QAction, line: Line) -> None:
    if line.checked is not None:
        action.setCheckable(True)
        action.setChecked(line.checked)


def _tell(wished: Callable[[Wish], None], action: QAction, line: Line, *_: object) -> None:
    """Qt ticks what is chosen; here it is ticked when it holds, and the gateway says that."""
    _tick(action, line)
    if line.wish is not None:
        wished(line.wish)


def _plain(text: str) -> str:
    """Names come from others; an ampersand in one is no accelerator."""
    return text.replace("&", "&&")
