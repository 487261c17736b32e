"""The tools of the ``files`` server that write: what is said about each, and the operation behind it.

Descriptions have a fixed order: what it does; what it never does; that a person sees the change first.
Where a server was started otherwise, the last says so.
"""

from dataclasses import replace
from typing import Any

from ostiary_servers.common.journal import Journal
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.tool_server import ADDS, CHANGES, ENSURES, OVERWRITES, Tool
from ostiary_servers.common.writes import Writes
from ostiary_servers.files import answers, arguments
from ostiary_servers.files.operations.folders import create_directory
from ostiary_servers.files.operations.moving import copy_path, move_file, trash_path
from ostiary_servers.files.operations.undoing import undo_change
from ostiary_servers.files.operations.writing import edit_file, write_file

_TOLD = {
    Writes.ASK: "The person sees the change first.",
    Writes.ALLOW: "It is done at once.",
    Writes.REFUSE: "Here only dry runs are done.",
}


def writing_tools(gate: PathGate, journal: Journal | None, writes: Writes = Writes.ASK) -> tuple[Tool[Any], ...]:
    """Each is planned before it is done. Undoing is offered only where there is a journal."""
    tools = (*_writing(gate, journal), *(() if journal is None else (_undoing(gate, journal),)))
    return tuple(replace(tool, description=f"{tool.description} {_TOLD[writes]}") for tool in tools)


def _writing(gate: PathGate, journal: Journal | None) -> tuple[Tool[Any], ...]:
    return (
        Tool(
            name="write_file",
            title="Write a file",
            description=(
                "Makes a text file or replaces all of an existing one, whose encoding, line endings and mode are kept. "
                "Writes exactly that file; never makes folders."
            ),
            hints=OVERWRITES,
            arguments=arguments.WriteFile,
            result=answers.WriteOutcome,
            operation=lambda call, expected: write_file(gate, call, expected, journal),
        ),
        Tool(
            name="edit_file",
            title="Edit a text file",
            description=(
                "Replaces parts of a text file. Each oldText must occur exactly once; give enough of its surroundings. "
                "Keeps every other byte; writes nothing if any edit does not fit."
            ),
            hints=CHANGES,
            arguments=arguments.EditFile,
            result=answers.WriteOutcome,
            operation=lambda call, expected: edit_file(gate, call, expected, journal),
        ),
        Tool(
            name="create_directory",
            title="Make a folder",
            description=(
                "Makes a folder and the parents it lacks; does nothing if it is there. Never changes what exists."
            ),
            hints=ENSURES,
            arguments=arguments.CreateDirectory,
            result=answers.WriteOutcome,
            operation=lambda call, expected: create_directory(gate, call, expected, journal),
        ),
        Tool(
            name="move_file",
            title="Move or rename",
            description=(
                "Moves or renames a file or folder to a path that must be free; never replaces anything, never "
                "follows a link."
            ),
            hints=CHANGES,
            arguments=arguments.MoveFile,
            result=answers.WriteOutcome,
            operation=lambda call, expected: move_file(gate, call, expected, journal),
        ),
        Tool(
            name="copy_path",
            title="Copy",
            description=(
                "Copies a file, or a folder with all that is in it, to a path that must be free; never replaces "
                "anything."
            ),
            hints=ADDS,
            arguments=arguments.CopyPath,
            result=answers.WriteOutcome,
            operation=lambda call, expected: copy_path(gate, call, expected, journal),
        ),
        Tool(
            name="trash_path",
            title="Put in the trash",
            description=(
                "Puts a file, or a folder with all that is in it, in the person's trash; never deletes for good."
            ),
            hints=CHANGES,
            arguments=arguments.TrashPath,
            result=answers.WriteOutcome,
            operation=lambda call, expected: trash_path(gate, call, expected, journal),
        ),
    )


def _undoing(gate: PathGate, journal: Journal) -> Tool[Any]:
    return Tool(
        name="undo_change",
        title="Undo a change",
        description=(
            "Takes back one change that this server made, if what it left is still as it was left. "
            "changes://recent lists them."
        ),
        hints=CHANGES,
        arguments=arguments.UndoChange,
        result=answers.WriteOutcome,
        operation=lambda call, expected: undo_change(gate, call, expected, journal),
    )
