"""What a write would change, as a bundled server planned it (its ``dryRun`` answer, decoded)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Operation(StrEnum):
    """What happens to one path."""

    CREATE = "create"
    EDIT = "edit"
    OVERWRITE = "overwrite"
    MAKE_FOLDER = "mkdir"
    MOVE = "move"
    COPY = "copy"
    TRASH = "trash"


class Risk(StrEnum):
    """How much a plan could cost if it is wrong, as its server judged it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class FileState(Struct, frozen=True, kw_only=True, rename="camel"):
    """A file before or after the change. ``sha256`` is hexadecimal; ``mode`` the permission bits in octal."""

    sha256: str
    size_bytes: int
    mode: str | None = None
    encoding: str | None = None
    eol: str | None = None


class PlannedChange(Struct, frozen=True, kw_only=True, rename="camel"):
    """One path of a plan. ``path`` as it was asked for, ``real_path`` with all links resolved.

    A move or a copy is two of these: where it is taken from, then where it is put.
    """

    op: Operation
    path: str
    real_path: str
    root: str | None = None
    inside: bool = False
    before: FileState | None = None
    after: FileState | None = None
    diff: str = ""
    added: int = 0
    removed: int = 0
    warnings: tuple[str, ...] = ()


class ChangePlan(Struct, frozen=True, kw_only=True, rename="camel"):
    """Everything one call would change."""

    id: str
    tool: str
    title: str
    risk: Risk = Risk.MEDIUM
    items: tuple[PlannedChange, ...] = ()
