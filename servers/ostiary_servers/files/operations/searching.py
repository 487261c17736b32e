"""``search_files``: names that fit a pattern, in the order of the tree, in parts that fit the budget.

The order is fixed (a folder before what is in it, names sorted), so the last path that was looked at is enough to go
on. Links are reported and never entered.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, NameCursor
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.glob import Glob
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.files.answers import Kind, SearchMatches
from ostiary_servers.files.arguments import SearchFiles
from ostiary_servers.files.operations.listing import below, scan

VISIT_LIMIT = 200_000
"""How many names one call looks at. Measured: about 0.6 s on a warm disk (55,000 in 0.15 s)."""

_PASSED_OVER = {ErrorCode.PERMISSION_DENIED, ErrorCode.NOT_FOUND, ErrorCode.NOT_A_DIRECTORY, ErrorCode.IO_ERROR}
"""What may be wrong with a folder on the way without the search being at fault: locked, or gone since it was listed."""


@dataclass(slots=True)
class _Walk:
    """One walk down a tree; counts what it saw."""

    excluded: tuple[Glob, ...]
    visited: int = 0
    unreadable: int = 0

    def below(self, place: Place, after: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The paths below ``place`` that come after the path ``after`` (empty: all), relative to ``place``.

        Keeps a stack of its own, because a tree can be deeper than Python calls.
        """
        stack: list[tuple[Place, tuple[str, ...], Iterator[tuple[str, Kind]]]] = [(place, (), iter(scan(place)))]
        while stack:
            folder, parts, entries = stack[-1]
            for name, kind in entries:
                here = (*parts, name)
                if here < after[: len(here)] or any(glob.matches(here) for glob in self.excluded):
                    continue
                if here > after:
                    self.visited += 1
                    yield here
                if kind is Kind.DIRECTORY:
                    deeper = replace(folder, real=f"{folder.real}{os.sep}{name}")
                    stack.append((deeper, here, iter(self._entries(deeper))))
                    break
            else:
                stack.pop()

    def _entries(self, place: Place) -> list[tuple[str, Kind]]:
        try:
            return scan(place)
        except ToolError as error:
            if error.code not in _PASSED_OVER:
                raise
            self.unreadable += 1
            return []


def search_files(gate: PathGate, arguments: SearchFiles) -> Answer:
    """The paths below a folder whose names fit. Nothing found is an empty list, and no error."""
    pattern = Glob.of(arguments.pattern)
    walk = _Walk(tuple(map(Glob.of, arguments.exclude_patterns)))
    after = NameCursor.parse(arguments.cursor).after if arguments.cursor else ()
    matches: list[str] = []
    room = RESULT_BUDGET_BYTES
    following = None
    for parts in walk.below(gate.locate(arguments.path), after):
        if pattern.matches(parts):
            path = below(arguments.path, parts)
            room -= len(path.encode()) + 4
            if room < 0:
                following = NameCursor(after).token()
                break
            matches.append(path)
        after = parts
        if walk.visited >= VISIT_LIMIT:
            following = NameCursor(after).token()
            break
    found = SearchMatches(matches=matches, visited=walk.visited, unreadable=walk.unreadable, next_cursor=following)
    return Answer("\n".join(map(on_one_line, matches)) or "Nothing fits this pattern.", found, _notes(found))


def _notes(found: SearchMatches) -> str:
    notes = []
    if found.next_cursor:
        notes.append(f"[Not finished. To go on, call again with cursor {found.next_cursor}]")
    if found.unreadable:
        notes.append(f"[{found.unreadable} folders could not be read.]")
    return "\n".join(notes)
