"""The window: the side bar, the banners and the pages. It fills nothing by itself; pages follow the mirror."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QAccessible, QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ostiary.ui import words
from ostiary.ui.banners import Banners
from ostiary.ui.parts.spoken import Spoken
from ostiary.ui.sidebar import Sidebar
from ostiary.ui.theme import Theme

NARROW_BELOW_PX: Final = 700
OPENS_AT: Final = QSize(960, 640)
SMALLEST: Final = QSize(360, 320)
LEFT_JUST_NOW_S: Final = 0.5
"""A click on the tray's icon takes the window out of the front before it is told."""


@dataclass(frozen=True, slots=True)
class Room:
    """A page, the word and the drawing it has in the side bar."""

    word: str
    drawing: str
    page: QWidget


class MainWindow(QWidget, Spoken):
    """Shows one page at a time.

    Signals:
        close_wanted: The person closed the window while it may not hide: there is no tray to bring it back.
    """

    spoken_role = QAccessible.Role.Window

    close_wanted = Signal()

    def __init__(self, theme: Theme, rooms: Sequence[Room], start_page: QWidget) -> None:
        """``start_page`` stands outside the side bar: it is shown by ``show_start`` alone."""
        super().__init__()
        self.setWindowTitle(words.NAME)
        self.setAccessibleName(words.NAME)
        self.setMinimumSize(SMALLEST)
        self.resize(OPENS_AT)
        self.hides_on_close = False
        self._left_at = -LEFT_JUST_NOW_S
        self.banners = Banners(theme)
        self.sidebar = Sidebar(theme, [(room.word, room.drawing) for room in rooms])
        self._rooms = tuple(rooms)
        self._start_page = start_page
        self._pages = QStackedWidget()
        for page in (*(room.page for room in rooms), start_page):
            self._pages.addWidget(page)
        self._lay_out()
        self.sidebar.chosen.connect(self.show_place)
        for place in range(len(rooms)):
            QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self).activated.connect(partial(self.show_place, place))
        self.show_place(0)

    def show_place(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.sidebar.show_chosen(place)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front; it must be one of the rooms'."""
        self.show_place(next(place for place, room in enumerate(self._rooms) if room.page is page))

    def show_start(self) -> None:
        """The first minute, in place of a page."""
        self._pages.setCurrentWidget(self._start_page)
        self.sidebar.show_none_chosen()
        self._start_page.setFocus()

    def bring_up(self) -> None:
        """Show and raise: the person asked for it."""
        self.setVisible(True)
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def toggle(self) -> None:
        """Hide the window that was in front, otherwise bring it there."""
        if self.isVisible() and (self.isActiveWindow() or time.monotonic() - self._left_at < LEFT_JUST_NOW_S):
            self.hide()
        else:
            self.bring_up()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._left_at = time.monotonic()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.hides_on_close:
            event.ignore()
            self.close_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sidebar.set_narrow(event.size().width() < NARROW_BELOW_PX)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.banners)
        right.addWidget(self._pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
