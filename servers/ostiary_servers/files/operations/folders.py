"""``create_directory``: the folders that are missing on the way to a path."""

import stat
from dataclasses import replace
from pathlib import Path

from ostiary_servers.common.anchored import make_directory, read_stat
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.os_errors import not_a_directory
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.plan import Expected, Op, PlanItem, change_plan
from ostiary_servers.files.answers import WriteOutcome
from ostiary_servers.files.arguments import CreateDirectory


def create_directory(gate: PathGate, arguments: CreateDirectory, expected: Expected) -> Answer:
    """Makes a folder and the parents it lacks; does nothing when it is there. Raises ToolError."""
    missing = _missing_folders(gate.locate_for_write(arguments.path))
    expected.confirm(arguments.path, {displayable(place.real): None for place in missing})
    plan = change_plan("create_directory", [_folder_item(place) for place in missing])
    if missing and not arguments.dry_run:
        expected.confirm_change(arguments.path)
        for place in missing:
            make_directory(place)
    outcome = WriteOutcome(dry_run=arguments.dry_run, applied=bool(missing) and not arguments.dry_run, plan=plan)
    return Answer(
        f"{plan.title}: {on_one_line(arguments.path)}" if missing else "The folder is already there.", outcome
    )


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


def _folder_item(place: Place) -> PlanItem:
    return PlanItem(
        op=Op.MKDIR,
        path=place.requested,
        real_path=displayable(place.real),
        root=place.root.label,
        inside=True,
        before=None,
        after=None,
        diff="",
        added=0,
        removed=0,
        warnings=[],
    )
