"""Outcomes in four kinds, as charts tell them apart: by colour, and by pattern for who does not see it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, NamedTuple

from PySide6.QtCore import Qt

from ostiary.domain.call import Outcome


class Kind(Enum):
    """From the ground of a bar upwards."""

    OK = auto()
    WENT_WRONG = auto()
    NOT_ALLOWED = auto()
    OTHER = auto()


class KindLook(NamedTuple):
    """``tone`` is the name of a token."""

    tone: str
    pattern: Qt.BrushStyle


LOOKS: Final = {
    Kind.OK: KindLook("ok", Qt.BrushStyle.SolidPattern),
    Kind.WENT_WRONG: KindLook("problem", Qt.BrushStyle.BDiagPattern),
    Kind.NOT_ALLOWED: KindLook("ask", Qt.BrushStyle.Dense4Pattern),
    Kind.OTHER: KindLook("text_dim", Qt.BrushStyle.NoBrush),
}
KIND_OF: Final = {
    Outcome.OK: Kind.OK,
    Outcome.FAILED: Kind.WENT_WRONG,
    Outcome.ERROR: Kind.WENT_WRONG,
    Outcome.CUT_OFF: Kind.WENT_WRONG,
    Outcome.DENIED: Kind.NOT_ALLOWED,
    Outcome.UNANSWERED: Kind.NOT_ALLOWED,
    Outcome.RUNNING: Kind.OTHER,
    Outcome.CANCELLED: Kind.OTHER,
}
