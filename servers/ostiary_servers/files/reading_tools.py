"""The tools of the ``files`` server that read: what is said about each, and the operation behind it."""

from dataclasses import replace
from typing import Any

from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.threads import READ_BUDGET_S
from ostiary_servers.common.tool_server import READS, Tool
from ostiary_servers.files import answers, arguments
from ostiary_servers.files.operations.documents import DocumentReader
from ostiary_servers.files.operations.facts import get_file_info
from ostiary_servers.files.operations.listing import list_allowed_directories, list_directory
from ostiary_servers.files.operations.media import read_media_file
from ostiary_servers.files.operations.multiple import read_multiple_files
from ostiary_servers.files.operations.reading import read_text_file
from ostiary_servers.files.operations.searching import search_files
from ostiary_servers.files.operations.sizes import list_directory_with_sizes
from ostiary_servers.files.operations.text_searching import search_text
from ostiary_servers.files.operations.tree import directory_tree


def reading_tools(gate: PathGate) -> tuple[Tool[Any], ...]:
    """They change nothing and go nowhere but to disk."""
    documents = DocumentReader(gate)
    reading = Tool(
        name="read_text_file",
        title="Read a text file",
        description=(
            "Reads a text file, only its first (head) or last (tail) lines, or the lines firstLine to lastLine. "
            "Long files come in parts: send nextCursor back as cursor. Tells the encoding and line endings."
        ),
        hints=READS,
        arguments=arguments.ReadTextFile,
        result=answers.TextRead,
        operation=lambda call, _: read_text_file(gate, call),
        budget_s=READ_BUDGET_S,
    )
    return (
        reading,
        replace(reading, name="read_file", description="Deprecated: the old name of read_text_file."),
        Tool(
            name="read_media_file",
            title="Read a picture or sound",
            description=(
                "Reads a picture, a sound or another file of up to 4 MiB as it is, to be seen, heard or kept; "
                "not for text."
            ),
            hints=READS,
            arguments=arguments.ReadMediaFile,
            result=answers.MediaRead,
            operation=lambda call, _: read_media_file(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="read_document",
            title="Read a document",
            description=(
                "Reads PDF, Word, PowerPoint, Excel, EPUB, Jupyter or HTML files as Markdown, whole or some of their "
                "parts (pages, slides, sheets, chapters, cells). Long answers go on with nextCursor as cursor."
            ),
            hints=READS,
            arguments=arguments.ReadDocument,
            result=answers.DocumentRead,
            operation=lambda call, _: documents.read(call),
        ),
        Tool(
            name="read_multiple_files",
            title="Read several text files",
            description=(
                "Reads several text files at once, each with its share of the answer; one that cannot be read does not "
                "spoil the others. Files that may hold secrets are left out."
            ),
            hints=READS,
            arguments=arguments.ReadMultipleFiles,
            result=answers.ManyRead,
            operation=lambda call, _: read_multiple_files(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="list_directory",
            title="List a folder",
            description="Lists the names in one folder, each marked as file, directory, link or other.",
            hints=READS,
            arguments=arguments.ListDirectory,
            result=answers.DirectoryListing,
            operation=lambda call, _: list_directory(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="list_directory_with_sizes",
            title="List a folder with sizes",
            description="Lists the names in one folder with their sizes and times, by name or the largest first.",
            hints=READS,
            arguments=arguments.ListDirectoryWithSizes,
            result=answers.SizedListing,
            operation=lambda call, _: list_directory_with_sizes(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="directory_tree",
            title="Show a folder tree",
            description=(
                "Shows what is below a folder, level by level, as much as fits. A folder that was not entered is "
                "marked …; ask for it by its own path."
            ),
            hints=READS,
            arguments=arguments.DirectoryTree,
            result=answers.Tree,
            operation=lambda call, _: directory_tree(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="search_files",
            title="Search for names",
            description=(
                "Finds files and folders below a folder whose name, or path relative to it, fits a glob pattern. "
                "Case counts. Links are not followed. Does not look into files; search_text does."
            ),
            hints=READS,
            arguments=arguments.SearchFiles,
            result=answers.SearchMatches,
            operation=lambda call, _: search_files(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="search_text",
            title="Search in files",
            description=(
                "Finds the lines that hold a text, or fit a regular expression, in a file or in the files below a "
                "folder. Links are not followed; files that may hold secrets are left out."
            ),
            hints=READS,
            arguments=arguments.SearchText,
            result=answers.TextMatches,
            operation=lambda call, _: search_text(gate, call),
        ),
        Tool(
            name="get_file_info",
            title="Show file details",
            description="Tells type, size, times and permissions of a file or folder without opening it.",
            hints=READS,
            arguments=arguments.GetFileInfo,
            result=answers.FileFacts,
            operation=lambda call, _: get_file_info(gate, call),
            budget_s=READ_BUDGET_S,
        ),
        Tool(
            name="list_allowed_directories",
            title="List approved folders",
            description="Names the folders that this server may reach, and whether it may write in them.",
            hints=READS,
            arguments=arguments.ListAllowedDirectories,
            result=answers.AllowedDirectories,
            operation=lambda _, __: list_allowed_directories(gate),
            budget_s=READ_BUDGET_S,
        ),
    )
