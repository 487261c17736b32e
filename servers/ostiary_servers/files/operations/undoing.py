"""``undo_change``: a change of this server is taken back, as a change of its own that is planned and can be undone.

Only if what it left is still there as it left it: what a person did since is never undone with it.
"""

from pathlib import Path

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.display import displayable
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.journal import Change, Journal
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.plan import Expected, Op, change_plan
from ostiary_servers.common.roots import RootMode, root_at
from ostiary_servers.common.trash import cannot_take_back, take_from_trash
from ostiary_servers.files.arguments import UndoChange
from ostiary_servers.files.operations.census import take_census
from ostiary_servers.files.operations.moving import (
    Undertaking,
    carry_out,
    plan_move,
    plan_trash,
    refuse_denied,
    require_free,
)
from ostiary_servers.files.operations.plan_items import plan_item
from ostiary_servers.files.operations.snapshot import snapshot
from ostiary_servers.files.operations.writing import carry_out_write, restored

TOOL = "undo_change"


def undo_change(gate: PathGate, call: UndoChange, expected: Expected, journal: Journal) -> Answer:
    """Takes a change back. Raises ToolError, among others ``changed_since`` and ``not_found``."""
    change = journal.find(call.change_id)
    if change.replaced:
        return _put_back_content(gate, call, change, expected, journal)
    place = gate.locate_name_for_write(change.path)
    match change.op:
        case Op.TRASH:
            return carry_out(_restore(place, change, call, expected), journal)
        case Op.MOVE if change.origin is not None:
            _require_unchanged(place, change)
            origin = gate.locate_name_for_write(change.origin)
            return carry_out(plan_move(TOOL, place, origin, expected, dry_run=call.dry_run), journal)
        case _:
            _require_unchanged(place, change)
            return carry_out(plan_trash(TOOL, place, expected, dry_run=call.dry_run), journal)


def _put_back_content(gate: PathGate, call: UndoChange, change: Change, expected: Expected, journal: Journal) -> Answer:
    place = gate.locate_for_write(change.path)
    found = snapshot(place)
    if found is None or found.state.sha256 != change.after:
        raise _changed_since(place)
    expected.confirm(place.requested, {displayable(place.real): found.state.sha256})
    content = restored(journal.before(call.change_id))
    return carry_out_write(TOOL, place, found, content, None if call.dry_run else expected, journal)


def _restore(place: Place, change: Change, call: UndoChange, expected: Expected) -> Undertaking:
    trashed = change.trashed
    if trashed is None:
        raise cannot_take_back(place.requested)
    refuse_denied(place, take_census(_in_trash(trashed, place)))
    require_free(place)
    expected.confirm(place.requested, {displayable(place.real): None})
    plan = change_plan(TOOL, [plan_item(Op.CREATE, place, None, None, ["It comes back from the trash."])])

    def act() -> Change:
        take_from_trash(trashed, place)
        return Change(tool=TOOL, title=plan.title, op=Op.CREATE, path=place.real, after=take_census(place).digest)

    return Undertaking(plan, call.dry_run, act)


def _in_trash(trashed: str, place: Place) -> Place:
    """Where it lies, to be looked at: in a folder that is approved for nothing else."""
    files = root_at(str(Path(trashed).parent), RootMode.READ_ONLY)
    return Place(place.requested, str(Path(files.real, Path(trashed).name)), files, read_only=True)


def _require_unchanged(place: Place, change: Change) -> None:
    try:
        found = take_census(place).digest
    except ToolError as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        found = None
    if found != change.after:
        raise _changed_since(place)


def _changed_since(place: Place) -> ToolError:
    return ToolError(
        ErrorCode.CHANGED_SINCE,
        f"“{place.requested}” changed after that change was made; nothing was undone.",
        "Read it, and make the change that is wanted now.",
    )
