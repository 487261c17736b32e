"""``create_directory``: the folders that are missing on the way to a path."""

import stat
from dataclasses import replace
from pathlib import Path

from ostiary_servers.common.anchored import make_directory, read_stat
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.journal import Change, Journal
from ostiary_servers.common.os_errors import not_a_directory
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.plan import ChangePlan, Expected, Op, change_plan
from ostiary_servers.files.arguments import CreateDirectory
from ostiary_servers.files.operations.census import take_census
from ostiary_servers.files.operations.outcome import outcome
from ostiary_servers.files.operations.plan_items import plan_item


def create_directory(
    gate: PathGate, arguments: CreateDirectory, expected: Expected, journal: Journal | None = None
) -> Answer:
    """Makes a folder and the parents it lacks; does nothing when it is there. Raises ToolError."""
    missing = _missing_folders(gate.locate_for_write(arguments.path))
    expected.confirm(arguments.path, {displayable(place.real): None for place in missing})
    plan = change_plan("create_directory", [plan_item(Op.MKDIR, place, None, None) for place in missing])
    change_id = None
    if applied := bool(missing) and not arguments.dry_run:
        expected.confirm_change(arguments.path)
        for place in missing:
            make_directory(place)
        change_id = journal.keep_made(lambda: _record(plan, missing[0])) if journal else None
    text = f"{plan.title}: {on_one_line(arguments.path)}" if missing else "The folder is already there."
    return outcome(text, plan, dry_run=arguments.dry_run, applied=applied, change_id=change_id, journal=journal)


def _record(plan: ChangePlan, outermost: Place) -> Change:
    after = take_census(outermost).digest
    return Change(tool=plan.tool, title=plan.title, op=Op.MKDIR, path=outermost.real, after=after)


def _missing_folders(place: Place) -> list[Place]:
    """The folders that have to be made for ``place`` to be one, outermost first. A root itself is never made."""
    missing: list[Place] = []
    for depth in range(len(place.parts), 0, -1):
        folder = replace(place, real=str(Path(place.root.real, *place.parts[:depth])))
        if is_folder(folder):
            break
        missing.insert(0, folder)
    return missing


def is_folder(place: Place) -> bool:
    """False when nothing is there. Raises ToolError ``not_a_directory`` for anything else."""
    try:
        found = read_stat(place)
    except ToolError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return False
        raise
    if not stat.S_ISDIR(found.st_mode):
        raise not_a_directory(place.requested)
    return True
