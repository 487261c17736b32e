"""``search_text``: the lines of files that hold a text, in the order of the tree, in parts that fit the budget."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from ostiary_servers.common.anchored import folder_to_work_in, read_stat
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, NameCursor, bad_cursor
from ostiary_servers.common.cloud import would_fetch
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.os_errors import not_regular_file
from ostiary_servers.common.path_gate import PathGate, Place, refuse_withheld
from ostiary_servers.common.sensitive import is_sensitive
from ostiary_servers.files.answers import TextMatch, TextMatches
from ostiary_servers.files.arguments import SearchText
from ostiary_servers.files.operations.listing import below
from ostiary_servers.files.operations.text_search.engine import Hit, Query, Search, Told, find_ripgrep
from ostiary_servers.files.operations.text_search.excerpt import excerpts

UNORDERED_LIMIT = 5_000
"""As many hits are taken as they come and then put in order. Beyond, ripgrep is asked to keep the order itself, which
costs it its threads."""

_OVERHEAD_BYTES = 60


@dataclass(slots=True)
class _Page:
    """The matches of one answer. ``last`` is the last hit that was looked at, None when all were."""

    matches: list[TextMatch] = field(default_factory=list)
    last: Hit | None = None
    room: int = RESULT_BUDGET_BYTES


def search_text(gate: PathGate, arguments: SearchText) -> Answer:
    """The lines that fit. Nothing found is an empty list, and no error. Raises ToolError for a pattern that is none."""
    _require_one_line(arguments)
    place = gate.locate(arguments.path)
    refuse_withheld(place)
    mode = read_stat(place).st_mode
    _require_searchable(arguments.path, place, mode)
    query = Query(
        arguments.query,
        arguments.regex,
        arguments.ignore_case,
        arguments.glob or "",
        arguments.respect_gitignore,
    )
    after = _position(arguments.cursor)
    is_folder = stat.S_ISDIR(mode)
    top = place if is_folder else replace(place, real=str(Path(place.real).parent))
    with folder_to_work_in(top) as folder:
        hits, told = _find(query, folder, "." if is_folder else Path(place.real).name, after, arguments.limit)
    page = _page(top, arguments, hits, is_folder=is_folder)
    following = _cursor(page.last) if page.last else None
    result = TextMatches(
        matches=page.matches,
        ignored=told.ignored,
        withheld=told.withheld,
        complete=told.complete,
        next_cursor=following,
    )
    notes = _notes(result, only_ascii=arguments.query.isascii())
    return Answer(_text(page.matches) or "The text does not occur.", result, notes)


def _require_one_line(arguments: SearchText) -> None:
    if "\n" in arguments.query or "\0" in arguments.query + (arguments.glob or ""):
        raise ToolError(
            ErrorCode.INVALID_ARGUMENTS,
            "Files are searched line by line: no line end and no NUL character can be looked for.",
            "Look for a part of one line, and ask for context to see the lines around it.",
        )


def _require_searchable(requested: str, place: Place, mode: int) -> None:
    """A file that is named itself is not passed over in silence: that would say that the text does not occur there."""
    if stat.S_ISDIR(mode):
        return
    if not stat.S_ISREG(mode):
        raise not_regular_file(requested)
    if is_sensitive(Path(place.real).name):
        raise ToolError(
            ErrorCode.DENIED_BY_POLICY,
            f"“{requested}” may hold secrets and is not searched.",
            "If you need what is in it, read the file with read_text_file; the person is asked.",
        )


def _find(query: Query, folder: str, target: str, after: tuple[object, ...], limit: int) -> tuple[list[Hit], Told]:
    """The hits after a position in their order, at least one more than ``limit`` if there are."""
    rg = None if would_fetch(folder) else find_ripgrep()  # ours passes over what is in a cloud
    hits, told = _find_by(rg, query, folder, target, after, limit)
    return _find_by(None, query, folder, target, after, limit) if rg and told.died else (hits, told)


def _find_by(
    rg: Path | None, query: Query, folder: str, target: str, after: tuple[object, ...], limit: int
) -> tuple[list[Hit], Told]:
    """By ripgrep, or by our own program."""
    with Search(query, folder, target, in_order=False, rg=rg) as search:
        hits = []
        for hit in search.hits():
            hits.append(hit)
            if len(hits) >= UNORDERED_LIMIT:
                break
        else:
            return sorted(hit for hit in hits if (hit.parts, hit.line) > after), search.told
    with Search(query, folder, target, in_order=True, rg=rg) as search:
        hits = []
        for hit in search.hits():
            if (hit.parts, hit.line) > after:
                hits.append(hit)
            if len(hits) > limit:
                break
        return hits, search.told


def _page(top: Place, arguments: SearchText, hits: list[Hit], *, is_folder: bool) -> _Page:
    page = _Page()
    for hit, match in _matches(top, arguments, hits, is_folder=is_folder):
        page.room -= len(match.model_dump_json().encode()) + _OVERHEAD_BYTES if match else 0
        if match and (page.room < 0 or len(page.matches) >= arguments.limit):
            return page
        page.matches += [match] if match else []
        page.last = hit
    page.last = None
    return page


def _matches(
    top: Place, arguments: SearchText, hits: list[Hit], *, is_folder: bool
) -> Iterator[tuple[Hit, TextMatch | None]]:
    """Each hit with what it shows; None when its file is gone, led outside, or may hold secrets."""
    for parts, group in groupby(hits, lambda hit: hit.parts):
        names, of_file = tuple(map(os.fsdecode, parts)), list(group)
        if is_sensitive("/".join(names)):
            continue
        place = replace(top, real=str(Path(top.real, *names)))
        path = below(arguments.path, names) if is_folder else arguments.path
        try:
            yield from zip(of_file, excerpts(place, path, of_file, arguments.context), strict=False)
        except ToolError:
            yield of_file[-1], None


def _position(cursor: str | None) -> tuple[object, ...]:
    if cursor is None:
        return ()
    match NameCursor.parse(cursor).after:
        case (line, *names) if line.isdecimal() and names:
            return tuple(os.fsencode(name) for name in names), int(line)
        case _:
            raise bad_cursor()


def _cursor(hit: Hit) -> str:
    return NameCursor((str(hit.line), *map(os.fsdecode, hit.parts))).token()


def _text(matches: list[TextMatch]) -> str:
    """As grep writes it: the file, then its lines."""
    lines = []
    for path, group in groupby(matches, lambda match: match.path):
        lines.append(on_one_line(path))
        for match in group:
            first = match.line - len(match.before)
            lines += [f"{number}- {line}" for number, line in enumerate(match.before, first)]
            lines.append(f"{match.line}: {match.text}")
            lines += [f"{number}- {line}" for number, line in enumerate(match.after, match.line + 1)]
    return "\n".join(lines)


def _notes(found: TextMatches, *, only_ascii: bool) -> str:
    notes = []
    if not found.matches and not only_ascii:
        notes.append("[In files that are neither UTF-8 nor UTF-16 only ASCII text is found; try a part of it that is.]")
    if found.next_cursor:
        notes.append(f"[Not finished. To go on, call again with cursor {found.next_cursor}]")
    if not found.complete:
        notes.append("[The search took too long and was stopped; search in a smaller folder or with a glob.]")
    if found.ignored:
        notes.append(f"[{found.ignored} names that .gitignore hides were not searched; respectGitignore=false does.]")
    if found.withheld:
        notes.append(f"[{found.withheld} files and folders that may hold secrets, or .git, were not searched.]")
    return "\n".join(notes)
