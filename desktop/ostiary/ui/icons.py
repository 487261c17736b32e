"""Our drawings: read from the resources, tinted with one colour, given as icons for every size."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIZES_PX: Final = (16, 20, 22, 24, 32, 48, 64, 128)
ANY_GROUND: Final = QColor("#5977be")
"""For the tray, whose ground is not ours to know: more than 4:1 on white as on black."""


class Doorway(StrEnum):
    """The tray icon's states: six shapes, told apart in one colour at 16 px."""

    IDLE = "idle"
    BUSY = "busy"
    ASKING = "asking"
    BLOCKED = "blocked"
    PAUSED = "paused"
    PROBLEM = "problem"


def icon(name: str, colour: QColor) -> QIcon:
    """The drawing ``name`` in ``colour``, sharp at every usual size."""
    made = QIcon()
    for size_px in SIZES_PX:
        made.addPixmap(pixmap(name, colour, size_px))
    return made


def doorway(state: Doorway, colour: QColor = ANY_GROUND) -> QIcon:
    """Our own icon in one of its states."""
    made = icon(f"doorway-{state}", colour)
    made.setIsMask(colour is ANY_GROUND)  # macOS tints a mask to suit its menu bar
    return made


def pixmap(name: str, colour: QColor, size_px: int, ratio: float = 1.0) -> QPixmap:
    """The drawing as pixels: ``size_px`` wide and high, at ``ratio`` pixels each."""
    made = QPixmap(round(size_px * ratio), round(size_px * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour.name()).encode()))
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return made


@cache
def _drawing(name: str) -> str:
    return (resources.files("ostiary_resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
