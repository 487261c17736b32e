"""Stands in for ripgrep where its program is missing: prints the same positions, slower, as a program of its own.

Started by ``engine`` in the folder to be searched; it is ended from outside when it takes too long, which is what makes
it safe to run a pattern of a model's with Python's backtracking expressions.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.glob import Glob
from ostiary_servers.common.path_gate import Place, locate
from ostiary_servers.common.roots import RootMode, Roots, root_at
from ostiary_servers.common.sensitive import is_sensitive
from ostiary_servers.files.answers import Kind
from ostiary_servers.files.operations.reading import read_at
from ostiary_servers.files.operations.walking import Walk

_BINARY_SNIFF_BYTES = 8 * 1024
FILE_LIMIT_BYTES = 64 * 1024 * 1024
"""Of a longer file only this much is searched."""


def main(text: str, glob: str, target: str, *flags: str) -> int:
    """Prints a line for each match; gives ripgrep's exit codes."""
    try:
        pattern = re.compile(
            (text if "regex" in flags else re.escape(text)).encode(),
            re.MULTILINE | (re.IGNORECASE if "ignores_case" in flags else 0),
        )
    except re.error as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    root = root_at(str(Path.cwd()), RootMode.READ_ONLY)
    walk = Walk(respects_gitignore="respects_gitignore" in flags)
    for parts, place in _files(locate(str(Path.cwd() / target), Roots((root,))), walk, Glob.of(glob or "**")):
        _search(pattern, parts, place)
    sys.stdout.flush()
    for _ in range(walk.ignored):
        print("DEBUG|: ignoring IgnoreMatch(Gitignore(", file=sys.stderr)
    return 0


def _files(place: Place, walk: Walk, glob: Glob) -> Iterator[tuple[tuple[str, ...], Place]]:
    if Path(place.real).is_file():
        yield place.parts, place
        return
    for found in walk.below(place):
        if found.kind is Kind.FILE and glob.matches(found.parts) and not is_sensitive("/".join(found.parts)):
            yield found.parts, replace(place, real=str(Path(place.real, *found.parts)))


def _search(pattern: re.Pattern[bytes], parts: tuple[str, ...], place: Place) -> None:
    try:
        with open_file(place) as file:
            raw = read_at(file, 0, FILE_LIMIT_BYTES)
    except ToolError:
        return
    if b"\0" in raw[:_BINARY_SNIFF_BYTES]:
        return
    name = os.fsencode(os.path.join(".", *parts))  # noqa: PTH118 - a Path drops the dot
    line, counted_to = 1, 0
    for match in pattern.finditer(raw):
        line += raw.count(b"\n", counted_to, match.start())
        counted_to = match.start()
        column = match.start() - raw.rfind(b"\n", 0, match.start())
        sys.stdout.buffer.write(b"%s\0%d:%d:%d:\n" % (name, line, column, match.start()))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
