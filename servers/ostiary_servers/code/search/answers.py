"""What ``search_for_function_definition`` answers."""

from typing import Annotated

from pydantic import Field

from ostiary_servers.code.answers import NextCursor, SkippedFile, SkippedLanguage, SnakeAnswer


class FoundDefinition(SnakeAnswer):
    """One definition. Lines count from 1; the block includes decorators and the comments above it."""

    name: str
    qualified: Annotated[str, Field(description="With the names it lies in: Class.method.")]
    kind: str
    language: str
    path: str
    start_line: int
    end_line: int
    signature: str
    doc: str
    code: Annotated[str | None, Field(description="The whole block; null when it is beyond the budget: read code_uri.")]
    code_uri: Annotated[str, Field(description="The block as a resource of this server.")]


class FoundDefinitions(SnakeAnswer):
    """``complete`` is false when something that may hold a definition was not looked at."""

    definitions: list[FoundDefinition]
    files_looked_at: int
    files_skipped: list[SkippedFile]
    files_skipped_total: int
    languages_skipped: list[SkippedLanguage]
    complete: bool
    next_cursor: NextCursor
