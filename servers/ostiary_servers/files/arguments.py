"""What each tool of the ``files`` server is called with."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ostiary_servers.common.wire import Wire

PathText = Annotated[str, Field(description="Absolute path; relative only when there is a single approved folder.")]
CursorText = Annotated[str | None, Field(description="nextCursor of the previous answer, to go on where it ended.")]
DryRun = Annotated[bool, Field(description="Only show what would change; write nothing.")]
Lines = Annotated[int, Field(ge=1)]
RespectGitignore = Annotated[bool, Field(description="Pass over what .gitignore hides, and .git.")]
ExcludePatterns = Annotated[
    list[str], Field(default_factory=list, max_length=100, description="Globs; a folder that fits is not entered.")
]


class ReadTextFile(Wire):
    """``tail`` stands alone, and so do ``head`` and ``last_line``; ``head`` counts from where reading begins."""

    path: PathText
    head: Annotated[Lines | None, Field(description="Only the first N lines.")] = None
    tail: Annotated[Lines | None, Field(description="Only the last N lines.")] = None
    first_line: Annotated[Lines | None, Field(description="Begin at this line; the first is 1.")] = None
    last_line: Annotated[Lines | None, Field(description="End with this line.")] = None
    cursor: CursorText = None


class ListDirectory(Wire):
    """One folder, not what is below it."""

    path: PathText
    cursor: CursorText = None


class ReadMediaFile(Wire):
    """A picture, a sound, or any other file."""

    path: PathText


class ReadDocument(Wire):
    """A document that is no plain text."""

    path: PathText
    first_part: Annotated[Lines, Field(description="First page, slide, sheet, chapter or cell wanted.")] = 1
    last_part: Annotated[Lines | None, Field(description="Last page, slide, sheet, chapter or cell wanted.")] = None
    cursor: CursorText = None


class ReadMultipleFiles(Wire):
    """Text files that are wanted together."""

    paths: Annotated[list[str], Field(min_length=1, max_length=50, description="Absolute paths of text files.")]


class SortBy(StrEnum):
    """The order of a list of files."""

    NAME = "name"
    SIZE = "size"


class ListDirectoryWithSizes(Wire):
    """One folder, not what is below it."""

    path: PathText
    sort_by: Annotated[SortBy, Field(strict=False, description="size: the largest first.")] = SortBy.NAME
    cursor: CursorText = None


class DirectoryTree(Wire):
    """A folder and what is below it."""

    path: PathText
    exclude_patterns: ExcludePatterns
    max_depth: Annotated[Lines | None, Field(description="How many levels; as many as fit when left out.")] = None
    respect_gitignore: RespectGitignore = True


class SearchFiles(Wire):
    """Patterns are globs; one without a slash is held against names at any depth."""

    path: PathText
    pattern: Annotated[str, Field(min_length=1, max_length=1000, description="Glob: *.md, **/test_*.py, src/*.{c,h}.")]
    exclude_patterns: ExcludePatterns
    respect_gitignore: RespectGitignore = True
    cursor: CursorText = None


class SearchText(Wire):
    """A text or an expression, looked for in files."""

    path: Annotated[str, Field(description="A folder, or one file.")]
    query: Annotated[str, Field(min_length=1, max_length=1000, description="Text to look for.")]
    regex: Annotated[bool, Field(description="query is a regular expression.")] = False
    ignore_case: Annotated[bool, Field(description="Upper and lower case are the same.")] = False
    glob: Annotated[str | None, Field(max_length=1000, description="Only in files that fit: *.py, src/**.")] = None
    context: Annotated[int, Field(ge=0, le=10, description="Lines before and after.")] = 0
    limit: Annotated[int, Field(ge=1, le=500, description="At most this many lines in one answer.")] = 100
    respect_gitignore: RespectGitignore = True
    cursor: CursorText = None


class GetFileInfo(Wire):
    """Anything that has a path."""

    path: PathText


class ListAllowedDirectories(Wire):
    """No arguments."""


class WriteFile(Wire):
    """The whole new content."""

    path: PathText
    content: Annotated[str, Field(description="The whole new text.")]
    dry_run: DryRun = False


class Edit(Wire):
    """One replacement: ``old_text`` must occur exactly once."""

    old_text: Annotated[str, Field(min_length=1, description="Text that occurs exactly once; line endings may differ.")]
    new_text: Annotated[str, Field(description="What takes its place.")]


class EditFile(Wire):
    """The edits are made one after the other, each in what the one before left."""

    path: PathText
    edits: Annotated[
        list[Edit], Field(min_length=1, description="Made one after the other, each in what the one before left.")
    ]
    dry_run: DryRun = False


class MoveFile(Wire):
    """From one path to another that must be free."""

    source: PathText
    destination: Annotated[str, Field(description="The whole new path; nothing may be there.")]
    dry_run: DryRun = False


class CopyPath(Wire):
    """From one path to another that must be free."""

    source: PathText
    destination: Annotated[str, Field(description="The whole new path; nothing may be there.")]
    dry_run: DryRun = False


class TrashPath(Wire):
    """A file or a folder with all that is in it."""

    path: PathText
    dry_run: DryRun = False


class UndoChange(Wire):
    """One change that this server made."""

    change_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="changeId of a write's answer.")]
    dry_run: DryRun = False


class CreateDirectory(Wire):
    """Missing parents are made too."""

    path: PathText
    dry_run: DryRun = False
