"""What each tool of the ``files`` server is called with."""

from typing import Annotated

from pydantic import Field

from ostiary_servers.common.wire import Wire

PathText = Annotated[str, Field(description="Absolute path; relative only when there is a single approved folder.")]
CursorText = Annotated[str | None, Field(description="nextCursor of the previous answer, to go on where it ended.")]
DryRun = Annotated[bool, Field(description="Only show what would change; write nothing.")]
Lines = Annotated[int, Field(ge=1)]


class ReadTextFile(Wire):
    """``head`` and ``tail`` exclude each other; ``head`` counts from the cursor when there is one."""

    path: PathText
    head: Annotated[Lines | None, Field(description="Only the first N lines.")] = None
    tail: Annotated[Lines | None, Field(description="Only the last N lines.")] = None
    cursor: CursorText = None


class ListDirectory(Wire):
    """One folder, not what is below it."""

    path: PathText
    cursor: CursorText = None


class SearchFiles(Wire):
    """Patterns are globs; one without a slash is held against names at any depth."""

    path: PathText
    pattern: Annotated[str, Field(min_length=1, max_length=1000, description="Glob: *.md, **/test_*.py, src/*.{c,h}.")]
    exclude_patterns: Annotated[
        list[str], Field(default_factory=list, description="Globs; a folder that fits is not entered.")
    ]
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
    edits: Annotated[list[Edit], Field(min_length=1)]
    dry_run: DryRun = False


class CreateDirectory(Wire):
    """Missing parents are made too."""

    path: PathText
    dry_run: DryRun = False
