"""The layout most widgets of ours have: one column from edge to edge, because whoever they stand in gives the room."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget


def column_in(box: QWidget, *widgets: QWidget, spacing: int | None = None) -> QVBoxLayout:
    """The column that fills ``box``, with these in it. ``spacing`` is in pixels; None: the style's own."""
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    if spacing is not None:
        column.setSpacing(spacing)
    for widget in widgets:
        column.addWidget(widget)
    return column
