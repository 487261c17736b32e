"""A place in the window whose page is built when it is first shown, or first spoken to.

A tray mostly stands with its window closed: what nobody has looked at yet costs neither memory nor time. *Measured:
all pages together took 28 MB.* A page that must follow from the start is no matter for this: it stands there itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from ostiary.ui.parts.column import column_in

P = TypeVar("P", bound=QWidget)


class Later(QWidget, Generic[P]):
    """``build`` is called once, and reads then what has come in until then."""

    def __init__(self, build: Callable[[], P]) -> None:
        super().__init__()
        self._build = build
        self._page: P | None = None
        self._room = column_in(self)

    @property
    def page(self) -> P:
        """The page, which is built if it was not."""
        if self._page is None:
            self._page = self._build()
            self._room.addWidget(self._page)
            self.setFocusProxy(self._page)
        return self._page

    def showEvent(self, event: QShowEvent) -> None:
        """Shown with its content at once: what is added to a layout would show only in the next picture."""
        super().showEvent(event)
        self.page.show()
        self._room.activate()
