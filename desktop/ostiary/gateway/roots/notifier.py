"""Tells subscribers when their files and folders changed: joins subscriptions, debouncing and the watching of folders.

Who watches is given; so are the callbacks. Everything belongs to the loop's thread.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.root import Root
from ostiary.gateway.roots.confinement import is_within, root_of
from ostiary.gateway.roots.debounce import Debounce
from ostiary.gateway.roots.subscriptions import Subscriptions, Target, Watched
from ostiary.gateway.roots.uris import path_of

MOST_FOLDERS = 256
"""Folders watched at the same time (our policy): each takes a thread."""

S = TypeVar("S", bound=Hashable)


class Notifier(Generic[S]):
    """Subscriptions to what lies in approved folders. ``S`` is whatever tells one subscriber from another.

    ``watch`` is given all folders to watch whenever they change, and returns when a change in them will be seen. It
    reports to ``changed`` and ``rescan``. ``on_updated`` is called with a URI byte for byte as it was subscribed.
    """

    def __init__(
        self,
        *,
        watch: Callable[[frozenset[Watched]], Awaitable[None]],
        on_updated: Callable[[S, str], None],
        on_list_changed: Callable[[], None],
        roots: Sequence[Root] = (),
    ) -> None:
        self._watch = watch
        self._on_updated = on_updated
        self._on_list_changed = on_list_changed
        self._roots = tuple(roots)
        self._subscriptions: Subscriptions[S] = Subscriptions()
        self._debounce: Debounce[tuple[S, str]] = Debounce()
        self._timer: asyncio.TimerHandle | None = None

    async def subscribe(self, subscriber: S, uri: str) -> None:
        """Have a file or folder told from now on: once this returns, no later change is missed.

        Raises ``UsageError`` for a URI that names nothing that could be watched, ``RefusedError`` outside of the
        approved folders. Neither tells what a link points to.
        """
        self._subscriptions.add(subscriber, uri, _target(uri, self._roots))
        if len(self._subscriptions.watched()) > MOST_FOLDERS:
            self._subscriptions.remove(subscriber, uri)
            raise RefusedError("Too many folders are watched already", f"No more than {MOST_FOLDERS} can be.")
        await self._watch(self._subscriptions.watched())

    async def unsubscribe(self, subscriber: S, uri: str) -> None:
        """End a subscription; nothing is told any more. One that is not there is fine."""
        self._subscriptions.remove(subscriber, uri)
        await self._watch(self._subscriptions.watched())

    async def drop(self, subscriber: S) -> None:
        """End all subscriptions of a subscriber."""
        self._subscriptions.drop(subscriber)
        await self._watch(self._subscriptions.watched())

    async def set_roots(self, roots: Sequence[Root]) -> None:
        """Take the approved folders as they are now. What was subscribed outside of them ends."""
        changed = {root.path for root in roots} != {root.path for root in self._roots}
        self._roots = tuple(roots)
        for subscriber, uri, target in self._subscriptions:
            if root_of(target.path, roots) is None:
                self._subscriptions.remove(subscriber, uri)
        await self._watch(self._subscriptions.watched())
        if changed:
            self._on_list_changed()

    def subscribers(self, root: Root) -> set[S]:
        """Who subscribed to something in an approved folder."""
        return {subscriber for subscriber, _, target in self._subscriptions if is_within(target.path, root.path)}

    def changed(self, paths: Iterable[str]) -> None:
        """Take paths that changed."""
        for subscriber, uris in self._subscriptions.affected(paths).items():
            for uri in uris:
                self._note(subscriber, uri)

    def rescan(self, folder: str) -> None:
        """Take that anything in a folder may have changed: changes were missed there, or it is gone."""
        for subscriber, uri, target in self._subscriptions:
            is_below = is_within(target.path, folder) or is_within(target.entry, folder)
            if is_below or (target.is_folder and is_within(folder, target.path)):
                self._note(subscriber, uri)

    def close(self) -> None:
        """Tell nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _note(self, subscriber: S, uri: str) -> None:
        self._debounce.changed((subscriber, uri), asyncio.get_running_loop().time())
        self._set_timer()

    def _set_timer(self) -> None:
        self.close()
        due = self._debounce.next_due()
        if due is not None:
            self._timer = asyncio.get_running_loop().call_at(due, self._tell)

    def _tell(self) -> None:
        # A loop's timer may fire a clock tick early; then it is simply set again.
        for subscriber, uri in self._debounce.take_due(asyncio.get_running_loop().time()):
            if (subscriber, uri) in self._subscriptions:
                self._on_updated(subscriber, uri)
        self._set_timer()


def _target(uri: str, roots: Sequence[Root]) -> Target:
    path = path_of(uri)
    real = os.path.realpath(path)
    if root_of(real, roots) is None:
        raise RefusedError("This is outside of the approved folders", f"{path} does not lie in any of them.")
    is_folder = Path(real).is_dir()
    if not is_folder and not Path(real).parent.is_dir():
        raise UsageError("There is no such folder", f"{path} does not exist, nor does the folder it would be in.")
    entry = _entry(path)
    return Target(real, entry if root_of(entry, roots) else real, is_folder)


def _entry(path: str) -> str:
    """The path as its real folder lists it: everything resolved but the last name."""
    folder, name = os.path.split(path.rstrip(os.sep))
    return os.path.realpath(path) if name in ("", ".", "..") else str(Path(os.path.realpath(folder), name))
