"""Manifests and lock files as values, the same for every ecosystem.

A manifest says what is asked for, a lock file what was chosen. A package in a lock file has a key of the lock file's
own, because one name can be there in several versions.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Ecosystem(StrEnum):
    """Whose rules count."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    RUST = "rust"
    GO = "go"


class Scope(StrEnum):
    """What a dependency is needed for. PEER: whoever uses the package brings it; INDIRECT: only others ask for it."""

    RUNTIME = "runtime"
    OPTIONAL = "optional"
    PEER = "peer"
    BUILD = "build"
    DEV = "dev"
    INDIRECT = "indirect"


class FormatError(Exception):
    """A manifest or lock file that cannot be read; the message is a sentence without the file's name."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a manifest asks for. ``line`` counts from 1, 0: not known; ``marker`` restricts where it counts."""

    name: str
    spec: str
    scope: Scope
    line: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest; ``name`` is the project's own. ``pinned``: it is its own lock file (``requirements.txt``)."""

    name: str
    requirements: tuple[Requirement, ...]
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One package asks for another; ``target`` is the key of what was chosen, None when nothing was."""

    name: str
    spec: str
    target: str | None
    scope: Scope = Scope.RUNTIME


@dataclass(frozen=True, slots=True)
class Package:
    """One chosen package; ``alias`` is the name it is asked for by, where that is another one."""

    key: str
    name: str
    version: str
    edges: tuple[Edge, ...] = ()
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file. ``members``: the project's own packages by folder or name; ``flat``: edges are not recorded."""

    packages: dict[str, Package]
    members: dict[str, str] = field(default_factory=dict)
    flat: bool = False

    def by_name(self) -> dict[str, list[Package]]:
        """All versions of each package, by name and alias, the project's own ones not."""
        own, found = set(self.members.values()), dict[str, list[Package]]()
        for each in self.packages.values():
            for name in {each.name, each.alias} if each.key not in own else ():
                found.setdefault(name, []).append(each)
        return found
