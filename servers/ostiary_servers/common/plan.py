"""What a write will do, before it does it: shown to the person, then applied exactly as shown or not at all.

The gateway calls a write tool with ``dryRun: true`` and shows the plan in its answer. When the person allows it, it
sends the same call without ``dryRun`` and with the plan's before-hashes in ``_meta["ostiary/plan"]``; a server that
finds anything else answers ``stale_plan``. A server that runs alone does the same by itself, when its client can ask
(``confirming``). Without that member the write goes by what it just read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.os_errors import stale_plan
from ostiary_servers.common.wire import Wire

PLAN_META_KEY = "ostiary/plan"
DRY_RUN = "dryRun"
"""The argument of every tool that writes; with true it plans and writes nothing."""


class Op(StrEnum):
    """What happens to one path."""

    CREATE = "create"
    EDIT = "edit"
    OVERWRITE = "overwrite"
    MKDIR = "mkdir"
    MOVE = "move"
    COPY = "copy"
    TRASH = "trash"


class Risk(StrEnum):
    """How much could be lost. Our policy: something new is low, a change that shows is medium, a whole file is high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


_RISK_OF = {
    Op.CREATE: Risk.LOW,
    Op.MKDIR: Risk.LOW,
    Op.COPY: Risk.LOW,
    Op.EDIT: Risk.MEDIUM,
    Op.MOVE: Risk.MEDIUM,
    Op.OVERWRITE: Risk.HIGH,
    Op.TRASH: Risk.HIGH,
}
_VERB_OF = {
    Op.CREATE: "Create",
    Op.MKDIR: "Create",
    Op.COPY: "Copy",
    Op.EDIT: "Edit",
    Op.MOVE: "Move",
    Op.OVERWRITE: "Overwrite",
    Op.TRASH: "Trash",
}


class FileState(Wire):
    """A file's content and form at one moment; ``mode`` in octal. Encoding and line ending are null when not text.

    Of a folder, or a large file, that is moved, copied or trashed, ``sha256`` is a digest of names, sizes and times.
    """

    sha256: str
    size_bytes: int
    mode: str
    encoding: str | None
    eol: str | None


class PlanItem(Wire):
    """What happens to one path. ``path`` is as it was asked for, ``real_path`` with every link followed.

    A move or a copy is two items: where it is taken from, then where it is put.
    """

    op: Op
    path: str
    real_path: str
    root: str | None
    inside: bool
    before: FileState | None
    after: FileState | None
    diff: str
    added: int
    removed: int
    warnings: list[str]


class ChangePlan(Wire):
    """All that one call would do. No items: nothing would change."""

    id: str
    tool: str
    title: str
    risk: Risk
    items: list[PlanItem]

    @property
    def before(self) -> Mapping[str, str | None]:
        """By real path the hash of what is there; None for what is not there yet."""
        return {item.real_path: item.before.sha256 if item.before else None for item in self.items}


def change_plan(tool: str, items: list[PlanItem]) -> ChangePlan:
    """The plan of ``items``. Its id follows from what it does, so that the same change has the same id."""
    risk = max((_RISK_OF[item.op] for item in items), key=list(Risk).index, default=Risk.LOW)
    digest = hashlib.sha256(tool.encode())
    for item in items:
        states = (item.op, item.real_path, item.before and item.before.sha256, item.after and item.after.sha256)
        digest.update(repr(states).encode(errors="surrogateescape"))
    return ChangePlan(id=digest.hexdigest()[:32], tool=tool, title=_title(items), risk=risk, items=items)


def _title(items: list[PlanItem]) -> str:
    if not items:
        return "Change nothing"
    first = items[0]
    where = first.root or "no approved folder"
    if first.op in {Op.MOVE, Op.COPY, Op.TRASH}:
        return f"{_VERB_OF[first.op]} {PurePath(first.real_path).name} in {where}"
    noun = "folder" if first.op is Op.MKDIR else "file"
    plural = "" if len(items) == 1 else "s"
    return f"{_VERB_OF[first.op]} {len(items)} {noun}{plural} in {where}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller was shown: for each real path the hash it had, None for what must not exist.

    ``hashes`` is None when no plan was shown; then whatever is found is as expected. It is empty when the plan shown
    was to change nothing.
    """

    hashes: Mapping[str, str | None] | None = None

    def confirm(self, requested: str, found: Mapping[str, str | None]) -> None:
        """Raises ToolError ``stale_plan`` unless exactly what was shown is what is found now."""
        if self.hashes and dict(self.hashes) != dict(found):
            raise stale_plan(requested)

    def confirm_change(self, requested: str) -> None:
        """Raises ToolError ``stale_plan`` when something is about to change though no change was shown."""
        if self.hashes is not None and not self.hashes:
            raise stale_plan(requested)


def expected_in(meta: Mapping[str, Any] | None) -> Expected:
    """The expectation in a request's ``_meta``. Raises ToolError ``invalid_arguments`` for one that cannot be read."""
    match (meta or {}).get(PLAN_META_KEY):
        case None:
            return Expected()
        case {"before": [*entries]}:
            return Expected(dict(map(_hash_entry, entries)))
        case _:
            raise _unreadable()


def shown_plan(before: Mapping[str, str | None]) -> dict[str, Any]:
    """What a request's ``_meta`` holds when the plan with these hashes was shown; ``expected_in`` reads it."""
    return {PLAN_META_KEY: {"before": [{"realPath": path, "sha256": sha256} for path, sha256 in before.items()]}}


def _hash_entry(entry: Any) -> tuple[str, str | None]:
    match entry:
        case {"realPath": str(path), "sha256": None | str() as sha256}:
            return path, sha256
        case _:
            raise _unreadable()


def _unreadable() -> ToolError:
    return ToolError(
        ErrorCode.INVALID_ARGUMENTS,
        f"The member {PLAN_META_KEY} of the request's _meta cannot be read; nothing was written.",
        "Leave it out; only Ostiary's gateway sends it.",
    )
