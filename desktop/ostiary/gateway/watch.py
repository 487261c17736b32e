"""Folders under watch, each by the system's means or, where these have no room, by looking again and again.

The one home of watchdog. Setting up and taking down blocks, for it walks trees: one worker thread calls ``Trees``.
What watchdog's own threads see is gathered and handed over in one piece, through the ``post`` that is given.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

from ostiary.domain.events import Notice, Severity

POLL_S = 2.0
"""How often a tree is looked through that is too large for the system to watch."""

_EVENTS: list[type[FileSystemEvent]] = [
    *(FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent),
    *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent),
]
"""Without opened and closed-no-write: watchdog's own walk raises those and drives itself into an overflow (7.1)."""

Post = Callable[[Callable[[], None]], None]
"""Has the loop's thread call something soon."""

OnPaths = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be told: folders in which anything may have changed, and what a person should know.

    ``late`` are the folders that are looked through again and again.
    """

    rescan: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    late: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Tree:
    """A watched folder. ``identity`` tells it from a later one of its path; ``None`` while there is none.

    One that is there without an ``observer`` cannot be watched; each patrol tries again, and tells once it can be.
    """

    identity: tuple[int, int] | None
    folders: int = 0
    observer: BaseObserver | None = None
    watch: ObservedWatch | None = None


class _NoRoomError(Exception):
    """The system watches no more folders."""


class Trees:
    """The watched folders, each by its path and whether all below belongs to it. For one worker thread.

    ``post`` brings both callbacks to the loop's thread. ``most_folders`` is how many the system can watch.
    """

    def __init__(
        self, post: Post, on_changed: OnPaths, on_overflow: Callable[[], None], most_folders: int | None
    ) -> None:
        self._gatherer = _Gatherer(post, on_changed)
        self._on_overflow = lambda: post(on_overflow)
        self._most_folders = most_folders
        self._is_full = threading.Event()
        self._trees: dict[tuple[str, bool], _Tree] = {}
        self._native: BaseObserver | None = None
        self._polling: BaseObserver | None = None

    def set(self, wanted: frozenset[tuple[str, bool]]) -> Findings:
        """Watches these and no others."""
        findings = Findings()
        for key in self._trees.keys() - wanted:
            self._end(key)
        for key in wanted - self._trees.keys():
            self._begin(key, findings)
        return replace(findings, late=self._late())

    def patrol(self) -> Findings:
        """Looks after every folder: takes up those that came, were replaced, or that the system gave up on."""
        findings = Findings()
        for key, tree in list(self._trees.items()):
            is_partial = self._is_full.is_set() and key[1] and tree.observer is self._native
            identity = _identity(key[0])
            is_refused = tree.observer is None and identity is not None
            if is_partial or is_refused or identity != tree.identity:
                self._end(key)
                told = Findings()
                self._begin(key, told, poll=is_partial)
                if not is_refused or self._trees[key] != tree:
                    findings.notices.extend(told.notices)
                    findings.rescan.append(key[0])
        self._is_full.clear()
        return replace(findings, late=self._late())

    def close(self) -> None:
        """Ends all threads of watchdog's."""
        for observer in (self._native, self._polling):
            if observer is not None:
                observer.stop()
                observer.join()

    def _begin(self, key: tuple[str, bool], findings: Findings, *, poll: bool = False) -> None:
        path, recursive = key
        room = self._room()
        folders = _count_folders(path, room) if recursive else 1
        tree = None
        if not poll and (room is None or folders <= room):
            tree = self._schedule_natively(path, recursive, folders)
        if tree is None:
            tree = self._schedule_polling(path, recursive)
            findings.notices.append(_too_many(path))
        self._trees[key] = tree

    def _late(self) -> frozenset[str]:
        trees = self._trees.items()
        return frozenset(path for (path, _), tree in trees if tree.observer and tree.observer is self._polling)

    def _end(self, key: tuple[str, bool]) -> None:
        tree = self._trees.pop(key)
        if tree.observer is not None and tree.watch is not None:
            tree.observer.unschedule(tree.watch)

    def _room(self) -> int | None:
        taken = sum(tree.folders for tree in self._trees.values())
        return None if self._most_folders is None else max(0, self._most_folders - taken)

    def _schedule_natively(self, path: str, recursive: bool, folders: int) -> _Tree | None:
        """Watches by the system's own means; ``None`` when these have no room, which other programs take too.

        That a tree taken up before has grown beyond the room stays noted, for the next patrol.
        """
        has_grown = self._is_full.is_set()
        self._is_full.clear()
        try:
            tree = self._schedule(self._native_observer(), path, recursive, folders)
        except _NoRoomError:
            return None
        finally:
            is_partial = self._is_full.is_set()
            if has_grown:
                self._is_full.set()
            else:
                self._is_full.clear()
        if not is_partial:
            return tree
        if tree.observer is not None and tree.watch is not None:
            tree.observer.unschedule(tree.watch)
        return None

    def _schedule_polling(self, path: str, recursive: bool) -> _Tree:
        try:
            return self._schedule(self._polling_observer(), path, recursive, 0)
        except _NoRoomError:
            return _Tree(_identity(path))

    def _schedule(self, observer: BaseObserver, path: str, recursive: bool, folders: int) -> _Tree:
        identity = _identity(path)
        if identity is None:
            return _Tree(None)
        try:
            watch = observer.schedule(self._gatherer, path, recursive=recursive, event_filter=_EVENTS)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EMFILE):
                raise _NoRoomError from error
            return _Tree(identity)  # gone, not ours to read, or on a disk that fails: the next patrol tries again
        return _Tree(identity, folders, observer, watch)

    def _native_observer(self) -> BaseObserver:
        if self._native is None:
            self._native = _make_native(self._on_overflow, self._is_full.set)
            self._native.start()
        return self._native

    def _polling_observer(self) -> BaseObserver:
        if self._polling is None:
            self._polling = PollingObserver(timeout=POLL_S)
            self._polling.start()
        return self._polling


