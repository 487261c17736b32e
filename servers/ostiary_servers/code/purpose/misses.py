"""What to try when no file was at a path: a hint that names files which are there."""

import difflib
import posixpath

from ostiary_servers.code.candidates import files_with
from ostiary_servers.code.repositories import Scope
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError

_NAMED = 3
_LIKENESS = 0.75


def with_hint(error: ToolError, meant: Scope) -> ToolError:
    """The same error with a hint that fits a question about one file; ``meant``: what was asked about."""
    match error.code:
        case ErrorCode.NOT_FOUND:
            return ToolError(error.code, error.message, _similar(meant))
        case ErrorCode.NOT_REGULAR_FILE:
            return ToolError(error.code, error.message, "Name one file; the other tools take a folder as well.")
        case _:
            return error


def _similar(meant: Scope) -> str:
    """Files of the same name elsewhere in the repository come first, then those of names like it."""
    wanted = posixpath.basename(meant.relative)
    named: dict[str, list[str]] = {}
    for path in sorted(files_with(Scope(meant.repository, ""), ())):
        named.setdefault(posixpath.basename(path), []).append(path)
    names = difflib.get_close_matches(wanted, named, _NAMED, _LIKENESS)
    found = [on_one_line(meant.repository.shown(path)) for name in names for path in named[name]][:_NAMED]
    if not found:
        return "Check the spelling; a path is absolute, or begins in the repository."
    return f"Is it one of these: {', '.join(f'“{path}”' for path in found)}?"
