"""What a screen reader hears of an entry of the side bar: a page's tab, which is chosen or not."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget


class PageTab(QAbstractButton):
    """A button that a screen reader takes for the tab of a page."""


class SpokenTab(QAccessibleWidget):
    """Speaks for a ``PageTab``. Qt makes one for each when it is first asked for, and ends it with the widget."""

    def __init__(self, tab: PageTab) -> None:
        super().__init__(tab, QAccessible.Role.PageTab)
        self._tab = tab

    def text(self, which: QAccessible.Text) -> str:
        return self._tab.accessibleName() if which is QAccessible.Text.Name else super().text(which)

    def state(self) -> QAccessible.State:
        state = super().state()
        state.selectable = True
        state.selected = self._tab.isChecked()
        return state

    def actionNames(self) -> list[str]:
        return ["Press"]

    def doAction(self, name: str) -> None:
        if name == "Press":
            self._tab.click()


_spoken: dict[int, SpokenTab] = {}
"""Python's hold on them, by the widget: Qt keeps no reference that Python would count."""


def _forget(key: int, *_: object) -> None:
    _spoken.pop(key, None)


def _speak(_kind: str, what: QObject) -> SpokenTab | None:
    if not isinstance(what, PageTab):
        return None
    spoken = _spoken[id(what)] = SpokenTab(what)
    what.destroyed.connect(partial(_forget, id(what)))
    return spoken


QAccessible.installFactory(_speak)
