"""What the prompt says about a planned change: its title, and the line under each path. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from ostiary.domain.plan import ChangePlan, FileState, Operation, PlannedChange
from ostiary.ui.figures import number
from ostiary.ui.language import tr, tr_n
from ostiary.ui.visible import reveal_line

_OPERATIONS: Final = {
    Operation.CREATE: tr("new file"),
    Operation.EDIT: tr("edit"),
    Operation.OVERWRITE: tr("overwrite"),
    Operation.MAKE_FOLDER: tr("new folder"),
    Operation.MOVE: tr("moved"),
    Operation.COPY: tr("copied"),
    Operation.TRASH: tr("to the trash"),
}
_IN_PAIRS: Final = (Operation.MOVE, Operation.COPY)
"""Planned as two items: where it is taken from, then where it is put."""


def title(who: str, plan: ChangePlan) -> str:
    """Who wants to do what to how much."""
    operations = {item.op for item in plan.items}
    touched = len([item for item in plan.items if item.op not in _IN_PAIRS or item.before is not None])
    told = _wants(operations.pop() if len(operations) == 1 else None, touched)
    return told.format(host=who, n=number(touched))


def _wants(operation: Operation | None, touched: int) -> str:
    match operation:
        case Operation.CREATE:
            return tr_n("{host} wants to create {n} file", "{host} wants to create {n} files", touched)
        case Operation.EDIT:
            return tr_n("{host} wants to change {n} file", "{host} wants to change {n} files", touched)
        case Operation.OVERWRITE:
            return tr_n("{host} wants to overwrite {n} file", "{host} wants to overwrite {n} files", touched)
        case Operation.MAKE_FOLDER:
            return tr_n("{host} wants to create {n} folder", "{host} wants to create {n} folders", touched)
        case Operation.MOVE:
            return tr_n("{host} wants to move {n} item", "{host} wants to move {n} items", touched)
        case Operation.COPY:
            return tr_n("{host} wants to copy {n} item", "{host} wants to copy {n} items", touched)
        case Operation.TRASH:
            return tr_n("{host} wants to trash {n} item", "{host} wants to trash {n} items", touched)
        case None:
            return tr_n("{host} wants to change {n} path", "{host} wants to change {n} paths", touched)
        case _:
            assert_never(operation)


def change(item: PlannedChange) -> str:
    """The line under a planned path: what, how much, and what is kept."""
    goes_there = item.op in _IN_PAIRS and item.before is None
    parts = [tr("new place") if goes_there else _OPERATIONS[item.op]]
    if item.added or item.removed:
        parts.append(f"+{number(item.added)} −{number(item.removed)}")
    if item.after is not None:
        parts += _kept(item.before, item.after)
    return " · ".join(parts)


def _kept(before: FileState | None, after: FileState) -> Iterator[str]:
    """Encoding, line ends and mode: what stays and what becomes of it."""
    was, now = _form(before), _form(after)
    for name, value in now.items():
        if name in was and was[name] != value:
            yield f"{name} {was[name]} → {value}"
    if same := [value for name, value in now.items() if name != tr("mode") and was.get(name, value) == value]:
        kept = ", ".join(same)
        yield tr("{form} kept").format(form=kept) if before is not None else kept


def _form(state: FileState | None) -> dict[str, str]:
    if state is None:
        return {}
    named = {tr("encoding"): state.encoding or "", tr("line ends"): state.eol or "", tr("mode"): state.mode or ""}
    return {name: reveal_line(value).upper() for name, value in named.items() if value}
