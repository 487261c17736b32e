"""Commands, paths, JSON and diffs: of fixed width, and from left to right in a language that is not."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ostiary.ui.theme import mono_font

W = TypeVar("W", bound=QWidget)


def as_code(widget: W) -> W:
    """The widget, dressed for text that programs read: turned around, ``/etc/x`` would read ``etc/x/``."""
    widget.setFont(mono_font())
    widget.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return widget
