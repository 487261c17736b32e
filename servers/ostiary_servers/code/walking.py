"""Stands in for ripgrep where its program is missing: prints the same names, slower, as a program of its own.

Started by ``candidates`` in the repository; it is ended from outside when it takes too long or nobody waits any more,
which is what makes it safe to run an expression made of a model's words with Python's backtracking expressions.
What the same files hide is left out, links are not followed.
"""

import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ostiary_servers.code.index.sources import in_utf_8
from ostiary_servers.common.gitignore import SIZE_LIMIT_BYTES, IgnoreFile

FILE_LIMIT_BYTES = 16 * 1024 * 1024
"""Of a longer file only this much is searched."""

_IGNORE_FILES = (".git/info/exclude", ".gitignore", ".ignore", ".rgignore")
"""In the order in which they count, the last one most, wherever they lie."""

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ignore:
    """One file of rules: its rank among its kinds, and the number of names down to the folder it counts for."""

    rank: int
    depth: int
    rules: IgnoreFile


def main(top: str, *expressions: str) -> int:
    """Prints the path of each file below ``top`` that holds a match of any expression; of none: all."""
    patterns = [re.compile(each, re.MULTILINE) for each in expressions]
    for parts in _files(tuple(Path(top).parts)):
        path = os.path.join(*parts)  # noqa: PTH118 - names that are no UTF-8 go through as they are
        if not patterns or _holds(path, patterns):
            sys.stdout.buffer.write(os.fsencode(path) + b"\0")
    sys.stdout.flush()
    return 0


def _files(top: Names) -> Iterator[Names]:
    if top and Path(*top).is_file():
        yield top
        return
    pending: list[tuple[Names, tuple[_Ignore, ...]]] = [(top, ())]
    while pending:
        folder, ignores = pending.pop()
        ignores = _entering(folder, ignores)
        for name, mode in _entries(folder):
            here = (*folder, name)
            if name == ".git" or _hidden(here, ignores, is_folder=stat.S_ISDIR(mode)):
                continue
            if stat.S_ISDIR(mode):
                pending.append((here, ignores))
            elif stat.S_ISREG(mode):
                yield here


def _entries(folder: Names) -> list[tuple[str, int]]:
    try:
        with os.scandir(os.path.join(".", *folder)) as entries:  # noqa: PTH118
            return [(entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries]
    except OSError:
        return []


def _entering(folder: Names, ignores: tuple[_Ignore, ...]) -> tuple[_Ignore, ...]:
    """The rules that count in a folder, the weightiest last: by kind, then the innermost."""
    found = [(rank, _read(Path(*folder, name))) for rank, name in enumerate(_IGNORE_FILES)]
    own = [_Ignore(rank, len(folder), rules) for rank, rules in found if rules]
    return tuple(sorted((*ignores, *own), key=lambda each: (each.rank, each.depth))) if own else ignores


def _read(path: Path) -> IgnoreFile | None:
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT_BYTES + 1)
    except OSError:
        return None
    return IgnoreFile.parse(raw.decode(errors="surrogateescape")) if len(raw) <= SIZE_LIMIT_BYTES else None


def _hidden(parts: Names, ignores: tuple[_Ignore, ...], *, is_folder: bool) -> bool:
    for each in reversed(ignores):
        verdict = each.rules.hides(parts[each.depth :], is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def _holds(path: str, patterns: list[re.Pattern[str]]) -> bool:
    """What is no text holds nothing."""
    try:
        with Path(path).open("rb") as file:
            text = in_utf_8(file.read(FILE_LIMIT_BYTES))
    except OSError:
        return False
    if text is None:
        return False
    decoded = text.decode(errors="replace")
    return any(_in_a_line(found[0]) for pattern in patterns for found in pattern.finditer(decoded))


def _in_a_line(found: str) -> bool:
    """ripgrep looks at one line after the other."""
    return "\n" not in found.strip("\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
