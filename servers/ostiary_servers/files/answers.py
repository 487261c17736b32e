"""What each tool of the ``files`` server answers with, as structure."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, WithJsonSchema

from ostiary_servers.common.plan import ChangePlan
from ostiary_servers.common.wire import Wire

NextCursor = Annotated[str | None, Field(description="Send it as cursor to go on; null when nothing is left.")]


class Kind(StrEnum):
    """What an entry of a folder is; links are not followed to tell."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


class TextRead(Wire):
    """A part of a text file. ``truncated``: the budget cut it short of what was asked for."""

    path: str
    content: str
    encoding: str
    byte_order_mark: bool
    encoding_guessed: bool
    eol: str
    size_bytes: int
    start_byte: int
    end_byte: int
    truncated: bool
    next_cursor: NextCursor


class Entry(Wire):
    """One name in a folder."""

    name: str
    type: Kind


class DirectoryListing(Wire):
    """Entries in the order of their names."""

    path: str
    entries: list[Entry]
    next_cursor: NextCursor


class SizedEntry(Wire):
    """One name in a folder; ``size_bytes`` is null for what is no file."""

    name: str
    type: Kind
    size_bytes: int | None
    modified: str


class SizedListing(Wire):
    """Entries in the order that was asked for; the totals are of the whole folder."""

    path: str
    entries: list[SizedEntry]
    files: int
    directories: int
    total_bytes: int
    next_cursor: NextCursor


class TreeEntry(Wire):
    """One name; ``children`` is null for what is no folder or was not entered, ``more`` counts names left out."""

    name: str
    type: Kind
    children: list["TreeEntry"] | None = None
    more: int = 0


class Tree(Wire):
    """A tree, each level whole before the next. ``truncated``: some of it did not fit."""

    path: str
    children: list[TreeEntry]
    more: int
    ignored: int
    unreadable: int
    truncated: bool


class MediaRead(Wire):
    """The file's bytes are in the answer's content."""

    path: str
    mime_type: str
    size_bytes: int


class DocumentRead(Wire):
    """A part of a document as Markdown. ``parts`` is how many pages, slides, sheets, chapters or cells it has."""

    path: str
    kind: str
    parts: int
    content: str
    next_cursor: NextCursor


class OneOfMany(Wire):
    """One file that was asked for; ``content`` is null when it could not be read, and ``code`` says why."""

    path: str
    content: str | None
    encoding: str | None
    truncated: bool
    next_cursor: NextCursor
    code: str | None
    message: str | None


class ManyRead(Wire):
    """As many as were asked for, in that order."""

    files: list[OneOfMany]


class SearchMatches(Wire):
    """Paths in the order of the tree. What is ``ignored`` (hidden by .gitignore) or ``unreadable`` was passed over."""

    matches: list[str]
    visited: int
    ignored: int
    unreadable: int
    next_cursor: NextCursor


class TextMatch(Wire):
    """One line that fits, and the lines around it; long lines are cut."""

    path: str
    line: int
    text: str
    before: list[str]
    after: list[str]


class TextMatches(Wire):
    """Lines in the order of the tree. Not searched: names that are ``ignored`` (.gitignore), and those ``withheld``."""

    matches: list[TextMatch]
    ignored: int
    withheld: int
    complete: bool
    next_cursor: NextCursor


class FileFacts(Wire):
    """Times are UTC, ISO 8601; ``mode`` is octal; ``created`` is null where the system does not keep it."""

    path: str
    type: Kind
    size_bytes: int
    created: str | None
    modified: str
    accessed: str
    mode: str
    links: int
    root: str
    writable: bool
    only_in_cloud: bool


class AllowedDirectory(Wire):
    """An approved folder."""

    label: str
    path: str
    writable: bool


class AllowedDirectories(Wire):
    """All approved folders."""

    directories: list[AllowedDirectory]


class WriteOutcome(Wire):
    """What a write would do (``dry_run``) or did; ``applied`` is false when nothing had to change.

    The plan's own schema is left out of the tool list: it would be 1.5 KB for each writing tool, and the gateway, which
    reads plans, knows their form.
    """

    dry_run: bool
    applied: bool
    plan: Annotated[ChangePlan, WithJsonSchema({"type": "object"}, mode="serialization")]
    change_id: Annotated[str | None, Field(description="Send it to undo_change to take this back.")] = None
