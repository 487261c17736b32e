"""A walk down a tree in a fixed order: a folder before what is in it, names sorted, links told and never entered.

The order is what makes cursors possible: the last path that was looked at is enough to go on. What ``.gitignore`` hides
is passed over and counted, unless the caller wants it.
"""

import os
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from ostiary_servers.common import gitignore
from ostiary_servers.common.anchored import scan_directory
from ostiary_servers.common.descent import Descent
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.gitignore import IgnoreFile
from ostiary_servers.common.glob import Glob
from ostiary_servers.common.path_gate import Place
from ostiary_servers.common.path_names import MAX_PATH_BYTES
from ostiary_servers.files.answers import Kind
from ostiary_servers.files.operations.reading import read_at

VISIT_LIMIT = 200_000
"""How many names one call looks at."""

WALK_LIMIT_S = 1.2
"""How long one call walks before it answers with a cursor."""

_LOOKS = 64
"""So many names are looked at between two looks at the clock."""

_PASSED_OVER = {ErrorCode.PERMISSION_DENIED, ErrorCode.NOT_FOUND, ErrorCode.NOT_A_DIRECTORY, ErrorCode.IO_ERROR}
"""What may be wrong with a folder on the way without the walk being at fault: locked, or gone since it was listed."""

_ALWAYS_HIDDEN = ".git"
"""Git's own store: where .gitignore counts, nobody looks for anything in it."""

Names = tuple[str, ...]
_Entries = list[tuple[str, Kind]]


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

    def entering(self, folder: Place, descent: Descent) -> "Ignore":
        """With the rules in ``folder``, if it has any that may be read."""
        try:
            with descent.file_in(folder, gitignore.FILE_NAME) as file:
                raw = read_at(file, 0, gitignore.SIZE_LIMIT_BYTES + 1)
        except ToolError:
            return self
        if len(raw) > gitignore.SIZE_LIMIT_BYTES:
            return self
        return Ignore((*self.files, (len(folder.parts), IgnoreFile.parse(raw.decode(errors="replace")))))


