"""The tools of the ``files`` server: what is said about each, and the operation behind it.

Descriptions have a fixed order: what it does; what it writes and never writes; that a person sees the change first.
"""

from typing import Any

from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.tool_server import CHANGES, ENSURES, OVERWRITES, READS, Tool
from ostiary_servers.files import answers, arguments
from ostiary_servers.files.operations.facts import get_file_info
from ostiary_servers.files.operations.folders import create_directory
from ostiary_servers.files.operations.listing import list_allowed_directories, list_directory
from ostiary_servers.files.operations.reading import read_text_file
from ostiary_servers.files.operations.searching import search_files
from ostiary_servers.files.operations.writing import edit_file, write_file

INSTRUCTIONS = (
    "Reads, searches and edits files in the folders a person approved; list_allowed_directories names them. "
    "Long answers end with a cursor: send it back to go on. Every write shows the person a diff first; "
    "dryRun shows it to you without writing."
)


def tools(gate: PathGate) -> tuple[Tool[Any], ...]:
    """All tools, reading and writing through ``gate``."""
    return (
        Tool(
            name="read_text_file",
            title="Read a text file",
            description=(
                "Reads a text file, or only its first (head) or last (tail) lines. Long files come in parts: "
                "send nextCursor back as cursor for the next one. Tells the encoding and line endings."
            ),
            hints=READS,
            arguments=arguments.ReadTextFile,
            result=answers.TextRead,
            operation=lambda call, _: read_text_file(gate, call),
        ),
        Tool(
            name="list_directory",
            title="List a folder",
            description="Lists the names in one folder, each marked as file, directory, link or other.",
            hints=READS,
            arguments=arguments.ListDirectory,
            result=answers.DirectoryListing,
            operation=lambda call, _: list_directory(gate, call),
        ),
        Tool(
            name="search_files",
            title="Search for names",
            description=(
                "Finds files and folders below a folder whose name, or path relative to it, fits a glob pattern. "
                "Case counts. Links are not followed. Does not look into files."
            ),
            hints=READS,
            arguments=arguments.SearchFiles,
            result=answers.SearchMatches,
            operation=lambda call, _: search_files(gate, call),
        ),
        Tool(
            name="get_file_info",
            title="Show file details",
            description="Tells type, size, times and permissions of a file or folder without opening it.",
            hints=READS,
            arguments=arguments.GetFileInfo,
            result=answers.FileFacts,
            operation=lambda call, _: get_file_info(gate, call),
        ),
        Tool(
            name="list_allowed_directories",
            title="List approved folders",
            description="Names the folders that this server may reach, and whether it may write in them.",
            hints=READS,
            arguments=arguments.ListAllowedDirectories,
            result=answers.AllowedDirectories,
            operation=lambda _, __: list_allowed_directories(gate),
        ),
        Tool(
            name="write_file",
            title="Write a file",
            description=(
                "Makes a text file or replaces all of an existing one, whose encoding, line endings and mode are kept. "
                "Writes exactly that file; never makes folders. The person sees the change first."
            ),
            hints=OVERWRITES,
            arguments=arguments.WriteFile,
            result=answers.WriteOutcome,
            operation=lambda call, expected: write_file(gate, call, expected),
        ),
        Tool(
            name="edit_file",
            title="Edit a text file",
            description=(
                "Replaces parts of a text file. Each oldText must occur exactly once; give enough of its surroundings. "
                "Keeps every other byte; writes nothing if any edit does not fit. The person sees the change first."
            ),
            hints=CHANGES,
            arguments=arguments.EditFile,
            result=answers.WriteOutcome,
            operation=lambda call, expected: edit_file(gate, call, expected),
        ),
        Tool(
            name="create_directory",
            title="Make a folder",
            description=(
                "Makes a folder and the parents it lacks; does nothing if it is there. "
                "Never changes what exists. The person sees the change first."
            ),
            hints=ENSURES,
            arguments=arguments.CreateDirectory,
            result=answers.WriteOutcome,
            operation=lambda call, expected: create_directory(gate, call, expected),
        ),
    )
