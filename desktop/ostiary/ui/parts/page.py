"""What all pages have in common: a title with actions, and a body that scrolls up and down only."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ostiary.ui.parts.text import Text
from ostiary.ui.theme import ROW_HEIGHT, SPACE_L, SPACE_M, SPACE_S

SEARCH_PX: Final = 160


class Page(QWidget):
    """``header`` is the line of the title, where actions are added; ``column`` takes the content."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.search: QLineEdit | None = None
        self.header = QHBoxLayout()
        self.header.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_S)
        self.header.setSpacing(SPACE_S)
        heading = Text(title, "title")
        heading.setMinimumHeight(ROW_HEIGHT)
        self.header.addWidget(heading, 1)
        self.area, self.column = scrolling_column(title)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(0, 0, 0, 0)
        self.outer.setSpacing(0)
        self.outer.addLayout(self.header)
        self.outer.addWidget(self.area, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """What came or went while the page was hidden has its room in the first picture already, not in the second."""
        super().showEvent(event)
        for widget in self.area.findChildren(QWidget):
            widget.updateGeometry()

    def add_search(self, name: str) -> QLineEdit:
        """A search field in the header; ``/`` and the system's shortcut to find move to it."""
        field = _Search(placeholderText=name, clearButtonEnabled=True)
        field.setAccessibleName(name)
        field.setMaximumWidth(180)
        field.setMinimumWidth(70)
        self.header.addWidget(field)
        for keys in ("/", QKeySequence(QKeySequence.StandardKey.Find)):
            QShortcut(keys, self).activated.connect(field.setFocus)
        self.search = field
        return field


class _Search(QLineEdit):
    """As wide with its button to clear it as without."""

    def sizeHint(self) -> QSize:
        return QSize(SEARCH_PX, super().sizeHint().height())


class _Area(QScrollArea):
    """Keeps what got the focus in view, also where it has just appeared below the edge."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self._followed = QTimer(self, singleShot=True, interval=0)
        self._followed.timeout.connect(self._show_focus)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._followed.start)

    def _show_focus(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, SPACE_M)


def scrolling_column(name: str) -> tuple[QScrollArea, QVBoxLayout]:
    """An area that scrolls up and down, and the column in it."""
    area = _Area()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    body = QWidget()
    body.setProperty("role", "page")
    outer = QVBoxLayout(body)
    outer.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_L)
    column = QVBoxLayout()
    column.setSpacing(SPACE_S)
    outer.addLayout(column)
    outer.addStretch(1)  # not an alignment: that would cut what needs more height than its hint in a narrow window
    area.setWidget(body)
    return area, column
