"""Which repositories there are in the approved folders, and which one a call means.

A repository is a folder with ``.git`` in it, or looks like a bare one; an approved folder without any is taken as a
whole. Nothing above an approved folder is ever looked at.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary_servers.common.anchored import read_stat, scan_directory
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.roots import Root

SEARCH_DEPTH = 3
"""How far below an approved folder repositories are looked for."""

FOLDERS_LIMIT = 3_000
LISTED_LIMIT = 20
_NEVER_ENTERED = {"node_modules", ".venv", "venv", "__pycache__", ".cache"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A folder that is asked about as a whole."""

    place: Place

    @property
    def real(self) -> str:
        """Its path without links."""
        return self.place.real

    @property
    def name(self) -> str:
        """Its folder's name."""
        return displayable(Path(self.real).name)

    def file(self, relative: str, requested: str = "") -> Place:
        """The place of a file in it, named relative to it."""
        return replace(self.place, requested=requested or displayable(relative), real=f"{self.real}{os.sep}{relative}")

    def shown(self, relative: str) -> str:
        """The path of a file in it as it can be sent: absolute, in the form that the person approved."""
        below = Path(self.real).relative_to(self.place.root.real)
        return displayable(str(Path(self.place.root.path, below, relative)))


@dataclass(frozen=True, slots=True)
class Scope:
    """A repository and what of it is meant: a path relative to it, "" for all."""

    repository: Repository
    relative: str


def scope_of(gate: PathGate, path: str | None, *, must_exist: bool = True) -> Scope:
    """What a call means. Raises ToolError; ``ambiguous_match`` lists the repositories when there is a choice."""
    if path is None or path in {"", "."}:
        return Scope(_only(gate), "")
    place = gate.locate(_absolute(gate, path))
    if must_exist:
        read_stat(place)
    repository = _holding(place)
    relative = os.path.relpath(place.real, repository.real)
    return Scope(repository, "" if relative == "." else relative)


def repositories(gate: PathGate) -> list[Repository]:
    """All repositories in the approved folders, in the order of their paths."""
    found: dict[str, Repository] = {}
    for root in gate.roots.approved:
        inside = _below(root)
        for repository in inside or [Repository(_whole(root))]:
            found.setdefault(repository.real, repository)
    return sorted(found.values(), key=lambda repository: repository.real)


def is_repository(folder: str) -> bool:
    """Whether a folder without links in its path is a git repository, with or without files checked out."""
    path = Path(folder)
    return os.path.lexists(path / ".git") or all((path / name).exists() for name in ("HEAD", "objects", "refs"))


def _absolute(gate: PathGate, path: str) -> str:
    """A relative path is meant from the only repository; with one approved folder the gate takes it from there."""
    return path if Path(path).is_absolute() or path.startswith("~") else str(Path(_only(gate).shown(""), path))


def _only(gate: PathGate) -> Repository:
    found = repositories(gate)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ToolError(
            ErrorCode.NOT_FOUND, "No folder is approved.", "Ask the person to approve a repository's folder."
        )
    names = ", ".join(f"“{on_one_line(repository.shown(''))}”" for repository in found[:LISTED_LIMIT])
    more = f" and {len(found) - LISTED_LIMIT} more" if len(found) > LISTED_LIMIT else ""
    raise ToolError(
        ErrorCode.AMBIGUOUS_MATCH,
        f"There are {len(found)} repositories: {names}{more}.",
        "Say which one: call again with the absolute path of the repository, or of a file in it.",
    )


def _holding(place: Place) -> Repository:
    """The innermost repository around a place, at most the approved folder itself."""
    parts = place.parts
    for count in range(len(parts), -1, -1):
        folder = Path(place.root.real, *parts[:count])
        if folder.is_dir() and is_repository(str(folder)):
            return Repository(replace(place, real=str(folder)))
    return Repository(_whole(place.root))


def _whole(root: Root) -> Place:
    return Place(root.path, root.real, root, read_only=True)


def _below(root: Root) -> list[Repository]:
    """The outermost repositories in a folder, breadth first, no links followed."""
    level, found, seen = [_whole(root)], list[Repository](), 0
    for _ in range(SEARCH_DEPTH + 1):
        deeper: list[Place] = []
        for place in level:
            seen += 1
            if is_repository(place.real):
                found.append(Repository(place))
            elif seen < FOLDERS_LIMIT:
                deeper += _folders(place)
        level = deeper
    return found


def _folders(place: Place) -> list[Place]:
    try:
        with scan_directory(place) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except ToolError:
        return []
    return [
        replace(place, real=str(Path(place.real, name)))
        for name in names
        if name not in _NEVER_ENTERED and not name.startswith(".")
    ]
