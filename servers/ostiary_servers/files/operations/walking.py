"""A walk down a tree in a fixed order: a folder before what is in it, names sorted, links told and never entered.

The order is what makes cursors possible: the last path that was looked at is enough to go on. What ``.gitignore`` hides
is passed over and counted, unless the caller wants it.
"""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from ostiary_servers.common import gitignore
from ostiary_servers.common.anchored import open_file, scan_directory
from ostiary_servers.common.descent import Descent
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.gitignore import IgnoreFile
from ostiary_servers.common.glob import Glob
from ostiary_servers.common.path_gate import Place
from ostiary_servers.files.answers import Kind
from ostiary_servers.files.operations.reading import read_at

VISIT_LIMIT = 200_000
"""How many names one call looks at."""

WALK_LIMIT_S = 1.2
"""How long one call walks before it answers with a cursor."""

_PASSED_OVER = {ErrorCode.PERMISSION_DENIED, ErrorCode.NOT_FOUND, ErrorCode.NOT_A_DIRECTORY, ErrorCode.IO_ERROR}
"""What may be wrong with a folder on the way without the walk being at fault: locked, or gone since it was listed."""

_ALWAYS_HIDDEN = ".git"
"""Git's own store: where .gitignore counts, nobody looks for anything in it."""

Names = tuple[str, ...]


class Found(NamedTuple):
    """One name: its path relative to where the walk began, and what it is."""

    parts: Names
    kind: Kind


@dataclass(frozen=True, slots=True)
class Ignore:
    """Which rules count in a folder, outermost first: each with the number of names from the root to its own folder."""

    files: tuple[tuple[int, IgnoreFile], ...] = ()

    def hides(self, from_root: Names, *, is_folder: bool) -> bool:
        """Whether the path with these names from the root down is hidden; the innermost file that speaks decides."""
        if from_root[-1] == _ALWAYS_HIDDEN:
            return True
        for depth, file in reversed(self.files):
            verdict = file.hides(from_root[depth:], is_folder=is_folder)
            if verdict is not None:
                return verdict
        return False

    def entering(self, folder: Place) -> "Ignore":
        """With the rules in ``folder``, if it has any that may be read."""
        try:
            with open_file(replace(folder, real=str(Path(folder.real, gitignore.FILE_NAME)))) as file:
                raw = read_at(file, 0, gitignore.SIZE_LIMIT_BYTES + 1)
        except ToolError:
            return self
        if len(raw) > gitignore.SIZE_LIMIT_BYTES:
            return self
        return Ignore((*self.files, (len(folder.parts), IgnoreFile.parse(raw.decode(errors="replace")))))


def ignore_above(place: Place) -> Ignore:
    """The rules of the folders from the root down to the one that holds ``place``."""
    ignore = Ignore()
    for depth in range(len(place.parts)):
        ignore = ignore.entering(replace(place, real=str(Path(place.root.real, *place.parts[:depth]))))
    return ignore


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder on the way that is being gone through."""

    place: Place
    parts: Names
    ignore: Ignore
    entries: Iterator[tuple[str, Kind]]


@dataclass(slots=True)
class Walk:
    """One walk; counts what it saw."""

    excluded: tuple[Glob, ...] = ()
    respects_gitignore: bool = True
    visited: int = 0
    ignored: int = 0
    unreadable: int = 0
    _deadline: float = field(default_factory=lambda: time.monotonic() + WALK_LIMIT_S)

    @property
    def is_spent(self) -> bool:
        """Whether one call has looked at enough."""
        return self.visited >= VISIT_LIMIT or (self.visited % 64 == 0 and time.monotonic() > self._deadline)

    def below(self, place: Place, after: Names = ()) -> Iterator[Found]:
        """What is below ``place`` and comes after the path ``after`` (empty: all).

        Keeps a stack of its own, because a tree can be deeper than Python calls. Raises ToolError when ``place``
        itself cannot be listed.
        """
        with Descent() as descent:
            yield from self._below(place, after, descent)

    def inside(self, top: Place, parts: Names) -> list[Found]:
        """What is in one folder of the walk that begins at ``top``. Raises ToolError when ``top`` cannot be listed."""
        place = replace(top, real=str(Path(top.real, *parts)))
        with Descent() as descent:
            names = self._entries(place, descent) if parts else scan(place)
        ignore = ignore_above(place) if self.respects_gitignore else Ignore()
        folder = self._folder(place, parts, ignore, names)
        found = [
            Found((*parts, name), kind)
            for name, kind in folder.entries
            if not self._leaves_out((*place.parts, name), (*parts, name), kind, folder.ignore)
        ]
        self.visited += len(found)
        return found

    def _below(self, place: Place, after: Names, descent: Descent) -> Iterator[Found]:
        top = place.parts
        ignore = ignore_above(place) if self.respects_gitignore else Ignore()
        stack = [self._folder(place, (), ignore, _sorted(descent.entries(place)))]
        while stack:
            folder = stack[-1]
            for name, kind in folder.entries:
                here = (*folder.parts, name)
                if here < after[: len(here)] or self._leaves_out((*top, *here), here, kind, folder.ignore):
                    continue
                if here > after:
                    self.visited += 1
                    yield Found(here, kind)
                if kind is Kind.DIRECTORY:
                    deeper = replace(folder.place, real=f"{folder.place.real.rstrip(os.sep)}{os.sep}{name}")
                    stack.append(self._folder(deeper, here, folder.ignore, self._entries(deeper, descent)))
                    break
            else:
                stack.pop()

    def _entries(self, place: Place, descent: Descent) -> list[tuple[str, Kind]]:
        try:
            return _sorted(descent.entries(place))
        except ToolError as error:
            if error.code not in _PASSED_OVER:
                raise
            self.unreadable += 1
            return []

    def _folder(self, place: Place, parts: Names, ignore: Ignore, entries: list[tuple[str, Kind]]) -> _Folder:
        if self.respects_gitignore and (gitignore.FILE_NAME, Kind.FILE) in entries:
            ignore = ignore.entering(place)
        return _Folder(place, parts, ignore, iter(entries))

    def _leaves_out(self, from_root: Names, here: Names, kind: Kind, ignore: Ignore) -> bool:
        if self.excluded and any(glob.matches(here) for glob in self.excluded):
            return True
        if not self.respects_gitignore or not ignore.hides(from_root, is_folder=kind is Kind.DIRECTORY):
            return False
        self.ignored += 1
        return True


def scan(place: Place) -> list[tuple[str, Kind]]:
    """The names in a folder with their kinds, sorted by name."""
    with scan_directory(place) as entries:
        return _sorted(entries)


def _sorted(entries: "Iterable[os.DirEntry[str]]") -> list[tuple[str, Kind]]:
    return sorted((entry.name, kind_of(entry)) for entry in entries)


def kind_of(entry: "os.DirEntry[str]") -> Kind:
    """What an entry is, no link followed. Files are asked for first, as most are."""
    if entry.is_file(follow_symlinks=False):
        return Kind.FILE
    if entry.is_dir(follow_symlinks=False):
        return Kind.DIRECTORY
    return Kind.LINK if entry.is_symlink() else Kind.OTHER
