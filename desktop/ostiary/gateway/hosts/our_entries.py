"""All entries of ours in one host's file, edited as if they were one: one for everything, or one for each server. Pure.

The editing of each is ``formats``' and proven there; here they become one change, with one difference to be shown and
one copy to go back to. Ours is the entry ``ostiary``, and any ``ostiary-…`` that starts our shim; an entry of such a
name that starts something else is somebody else's and stays.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import cast

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.formats import Editor, Entry
from ostiary.gateway.hosts.registry import ENTRY_NAME
from ostiary.gateway.hosts.shim_command import PROGRAM

PREFIX = f"{ENTRY_NAME}-"
NAME_LIMIT = 17
"""Hosts put it before each tool's name, and models' interfaces take 64: ``mcp__``, this, ``__``, and 40 of the tool."""

_HASH_LENGTH = 4

Entries = Mapping[str, Entry]
"""Our entries by their names."""


@dataclass(frozen=True, slots=True)
class OurEntries:
    """An ``Editor`` whose entry is all of ours by their names. ``editor`` gives that of one name."""

    editor: Callable[[str], Editor]

    def servers(self, raw: bytes) -> Mapping[str, object]:
        return self.editor(ENTRY_NAME).servers(raw)

    def get(self, raw: bytes) -> Mapping[str, object] | None:
        self.editor(ENTRY_NAME).get(raw)  # refuses a file that could not be edited
        return {name: self.editor(name).get(raw) for name in ours_in(self.servers(raw))} or None

    def has_section(self, raw: bytes) -> bool:
        return self.editor(ENTRY_NAME).has_section(raw)

    def set(self, raw: bytes, entry: Mapping[str, object]) -> bytes:
        """Gives the file with exactly these entries of ours, each in its place where it is there already."""
        there = self.servers(raw)
        ours = ours_in(there)
        for name in ours.keys() - entry.keys():
            raw = self.editor(name).remove(raw)
        for name, one in entry.items():
            if name in there.keys() - ours.keys():
                raise HostFileError(f"It has an entry “{name}” that is not Ostiary's", "Rename that one, or remove it.")
            if not isinstance(one, Mapping):
                raise HostFileError(f"The entry “{name}” is no object", "Mend it by hand.")
            raw = raw if ours.get(name) == one else self.editor(name).set(raw, cast(Entry, one))
        return raw

    def remove(self, raw: bytes, *, drop_empty: bool = False) -> bytes:
        for name in ours_in(self.servers(raw)):
            raw = self.editor(name).remove(raw, drop_empty=drop_empty)
        return raw


def ours_in(servers: Mapping[str, object]) -> dict[str, object]:
    """Gives those of a file's entries that are ours, in its order."""
    return {name: servers[name] for name in servers if name == ENTRY_NAME or _is_a_servers(name, servers)}


def entry_name(server: str) -> str:
    """Gives the name of a server's own entry: small letters, digits and ``-``, as every host takes them."""
    name = f"{PREFIX}{server}"
    if len(name) <= NAME_LIMIT:
        return name
    digest = hashlib.sha256(server.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: NAME_LIMIT - _HASH_LENGTH - 1]}-{digest}"


def difference(found: Mapping[str, object], wanted: Mapping[str, object]) -> str:
    """Tells in a sentence how the file's entries of ours differ from those that we would write; empty: they do not."""
    if found == wanted:
        return ""
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    if missing and not extra:
        return f"It has no entry {_quoted(missing)} yet. Connect again to write what is missing."
    if extra and not missing:
        return f"It still has {_quoted(extra)}. Connect again to take that out."
    if len(wanted) > 1 or len(found) > 1:
        return "Its entries are not what we would write today."
    return "Its entry is not what we would write today."


def is_shim(text: str) -> bool:
    """Says whether a text, such as one of a command, is the path of our shim on any platform."""
    names = {PurePosixPath(text).name, PureWindowsPath(text).name}
    return bool(names & {PROGRAM, f"{PROGRAM}.exe"})


def _is_a_servers(name: str, servers: Mapping[str, object]) -> bool:
    return name.startswith(PREFIX) and any(is_shim(text) for text in _texts(servers[name]))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _quoted(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
