"""Which files may hold a text, by ripgrep: what .gitignore hides is left out, links are not followed.

ripgrep reads no configuration here and starts nothing (``--pre`` is an option that only we could give). Where it is
missing, or ends for want of memory, ``walking`` gives the same names.
"""

import os
import re
import sys
from collections.abc import Iterator
from itertools import islice

from ostiary_servers.code.programs import find_program, running
from ostiary_servers.code.repositories import Scope
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.memory_limit import RIPGREP_BYTES

TIMEOUT_S = 15.0
FILES_LIMIT = 200_000
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")

_OPTIONS = (
    *("--no-config", "--no-messages", "--null", "--hidden", "--glob=!.git", "--no-ignore-parent"),
    *("--no-ignore-global", "--no-require-git", "--color=never"),
)


def files_with(scope: Scope, expressions: tuple[str, ...]) -> set[str]:
    """The files of a scope, relative to its repository, that hold a match of any; of none: all that are not hidden."""
    if rg := find_program("rg"):
        names, was_killed = _run(_by_ripgrep(rg, scope, expressions), scope)
        if not was_killed:
            return names
    return _run(_by_walking(scope, expressions), scope)[0]


def _run(command: list[str], scope: Scope) -> tuple[set[str], bool]:
    """The names that a program prints, and whether it ended before it had printed all, as for want of memory."""
    with running(command, scope.repository.real, {}, TIMEOUT_S, memory_bytes=RIPGREP_BYTES) as output:
        names = set(islice(_names(output.pieces), FILES_LIMIT))
    if output.timed_out:
        raise ToolError(
            ErrorCode.TIMEOUT,
            f"Looking through the files took longer than {TIMEOUT_S:.0f} s.",
            "Send a path to narrow it.",
        )
    return names, output.exit_code < 0


def _by_ripgrep(rg: str, scope: Scope, expressions: tuple[str, ...]) -> list[str]:
    asked = [part for expression in expressions for part in ("-e", expression)]
    what = ["--files-with-matches", *map(_in_any_encoding, asked)] if asked else ["--files"]
    return [rg, *_OPTIONS, *what, "--", f".{os.sep}{scope.relative}"]


def _in_any_encoding(expression: str) -> str:
    """ripgrep takes a file for UTF-8; in Windows-1252 and its like, a letter beyond ASCII is one byte of its own."""
    expression = expression.replace(r"\S*", r"(?-u:\S)*")
    return _BEYOND_ASCII.sub(lambda found: rf"(?:{found[0]}|(?-u:[\x80-\xff]))", expression)


def _by_walking(scope: Scope, expressions: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-P", "-m", "ostiary_servers.code.walking", scope.relative, *expressions]


def _names(pieces: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        for name in whole:
            yield os.path.normpath(os.fsdecode(name))
