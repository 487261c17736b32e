"""``search_files``: names that fit a pattern, in the order of the tree, in parts that fit the budget."""

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, NameCursor
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.glob import Glob
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.files.answers import SearchMatches
from ostiary_servers.files.arguments import SearchFiles
from ostiary_servers.files.operations.listing import below
from ostiary_servers.files.operations.walking import Walk


def search_files(gate: PathGate, arguments: SearchFiles) -> Answer:
    """The paths below a folder whose names fit. Nothing found is an empty list, and no error."""
    pattern = Glob.of(arguments.pattern)
    walk = Walk(tuple(map(Glob.of, arguments.exclude_patterns)), arguments.respect_gitignore)
    after = NameCursor.parse(arguments.cursor).after if arguments.cursor else ()
    matches: list[str] = []
    room = RESULT_BUDGET_BYTES
    following = None
    for parts in walk.fitting(gate.locate(arguments.path), pattern, after):
        path = below(arguments.path, parts)
        room -= len(path.encode()) + 4
        if room < 0:
            following = NameCursor(after).token()
            break
        matches.append(path)
        after = parts
    if walk.stopped_after:
        following = NameCursor(walk.stopped_after).token()
    result = SearchMatches(
        matches=matches,
        visited=walk.visited,
        ignored=walk.ignored,
        unreadable=walk.unreadable,
        next_cursor=following,
    )
    return Answer("\n".join(map(on_one_line, matches)) or "Nothing fits this pattern.", result, walk_notes(result))


def walk_notes(found: SearchMatches) -> str:
    """What a model must know that sees only text."""
    notes = []
    if found.next_cursor:
        notes.append(f"[Not finished. To go on, call again with cursor {found.next_cursor}]")
    if found.ignored:
        notes.append(
            f"[{found.ignored} names that .gitignore hides were passed over; respectGitignore=false shows them.]"
        )
    if found.unreadable:
        notes.append(f"[{found.unreadable} folders could not be read.]")
    return "\n".join(notes)
