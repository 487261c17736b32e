"""``list_directory`` and ``list_allowed_directories``."""

from bisect import bisect_right
from pathlib import Path

from pydantic_core import to_json

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, NameCursor
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import RootMode
from ostiary_servers.files.answers import (
    AllowedDirectories,
    AllowedDirectory,
    DirectoryListing,
    Entry,
    Kind,
)
from ostiary_servers.files.arguments import ListDirectory
from ostiary_servers.files.operations.walking import scan

TAGS = {Kind.FILE: "[FILE]", Kind.DIRECTORY: "[DIR]", Kind.LINK: "[LINK]", Kind.OTHER: "[OTHER]"}

_ENTRY_OVERHEAD_BYTES = 30
"""What an entry needs beside its name in the larger of the two forms it is sent in."""


def list_directory(gate: PathGate, arguments: ListDirectory) -> Answer:
    """The names in a folder, in order, as many as fit. The cursor is a name, so a change in between loses no other."""
    found = scan(gate.locate(arguments.path))
    names = [name for name, _ in found]
    start = bisect_right(names, NameCursor.parse(arguments.cursor).after[0]) if arguments.cursor else 0
    entries: list[Entry] = []
    room = RESULT_BUDGET_BYTES
    for name, kind in found[start:]:
        shown = displayable(name)
        room -= max(len(to_json(shown)), len(on_one_line(shown).encode())) + _ENTRY_OVERHEAD_BYTES
        if room < 0:
            break
        entries.append(Entry(name=shown, type=kind))
    end = start + len(entries)
    following = NameCursor((names[end - 1],)).token() if end < len(names) else None
    listing = DirectoryListing(path=arguments.path, entries=entries, next_cursor=following)
    text = "\n".join(f"{TAGS[entry.type]} {on_one_line(entry.name)}" for entry in entries) or "The folder is empty."
    left = len(names) - end
    return Answer(text, listing, f"[{left} more. To go on, call again with cursor {following}]" if following else "")


def list_allowed_directories(gate: PathGate) -> Answer:
    """The approved folders."""
    directories = [
        AllowedDirectory(label=root.label, path=displayable(root.path), writable=root.mode is RootMode.READ_WRITE)
        for root in gate.roots.approved
    ]
    lines = [
        f"{each.path} ({each.label}, {'read and write' if each.writable else 'read only'})" for each in directories
    ]
    text = "\n".join(lines) or "No folder is approved. The person can approve one on Ostiary's Folders page."
    return Answer(text, AllowedDirectories(directories=directories))


def below(requested: str, parts: tuple[str, ...]) -> str:
    """The path of something below ``requested``, in the caller's own form of it."""
    return displayable(str(Path(requested, *parts)))
