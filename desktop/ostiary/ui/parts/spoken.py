"""What a screen reader hears of widgets that Qt takes for mere frames: what they are, and what can be done with them.

A widget says so by being a ``Spoken``. Its accessible name stays the widget's own matter.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QWidget


class Spoken:
    """Stands beside a widget's Qt class. ``spoken_role`` is what it is; what ``press`` does, a screen reader can do."""

    spoken_role: ClassVar[QAccessible.Role]

    def is_chosen(self) -> bool | None:
        """Whether it is the chosen one of several; None where nothing is chosen among them."""
        return None

    def press(self) -> None:
        """What a click does."""


class Voice(QAccessibleWidget):
    """Speaks for a ``Spoken``. Qt makes one for each when it is first asked for, and ends it with the widget."""

    def __init__(self, widget: QWidget, spoken: Spoken) -> None:
        super().__init__(widget, spoken.spoken_role)
        self._widget, self._spoken = widget, spoken

    def text(self, which: QAccessible.Text) -> str:
        return self._widget.accessibleName() if which is QAccessible.Text.Name else super().text(which)

    def state(self) -> QAccessible.State:
        state = super().state()
        chosen = self._spoken.is_chosen()
        if chosen is not None and self.role() is QAccessible.Role.RadioButton:
            state.checkable, state.checked = True, chosen
        elif chosen is not None:
            state.selectable, state.selected = True, chosen
        return state

    def actionNames(self) -> list[str]:
        return ["Press"] if type(self._spoken).press is not Spoken.press else []

    def doAction(self, name: str) -> None:
        if name == "Press":
            self._spoken.press()


_voices: dict[int, Voice] = {}
"""Python's hold on them, by the widget: Qt keeps no reference that Python would count."""


def _forget(key: int, *_: object) -> None:
    _voices.pop(key, None)


def _speak(_kind: str, what: QObject) -> Voice | None:
    if not (isinstance(what, QWidget) and isinstance(what, Spoken)):
        return None
    voice = _voices[id(what)] = Voice(what, what)
    what.destroyed.connect(partial(_forget, id(what)))
    return voice


QAccessible.installFactory(_speak)
