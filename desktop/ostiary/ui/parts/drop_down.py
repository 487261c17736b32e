"""One value of a few, shown folded; for choices whose words are too long to stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

V = TypeVar("V")
LEAST_PX: Final = 140


class DropDown(QComboBox, Generic[V]):
    """``word`` says a value; ``then`` gets what a person chose. Only ``show_value`` changes what is shown."""

    def __init__(self, name: str, values: Iterable[V], word: Callable[[V], str], then: Callable[[V], None]) -> None:
        super().__init__()
        self._values, self._word, self._then = list(values), word, then
        self._shown: V | None = None
        name_list(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(14)
        for value in self._values:
            self.addItem(word(value))
        self.setCurrentIndex(-1)  # nothing is said before it is known
        self.activated.connect(self._chosen)

    def show_value(self, value: V) -> None:
        """One that is not among the usual ones is offered from now on."""
        if value not in self._values:
            self._values.append(value)
            self.addItem(self._word(value))
        self._shown = value
        self.setCurrentIndex(self._values.index(value))

    def minimumSizeHint(self) -> QSize:
        """It may be squeezed in a window that is narrower than its longest words."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), LEAST_PX), hint.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """It turns the page, and never a value that happens to lie under the pointer."""
        event.ignore()

    def _chosen(self, place: int) -> None:
        wanted = self._values[place]
        if self._shown is not None:
            self.show_value(self._shown)
        if wanted != self._shown:
            self._then(wanted)


def name_list(box: QComboBox, name: str) -> None:
    """Say what a folded list is for. On Linux its name for a screen reader is what it shows, so it is described too."""
    box.setAccessibleName(name)
    box.setAccessibleDescription(name)
    box.view().setAccessibleName(name)
