"""A column of widgets that follows a list of values: each value keeps its widget, and so its focus and its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar, cast

from PySide6.QtWidgets import QWidget

from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.focus_order import order_focus
from ostiary.ui.theme import SPACE_S

V = TypeVar("V")
V_contra = TypeVar("V_contra", contravariant=True)


class Shows(Protocol[V_contra]):
    """A widget that shows one value and can be given a newer one."""

    def show_value(self, value: V_contra) -> None: ...


class Rows(QWidget, Generic[V]):
    """``make`` gives the widget of a new value, ``key`` tells which value is which."""

    def __init__(self, key: Callable[[V], str], make: Callable[[V], QWidget], spacing: int = SPACE_S) -> None:
        super().__init__()
        self._key, self._make = key, make
        self._rows: dict[str, QWidget] = {}
        self._column = column_in(self, spacing=spacing)

    def row(self, key: str) -> QWidget | None:
        return self._rows.get(key)

    def show_values(self, values: Iterable[V]) -> None:
        """Show exactly these, in this order."""
        wanted = {self._key(value): value for value in values}
        new = wanted.keys() - self._rows.keys()
        for key in self._rows.keys() - wanted.keys():
            gone = self._rows.pop(key)
            gone.hide()
            gone.deleteLater()
        for place, (key, value) in enumerate(wanted.items()):
            self._show(place, key, value)
        if new:
            self._order_focus()
        if not wanted or self.parentWidget() is not None:  # which nobody took in yet would be a window of its own
            self.setVisible(bool(wanted))

    def _order_focus(self) -> None:
        """Tab goes down the page that this list is part of, new rows included."""
        page, parent = cast("QWidget", self), self.parentWidget()
        while page.property("role") != "page" and parent is not None:
            page, parent = parent, parent.parentWidget()
        order_focus(page)

    def _show(self, place: int, key: str, value: V) -> None:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._make(value)
        if self._column.indexOf(row) != place:
            self._column.insertWidget(place, row)
        row.show_value(value)  # type: ignore[attr-defined]  # ``Shows`` and ``QWidget`` cannot be intersected
