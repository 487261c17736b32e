"""Tab goes the way a page is laid out. Qt by itself goes the way its widgets were made, and rows are made late."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def order_focus(within: QWidget) -> None:
    """Put everything below this widget that Tab reaches in the order of its layouts."""
    last: QWidget | None = None
    for widget in _laid_out(within):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            if last is not None:
                QWidget.setTabOrder(last, widget)
            last = widget


def _laid_out(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    if layout is not None:
        yield from _in(layout)
    if isinstance(widget, QScrollArea) and (inside := widget.widget()) is not None:
        yield from _laid_out(inside)


def _in(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
            yield from _laid_out(widget)
        elif inner is not None:
            yield from _in(inner)
