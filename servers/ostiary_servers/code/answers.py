"""What the tools of the ``code`` server share in their answers."""

from typing import Annotated

from pydantic import ConfigDict, Field

from ostiary_servers.common.wire import Wire

NextCursor = Annotated[str | None, Field(description="Send it as cursor to go on; null when nothing is left.")]


class SnakeAnswer(Wire):
    """An answer whose names on the wire are those here."""

    model_config = ConfigDict(alias_generator=lambda name: name)


class SkippedFile(SnakeAnswer):
    """A file that was not looked at, and why."""

    path: str
    reason: Annotated[
        str,
        Field(
            description=(
                "too_large, minified, binary, sensitive (may hold secrets), too_complex (over 1 s), parser_crashed, "
                "or why it cannot be read."
            )
        ),
    ]


class SkippedLanguage(SnakeAnswer):
    """Source code that holds the text asked for, in a language that is not understood."""

    language: str
    files: int
