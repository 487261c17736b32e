"""``move_file``, ``copy_path`` and ``trash_path``: something whole is put elsewhere, and nothing is ever replaced.

The names themselves are meant: a link is moved, copied or trashed, never what it leads to.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary_servers.common import trash
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.journal import Change, Journal
from ostiary_servers.common.os_errors import already_exists, not_regular_file
from ostiary_servers.common.path_gate import PathGate, Place, holds, refuse_withheld
from ostiary_servers.common.plan import ChangePlan, Expected, Op, PlanItem, change_plan
from ostiary_servers.common.relocate import copy_tree, move_path
from ostiary_servers.files.arguments import CopyPath, MoveFile, TrashPath
from ostiary_servers.files.operations.census import Census, take_census
from ostiary_servers.files.operations.folders import is_folder
from ostiary_servers.files.operations.outcome import outcome
from ostiary_servers.files.operations.plan_items import plan_item

COPY_LIMIT_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A change that is planned: its plan, whether it is made now, and what is done then."""

    plan: ChangePlan
    dry_run: bool
    act: Callable[[], Change]


def move_file(gate: PathGate, call: MoveFile, expected: Expected, journal: Journal | None = None) -> Answer:
    """Moves or renames a file or folder. Raises ToolError, among others ``already_exists``."""
    source = gate.locate_name_for_write(call.source)
    refuse_withheld(source)
    destination = gate.locate_new_name(call.destination)
    return carry_out(plan_move("move_file", source, destination, expected, dry_run=call.dry_run), journal)


def copy_path(gate: PathGate, call: CopyPath, expected: Expected, journal: Journal | None = None) -> Answer:
    """Copies a file or folder. Raises ToolError, among others ``already_exists`` and ``too_large``."""
    source = gate.locate_name(call.source)
    refuse_withheld(source)
    destination = gate.locate_new_name(call.destination)
    census = _pair(source, destination, expected)
    if census.special and not census.folders:
        raise not_regular_file(call.source)
    if census.size_bytes > COPY_LIMIT_BYTES:
        raise _too_large(call.source, census.size_bytes)
    if census.in_cloud:
        raise _in_cloud(call.source, census.in_cloud)
    plan = change_plan("copy_path", _items(Op.COPY, source, destination, census))

    def act() -> Change:
        copy_tree(source, destination)
        after = take_census(destination).digest
        return Change(tool="copy_path", title=plan.title, op=Op.COPY, path=destination.real, after=after)

    return carry_out(Undertaking(plan, call.dry_run, act), journal)


def trash_path(gate: PathGate, call: TrashPath, expected: Expected, journal: Journal | None = None) -> Answer:
    """Puts a file or folder in the person's trash. Raises ToolError, among others ``no_trash``."""
    place = gate.locate_name_for_write(call.path)
    return carry_out(plan_trash("trash_path", place, expected, dry_run=call.dry_run), journal)


def plan_move(tool: str, source: Place, destination: Place, expected: Expected, *, dry_run: bool) -> Undertaking:
    """From ``source`` to ``destination``, which must be free."""
    census = _pair(source, destination, expected)
    refuse_denied(source, census)
    plan = change_plan(tool, _items(Op.MOVE, source, destination, census))

    def act() -> Change:
        move_path(source, destination)
        return Change(
            tool=tool, title=plan.title, op=Op.MOVE, path=destination.real, after=census.digest, origin=source.real
        )

    return Undertaking(plan, dry_run, act)


def plan_trash(tool: str, place: Place, expected: Expected, *, dry_run: bool) -> Undertaking:
    """What is at ``place`` goes to the trash."""
    census = take_census(place)
    refuse_denied(place, census)
    expected.confirm(place.requested, {displayable(place.real): census.digest})
    warnings = [*_warnings(census), trash.WARNING]
    plan = change_plan(tool, [plan_item(Op.TRASH, place, census.state, None, warnings)])

    def act() -> Change:
        trashed = trash.put_in_trash(place)
        return Change(tool=tool, title=plan.title, op=Op.TRASH, path=place.real, after=None, trashed=trashed)

    return Undertaking(plan, dry_run, act)


def carry_out(undertaking: Undertaking, journal: Journal | None) -> Answer:
    """Makes the change unless it is a dry run, writes it down, and tells."""
    plan, change_id = undertaking.plan, None
    if not undertaking.dry_run:
        change = undertaking.act()
        change_id = journal.keep_made(lambda: change) if journal else None
    text = f"{plan.items[0].op.capitalize()} {' to '.join(on_one_line(item.path) for item in plan.items)}\n"
    text += "".join(f"! {warning}\n" for item in plan.items for warning in item.warnings)
    return outcome(
        text, plan, dry_run=undertaking.dry_run, applied=not undertaking.dry_run, change_id=change_id, journal=journal
    )


def require_free(place: Place) -> None:
    """Raises ToolError unless nothing is at ``place`` and its folder exists."""
    try:
        take_census(place)
    except ToolError as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
    else:
        raise already_exists(place.requested)
    if not is_folder(replace(place, real=str(Path(place.real).parent))):
        raise ToolError(
            ErrorCode.NOT_FOUND,
            f"The folder that “{place.requested}” should be in does not exist.",
            "Make it first with create_directory.",
        )


def refuse_denied(place: Place, census: Census) -> None:
    """Raises ToolError where a name that is never written would leave ``place``, or come to be there."""
    denied = next(filter(place.denies, census.below), None)
    if denied is not None:
        raise ToolError(
            ErrorCode.DENIED_BY_POLICY,
            f"“{place.requested}” would take “{displayable(denied[1:])}” with it, which is one of the "
            "files that are never written through Ostiary.",
            "Leave that file where it is: name what is beside it, piece by piece, or ask the person to do it.",
        )


def _pair(source: Place, destination: Place, expected: Expected) -> Census:
    if holds(source.real, destination.real):
        raise ToolError(
            ErrorCode.INVALID_ARGUMENTS, "The destination is the source itself, or in it.", "Choose another one."
        )
    census = take_census(source)
    refuse_denied(destination, census)
    require_free(destination)
    found = {displayable(source.real): census.digest, displayable(destination.real): None}
    expected.confirm(source.requested, found)
    return census


def _items(op: Op, source: Place, destination: Place, census: Census) -> list[PlanItem]:
    left = census.state if op is Op.COPY else None
    return [
        plan_item(op, source, census.state, left, _warnings(census)),
        plan_item(op, destination, None, census.state),
    ]


def _warnings(census: Census) -> Iterable[str]:
    if census.folders:
        yield f"A folder: {census.files} files with {census.size_bytes} bytes in {census.folders} folders."
    if census.sensitive:
        yield f"{census.sensitive} of the names are usually those of files that hold secrets."
    if census.in_cloud:
        yield f"{census.in_cloud} of the files are in a cloud service and not on this computer."
    if census.special:
        yield f"{census.special} devices, sockets or named pipes are among it; they are not copied."


def _in_cloud(requested: str, files: int) -> ToolError:
    return ToolError(
        ErrorCode.CLOUD_PLACEHOLDER,
        f"The content of {files} files at “{requested}” is in a cloud service and not on this computer.",
        "Ask the person to download them first; they can be moved as they are.",
    )


def _too_large(requested: str, size_bytes: int) -> ToolError:
    return ToolError(
        ErrorCode.TOO_LARGE,
        f"“{requested}” has {size_bytes} bytes; at most {COPY_LIMIT_BYTES} are copied in one call.",
        "Leave it to the person, or copy less.",
    )
