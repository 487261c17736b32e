"""Which server owns which tool, prompt and URI: names in and out. A table; no input or output.

A tool keeps its server's own name as long as no other configured server uses it; otherwise it is
``server__tool``. Hosts accept at most 64 characters of ``[A-Za-z0-9_-]`` or drop everything (Claude Desktop), and
Cursor counts the entry's name too, so names end at 40 with a hash. What was assigned once stays: models remember.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

NAME_LIMIT = 40
GONE_KEPT = 2000
"""So many names of a server's things that are gone are kept for them (our policy); the oldest go first."""

_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")
_HASH_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A server and what the server itself calls the thing."""

    server: str
    own_name: str


Assignments = Mapping[str, Mapping[str, str]]
"""Server → own name → the name hosts see."""


def assign(known: Assignments, server: str, own_names: Iterable[str], reserved: Iterable[str]) -> dict[str, str]:
    """The names under which hosts see this server's things; ``reserved`` belong to others even while unused.

    What ``known`` holds for the server stays, also for things that are gone for now.
    """
    offered = dict.fromkeys(own_names)
    names = _without_oldest(known.get(server, {}), offered)
    taken = {name for other, theirs in known.items() if other != server for name in theirs.values()}
    taken |= set(reserved)
    taken |= set(names.values())
    for own_name in offered:
        if own_name not in names:
            names[own_name] = _free_name(server, own_name, taken)
            taken.add(names[own_name])
    return names


def _without_oldest(names: Mapping[str, str], offered: Container[str]) -> dict[str, str]:
    gone = [own_name for own_name in names if own_name not in offered]
    forgotten = frozenset(gone[: max(0, len(gone) - GONE_KEPT)])
    return {own_name: name for own_name, name in names.items() if own_name not in forgotten}


def _free_name(server: str, own_name: str, taken: set[str]) -> str:
    plain = _FOREIGN.sub("_", own_name)
    if plain == own_name and 0 < len(plain) <= NAME_LIMIT and plain not in taken:
        return plain
    prefixed = f"{_FOREIGN.sub('_', server)}__{plain}"
    if plain == own_name and len(prefixed) <= NAME_LIMIT and prefixed not in taken:
        return prefixed
    return _hashed(prefixed, f"{server}\0{own_name}", taken)


def _hashed(name: str, identity: str, taken: set[str]) -> str:
    """The name cut to the limit with a hash of what it stands for; of different things under one name, each its own."""
    for attempt in range(1000):
        digest = hashlib.sha256(f"{identity}\0{attempt}".encode()).hexdigest()[:_HASH_LENGTH]
        candidate = f"{name[: NAME_LIMIT - _HASH_LENGTH - 1]}_{digest}"
        if candidate not in taken:
            return candidate
    raise AssertionError("a thousand names that are all taken")


class Routes:
    """Names to targets for a set of servers, built once for each change of the set.

    ``reserved`` names, and those that hosts know a server outside the set by, lead to nobody else.
    """

    def __init__(self, assignments: Assignments, servers: Iterable[str], reserved: Iterable[str] = ()) -> None:
        self._kept = frozenset(reserved) | {name for theirs in assignments.values() for name in theirs.values()}
        self._targets: dict[str, Target] = {}
        self._by_own_name: dict[str, list[Target]] = {}
        for server in servers:
            for own_name, name in assignments.get(server, {}).items():
                target = self._targets[name] = Target(server, own_name)
                self._by_own_name.setdefault(own_name, []).append(target)

    def find(self, name: str) -> Target | None:
        """The server behind a name, or None. A server's own name counts too while only one server has it.

        The pages of MCP Apps call the tools of their server by the names that it gave them.
        """
        if name in self._kept:
            return self._targets.get(name)
        own = self._by_own_name.get(name, [])
        return own[0] if len(own) == 1 else None
