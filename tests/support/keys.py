"""A person at the keyboard of the window: what they press, and what has the keyboard then."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.front import Front

PAGES = ("servers", "hosts", "folders", "activity", "approvals", "secrets", "rules", "doctor", "settings")
MOST_STEPS = 150


class Keys:
    """A person without a mouse. ``at`` is what has the keyboard."""

    def __init__(self, front: Front) -> None:
        self._front = front
        front.window.activateWindow()
        front.wait(front.window.isActiveWindow)

    @property
    def at(self) -> QWidget:
        found = self._front.window.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def show(self, page: str) -> None:
        """By Ctrl and the page's digit."""
        digit = Qt.Key(Qt.Key.Key_1 + PAGES.index(page))
        QTest.keyClick(self._front.window, digit, Qt.KeyboardModifier.ControlModifier)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.at, key)

    def tab_to(self, name: str) -> QWidget:
        """Go on until the control of that name has the keyboard."""
        for _ in range(MOST_STEPS):
            self.press(Qt.Key.Key_Tab)
            if name in said(self.at):
                return self.at
        raise AssertionError(f"{name!r} is not reached")

    def round(self) -> list[QWidget]:
        """Everything that Tab reaches, until it begins anew."""
        self._front.window.sidebar.setFocus()
        self.press(Qt.Key.Key_Tab)
        reached = [self.at]
        for _ in range(MOST_STEPS):
            self.press(Qt.Key.Key_Tab)
            if self.at is reached[0]:
                return reached
            reached.append(self.at)
        raise AssertionError("the keyboard is caught")


def said(widget: QWidget) -> str:
    """What a screen reader says of it."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def controls(within: QWidget) -> set[QWidget]:
    """What a person would use, of a page."""
    return {
        widget
        for widget in within.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    }


def looks(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()
