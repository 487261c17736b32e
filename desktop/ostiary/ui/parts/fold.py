"""The sign of what opens and closes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def fold_sign(beside: QWidget, *, opened: bool) -> str:
    """▾ while it is open; otherwise an arrow to where the words go on, which is to the left in some languages."""
    if opened:
        return "▾"
    return "◂" if beside.isRightToLeft() else "▸"