def ignore_above(place: Place, descent: Descent) -> Ignore:
    """The rules of the folders from the root down to the one that holds ``place``."""
    ignore, folder = Ignore(), replace(place, real=place.root.real)
    for name in place.parts:
        ignore = ignore.entering(folder, descent)
        folder = replace(folder, real=str(Path(folder.real, name)))
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
    """One walk; counts what it saw. ``stopped_after``: the last path it looked at when that had been enough."""

    excluded: tuple[Glob, ...] = ()
    respects_gitignore: bool = True
    visited: int = 0
    ignored: int = 0
    unreadable: int = 0
    stopped_after: Names | None = None
    _deadline: float = field(default_factory=lambda: time.monotonic() + WALK_LIMIT_S)

    @property
    def is_spent(self) -> bool:
        """Whether one call has looked at enough."""
        return self.visited >= VISIT_LIMIT or time.monotonic() > self._deadline

    def below(self, place: Place, after: Names = ()) -> Iterator[Found]:
        """What is below ``place`` and comes after the path ``after`` (empty: all).

        Keeps a stack of its own, because a tree can be deeper than Python calls. Raises ToolError when ``place``
        itself cannot be listed.
        """
        with Descent() as descent:
            yield from self._below(place, after, descent, None)

    def fitting(self, place: Place, pattern: Glob, after: Names) -> Iterator[Names]:
        """The paths of those that fit, as ``below``, until one call has looked at enough; see ``stopped_after``."""
        with Descent() as descent:
            for found in self._below(place, after, descent, pattern):
                yield found.parts

    def inside(self, top: Place, parts: Names, above: Ignore) -> tuple[list[Found], Ignore]:
        """What is in one folder of the walk that begins at ``top``, and the rules that count there.

        ``above``: those of the folder that it is in. Raises ToolError when ``top`` itself cannot be listed.
        """
        place = replace(top, real=str(Path(top.real, *parts)))
        with Descent() as descent:
            names = self._entries(place, descent) if parts else _sorted(descent.entries(place))
            folder = self._folder(place, parts, above, names, descent)
        found = [Found((*parts, name), kind) for name, kind in folder.entries]
        self.visited += len(found)
        return found, folder.ignore

    def rules_above(self, top: Place) -> Ignore:
        """Those of the folders that ``top`` is in, as far as this walk respects them."""
        with Descent() as descent:
            return self._rules_above(top, descent)

    def _below(self, place: Place, after: Names, descent: Descent, pattern: Glob | None) -> Iterator[Found]:
        ignore = self._rules_above(place, descent)
        stack = [self._folder(place, (), ignore, _sorted(descent.entries(place)), descent, after)]
        while stack:
            folder = stack[-1]
            for name, kind in folder.entries:
                here = (*folder.parts, name)
                if here > after:
                    self.visited += 1
                    if pattern is None or pattern.matches(here):
                        yield Found(here, kind)
                    if pattern is not None and self.visited % _LOOKS == 0 and self.is_spent:
                        self.stopped_after = here
                        return
                if kind is Kind.DIRECTORY:
                    real = f"{folder.place.real.rstrip(os.sep)}{os.sep}{name}"
                    deeper = Place(place.requested, real, place.root, place.read_only)
                    entries = self._entries(deeper, descent)
                    stack.append(self._folder(deeper, here, folder.ignore, entries, descent, after))
                    break
            else:
                stack.pop()

    def _rules_above(self, place: Place, descent: Descent) -> Ignore:
        return ignore_above(place, descent) if self.respects_gitignore else Ignore()

    def _entries(self, place: Place, descent: Descent) -> _Entries:
        if len(os.fsencode(place.real)) > MAX_PATH_BYTES:  # what is in it, no caller could name
            self.unreadable += 1
            return []
        try:
            return _sorted(descent.entries(place))
        except ToolError as error:
            if error.code not in _PASSED_OVER:
                raise
            self.unreadable += 1
            return []

    def _folder(
        self, place: Place, parts: Names, ignore: Ignore, entries: _Entries, descent: Descent, after: Names = ()
    ) -> _Folder:
        """A folder with what is not left out of its sorted ``entries``, from the one on that leads to ``after``."""
        ruled = self.respects_gitignore
        if ruled and _holds(entries, gitignore.FILE_NAME):
            ignore = ignore.entering(place, descent)
        if len(after) > len(parts) and after[: len(parts)] == parts:
            entries = entries[bisect_left(entries, (after[len(parts)],)) :]
        if not self.excluded and not (ruled and (ignore.files or _holds(entries, _ALWAYS_HIDDEN))):
            return _Folder(place, parts, ignore, iter(entries))
        from_root = place.parts
        shown = (
            (name, kind)
            for name, kind in entries
            if not self._leaves_out((*from_root, name), (*parts, name), kind, ignore)
        )
        return _Folder(place, parts, ignore, shown)

    def _leaves_out(self, from_root: Names, here: Names, kind: Kind, ignore: Ignore) -> bool:
        if self.excluded and any(glob.matches(here) for glob in self.excluded):
            return True
        if not self.respects_gitignore or not ignore.hides(from_root, is_folder=kind is Kind.DIRECTORY):
            return False
        self.ignored += 1
        return True


def scan(place: Place) -> _Entries:
    """The names in a folder with their kinds, sorted by name."""
    with scan_directory(place) as entries:
        return _sorted(entries)


def _holds(entries: _Entries, name: str) -> bool:
    """Whether one of the sorted ``entries`` has this name."""
    at = bisect_left(entries, (name,))
    return at < len(entries) and entries[at][0] == name


def _sorted(entries: "Iterable[os.DirEntry[str]]") -> _Entries:
    return sorted((entry.name, kind_of(entry)) for entry in entries)


def kind_of(entry: "os.DirEntry[str]") -> Kind:
    """What an entry is, no link followed. Files are asked for first, as most are."""
    if entry.is_file(follow_symlinks=False):
        return Kind.FILE
    if entry.is_dir(follow_symlinks=False):
        return Kind.DIRECTORY
    return Kind.LINK if entry.is_symlink() else Kind.OTHER
