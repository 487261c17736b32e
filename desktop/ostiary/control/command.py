"""What all commands have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from msgspec import Struct

R = TypeVar("R")


class Command(Struct, Generic[R], frozen=True, kw_only=True, tag_field="do"):
    """Base of all commands; ``result`` is the type of what comes back."""

    result: ClassVar[Any] = None
    widens: ClassVar[bool] = False


class Done(Struct, frozen=True):
    """It is done; there is nothing else to tell."""
