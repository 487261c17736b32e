"""Watches the files of connected hosts, and tells the person once when another program harmed one.

What harm is, ``hosts.harm`` decides; nothing is mended here. A repair is a change like any other: planned, shown,
agreed.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from ostiary.domain.events import Notice, Severity
from ostiary.domain.host import HostState, HostView
from ostiary.gateway.folder_watch import FolderWatch, watch_limit

SETTLE_S = 1.0
"""How long a file rests before it is looked at: a host that writes in several steps is not caught between two."""

AGAIN_S = 60.0
"""After which a look that failed is taken again: nothing else may ever ask for it."""

_LOG = logging.getLogger(__name__)
_OURS = (HostState.CONNECTED, HostState.CHANGED)


class HostGuard:
    """Made and used on the loop. ``look`` gives all hosts as they stand; ``watch`` takes folders, until ``unwatch``.

    ``on_notice`` is told once of each harm, until it is another or gone; ``on_change`` that hosts may stand otherwise.
    """

    def __init__(
        self,
        look: Callable[[], Awaitable[tuple[HostView, ...]]],
        watch: Callable[[Iterable[tuple[str, bool]]], Awaitable[None]],
        on_notice: Callable[[Notice], None],
        on_change: Callable[[], None],
        unwatch: Callable[[], Awaitable[None]],
        settle_s: float = SETTLE_S,
        again_s: float = AGAIN_S,
    ) -> None:
        self._look = look
        self._watch = watch
        self._on_notice = on_notice
        self._on_change = on_change
        self._unwatch = unwatch
        self._settle_s = settle_s
        self._again_s = again_s
        self._names: frozenset[str] = frozenset()
        self._folders: frozenset[str] = frozenset()
        self._told: dict[str, str] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Look at every host now, tell what is new, and watch those that have to do with us."""
        views = await self._look()
        for view in views:
            if view.harm and self._told.get(view.name) != view.harm:
                self._on_notice(harm_notice(view))
        self._told = {view.name: view.harm for view in views if view.harm}
        paths = [view.config_path for view in views if view.config_path and _concerns_us(view)]
        names, folders = await asyncio.to_thread(_places, paths)
        self._names = names
        if folders != self._folders:
            await self._watch((folder, False) for folder in folders)
            self._folders = folders  # not before: a watch that failed is asked for again at the next look

    def changed(self, paths: frozenset[str]) -> None:
        """Files in the watched folders changed; most of them are not the hosts'."""
        if any(Path(path).name in self._names for path in paths):
            self.look_soon()

    def look_soon(self) -> None:
        """Look once all has been at rest for a moment."""
        self._look_in(self._settle_s)

    async def close(self) -> None:
        """Look no more."""
        self._rest()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._rest()  # it may have failed in this very moment, and asked for another
        await self._unwatch()

    def _look_in(self, delay_s: float) -> None:
        self._rest()
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._begin)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self) -> None:
        if self._looking is not None and not self._looking.done():
            self.look_soon()
            return
        self._looking = asyncio.get_running_loop().create_task(self.look())
        self._looking.add_done_callback(self._looked)
        self._on_change()

    def _looked(self, looking: asyncio.Task[None]) -> None:
        error = None if looking.cancelled() else looking.exception()
        if error is not None:
            _LOG.warning("The files of hosts could not be looked at", exc_info=error)
            self._look_in(self._again_s)


def guarded(
    look: Callable[[], Awaitable[tuple[HostView, ...]]],
    on_notice: Callable[[Notice], None],
    on_change: Callable[[], None],
) -> HostGuard:
    """Gives a guard with a watch of its own."""
    watch = FolderWatch(
        lambda paths: guard.changed(paths),
        lambda _folder: guard.look_soon(),
        on_notice,
        most_folders=watch_limit(),
    )
    guard = HostGuard(look, watch.set, on_notice, on_change, watch.close)
    return guard


def harm_notice(view: HostView) -> Notice:
    """Pure. What the person is told, and what there is to do."""
    return Notice(
        severity=Severity.WARNING,
        title=f"The file of {view.title} was changed",
        detail=f"{view.harm} Nothing was put back. Look at {view.title} on the page Hosts, or run "
        f"`ostiary hosts repair {view.name} --dry-run`.",
    )


def _places(paths: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Gives the names of the files and the real folders they are in, of links and of what those lead to."""
    files = {Path(file) for path in paths for file in (path, os.path.realpath(path))}
    return frozenset(file.name for file in files), frozenset(os.path.realpath(file.parent) for file in files)


def _concerns_us(view: HostView) -> bool:
    return view.state in _OURS or bool(view.harm)