class _Gatherer(FileSystemEventHandler):
    """Gathers paths on watchdog's threads and hands over all there are when the loop comes to it."""

    def __init__(self, post: Post, on_changed: OnPaths) -> None:
        self._post = post
        self._on_changed = on_changed
        self._lock = threading.Lock()
        self._paths: set[str] = set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        with self._lock:
            is_first = not self._paths
            self._paths.update(os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        if is_first:
            self._post(self._hand_over)

    def _hand_over(self) -> None:
        with self._lock:
            paths, self._paths = frozenset(self._paths), set()
        self._on_changed(paths)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _count_folders(path: str, most: int | None) -> int:
    """The folders of a tree; it stops counting past ``most``."""
    count = 0
    for _ in os.walk(path):
        count += 1
        if most is not None and count > most:
            break
    return count


WATCH_LIMIT = "fs.inotify.max_user_watches"
LATE = (
    f"Changes in it are noticed within {POLL_S:.0f} seconds, not at once: it has more folders than this system lets "
    f"programs watch. On Linux a higher {WATCH_LIMIT} mends it."
)
"""What is said beside a folder as long as that is so."""


def _too_many(path: str) -> Notice:
    return Notice(
        severity=Severity.WARNING,
        title="Some changes will be noticed late",
        detail=f"{path} has more folders than this system lets programs watch. Ostiary looks through it every "
        f"{POLL_S:.0f} seconds instead. On Linux a higher {WATCH_LIMIT} mends it.",
    )


if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import CallbackId, InotifyEvent, InotifyFD, Mask, WatchCallback, WatchDescriptor

    class _Inotify(InotifyFD):
        """watchdog's inotify (7.1), which also tells of two things that it passes over in silence.

        A folder that is made while its tree is walked is met twice: in the walk, and by its own event. That is no
        fault, though watchdog warns of it, and where warnings are errors its thread would die of it.
        """

        def __init__(self, on_overflow: Callable[[], None], on_full: Callable[[], None]) -> None:
            super().__init__()
            self._on_overflow = on_overflow
            self._on_full = on_full

        def handle_event(self, event: InotifyEvent) -> None:
            super().handle_event(event)
            if event.is_queue_overflow:
                self._on_overflow()

        def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
            try:
                with self._lock:
                    watch = self._get_or_create_watch(path, mask)
                    watch.callbacks[id_] = callback
                    return watch.wd
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    self._on_full()
                raise

    class _InotifyObserver(BaseObserver):
        def __init__(self, inotify: _Inotify) -> None:
            super().__init__(InotifyEmitter, inotify_fd=inotify)
            self._inotify = inotify
            inotify.start()

        def on_thread_stop(self) -> None:
            super().on_thread_stop()
            self._inotify.stop()
            self._inotify.join()

    def _make_native(on_overflow: Callable[[], None], on_full: Callable[[], None]) -> BaseObserver:
        return _InotifyObserver(_Inotify(on_overflow, on_full))

else:
    from watchdog.observers import Observer

    def _make_native(_on_overflow: Callable[[], None], _on_full: Callable[[], None]) -> BaseObserver:
        return Observer()
