"""``list_directory_with_sizes``: a folder's names with what each file weighs."""

import os
import stat
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress

from ostiary_servers.common.anchored import scan_directory
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, NameCursor, bad_cursor
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.files.answers import Kind, SizedEntry, SizedListing
from ostiary_servers.files.arguments import ListDirectoryWithSizes, SortBy
from ostiary_servers.files.operations.facts import utc_time
from ostiary_servers.files.operations.listing import TAGS
from ostiary_servers.files.operations.walking import kind_of

_Found = tuple[str, Kind, os.stat_result]
_Key = tuple[int, str]


def list_directory_with_sizes(gate: PathGate, arguments: ListDirectoryWithSizes) -> Answer:
    """The names in a folder with their sizes, as many as fit. The cursor is the last one's size and name."""
    key = _by_size if arguments.sort_by is SortBy.SIZE else _by_name
    found = sorted(_scan(gate.locate(arguments.path)), key=key)
    start = _start(found, key, arguments.cursor)
    entries: list[SizedEntry] = []
    room = RESULT_BUDGET_BYTES
    for each in found[start:]:
        entry = _entry(each)
        room -= len(entry.model_dump_json().encode()) + 1
        if room < 0:
            break
        entries.append(entry)
    end = start + len(entries)
    following = _cursor(found[end - 1], key) if end < len(found) else None
    files = [each for each in found if each[1] is Kind.FILE]
    listing = SizedListing(
        path=arguments.path,
        entries=entries,
        files=len(files),
        directories=sum(each[1] is Kind.DIRECTORY for each in found),
        total_bytes=sum(each[2].st_size for each in files),
        next_cursor=following,
    )
    note = f"[{len(found) - end} more. To go on, call again with cursor {following}]" if following else ""
    return Answer(_text(listing), listing, note)


def _scan(place: Place) -> list[_Found]:
    found: list[_Found] = []
    with scan_directory(place) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # gone since it was listed
                found.append((entry.name, kind_of(entry), entry.stat(follow_symlinks=False)))
    return found


def _by_name(found: _Found) -> _Key:
    return (0, found[0])


def _by_size(found: _Found) -> _Key:
    return (-_size(found), found[0])


def _size(found: _Found) -> int:
    return found[2].st_size if stat.S_ISREG(found[2].st_mode) else 0


def _start(found: list[_Found], key: Callable[[_Found], _Key], cursor: str | None) -> int:
    if cursor is None:
        return 0
    match NameCursor.parse(cursor).after:
        case (number, name) if number.removeprefix("-").isdecimal():
            return bisect_right(found, (int(number), name), key=key)
        case _:
            raise bad_cursor()


def _cursor(last: _Found, key: Callable[[_Found], _Key]) -> str:
    number, name = key(last)
    return NameCursor((str(number), name)).token()


def _entry(found: _Found) -> SizedEntry:
    name, kind, facts = found
    size = facts.st_size if kind is Kind.FILE else None
    return SizedEntry(name=displayable(name), type=kind, size_bytes=size, modified=utc_time(facts.st_mtime_ns))


def _text(listing: SizedListing) -> str:
    lines = [
        f"{TAGS[entry.type]} {on_one_line(entry.name)}"
        + ("" if entry.size_bytes is None else f"  {entry.size_bytes} bytes")
        for entry in listing.entries
    ]
    total = f"In all {listing.files} files with {listing.total_bytes} bytes, {listing.directories} folders."
    return "\n".join([*lines, "", total]) if lines else "The folder is empty."
