"""The approved folders as a service: kept in the settings, told to bundled servers by a file, watched for hosts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ostiary.domain.errors import SettingsError, UsageError
from ostiary.domain.root import Root, RootMode, RootView
from ostiary.gateway.atomic import replace_file
from ostiary.gateway.hosts.registry import known_hosts
from ostiary.gateway.odd_names import told
from ostiary.gateway.roots.folders import approve, foreign_homes, problem_of
from ostiary.gateway.settings import SettingsStore


@dataclass(frozen=True, slots=True)
class Watching:
    """Who watches a folder: the titles of ``hosts``; and why it is told ``late``, in words, where it is."""

    hosts: tuple[str, ...]
    late: str


class Folders:
    """Approving and withdrawing folders. ``protected`` are places that may never be approved or written.

    Hosts read files in projects too, which may lie in an approved folder; those are never written, by their names.

    ``on_change`` is told after the file that servers read has been replaced.
    """

    def __init__(
        self,
        settings: SettingsStore,
        roots_file: Path,
        protected: Callable[[], Iterable[str]],
        on_change: Callable[[tuple[Root, ...]], Awaitable[None]],
        watching: Callable[[Root], Watching],
    ) -> None:
        self._settings = settings
        self._roots_file = roots_file
        self._protected = protected
        self._on_change = on_change
        self._watching = watching

    @property
    def roots(self) -> tuple[Root, ...]:
        """The approved folders of this moment."""
        return self._settings.current.roots

    def real(self, path: str) -> str:
        """Where a folder really is that is named by its full path. Raises ``UsageError`` for what cannot be told."""
        real = _real(_whole(path))
        if told(real) != real:
            raise UsageError("This folder cannot be approved", f"The name of {told(real)} is no text.")
        return real

    def has(self, path: str, mode: RootMode) -> bool:
        """True when a folder is approved already, to read and write or as it is wanted. Raises ``UsageError``."""
        real = _real(_whole(path))
        return any(root.path == real and root.mode in (mode, RootMode.READ_WRITE) for root in self.roots)

    def publish(self) -> None:
        """Write the file that bundled servers read at each call. Raises ``SettingsError``."""
        self._tell(self.roots)

    def _tell(self, roots: tuple[Root, ...]) -> None:
        content = {
            "version": 1,
            "roots": [_entry(root) for root in roots],
            "denied": sorted(str(place) for place in self._protected()),
            "denied_names": sorted({file for spec in known_hosts() for file in spec.project_files}),
        }
        try:
            replace_file(self._roots_file, msgspec.json.encode(content))
        except OSError as error:
            told = f"{self._roots_file}: {error.strerror}."
            raise SettingsError("Servers could not be told of the folders", told) from error

    async def add(self, path: str, mode: RootMode) -> RootView:
        """Approve a folder, or give an approved one another mode. Raises ``UsageError`` or ``RefusedError``."""
        self.real(path)
        while True:
            before = self.roots
            root = await self._approve(path, mode, before)
            if self.roots == before:  # commands run side by side: it was held against those that are there now
                break
        await self._keep((*(other for other in before if other.path != root.path), root))
        return self._view(root)

    async def _approve(self, path: str, mode: RootMode, roots: tuple[Root, ...]) -> Root:
        real = _real(path)
        kept = next((root for root in roots if root.path == real and root.mode is not mode), None)
        return await asyncio.to_thread(
            approve,
            path,
            mode,
            roots=roots,
            changed=kept,
            protected=self._protected(),
            foreign_homes=foreign_homes(Path.home()),
        )

    async def remove(self, path: str) -> None:
        """Withdraw a folder, named by its path or its label. Raises ``UsageError`` for one that is not approved."""
        known = {name for root in self.roots for name in (root.path, root.label)}
        wanted = next((name for name in _names(path) if name in known), None)
        if wanted is None:
            raise UsageError(f"{path} is not an approved folder", "See `ostiary roots` for those that are.")
        await self._keep(tuple(root for root in self.roots if wanted not in (root.path, root.label)))

    def views(self) -> tuple[RootView, ...]:
        """The folders as a person sees them."""
        return tuple(self._view(root) for root in self.roots)

    async def _keep(self, roots: tuple[Root, ...]) -> None:
        """Servers lose first what goes and get last what comes: they never have more than the person sees."""
        before = self.roots
        staying = tuple(root for root in roots if root in before)
        if staying != before:
            self._tell(staying)
        self._settings.change(roots=roots, set_up=self._settings.current.set_up or bool(roots))
        if staying != roots:
            try:
                self._tell(roots)
            except SettingsError:
                self._settings.change(roots=staying)
                raise
        await self._on_change(roots)

    def _view(self, root: Root) -> RootView:
        watching = self._watching(root)
        return RootView(
            path=root.path,
            label=root.label,
            mode=root.mode,
            problem=problem_of(root),
            subscribers=watching.hosts,
            late=watching.late,
        )


def _names(path: str) -> Iterator[str]:
    """What a person may mean: first the thing of that name, which may have become a link; then where it leads."""
    yield path
    if _is_whole(path):
        yield str(Path(_real(str(Path(path).parent)), Path(path).name))
        yield _real(path)


def _whole(path: str) -> str:
    """The path itself. Raises ``UsageError`` for any other: it would depend on where Ostiary was started."""
    if not _is_whole(path):
        raise UsageError("That is no folder", "Give its whole path.")
    return path


def _is_whole(path: str) -> bool:
    return Path(path).is_absolute() and "\0" not in path


def _real(path: str) -> str:
    return os.path.realpath(path)


def _entry(root: Root) -> dict[str, str]:
    return {"path": root.path, "label": root.label, "mode": root.mode}
