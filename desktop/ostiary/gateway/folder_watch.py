"""The watching of folders as the loop sees it: told what to watch, it calls back when something changed.

watchdog's threads never touch the loop's things: what they see is gathered and handed over in one piece. Setting up
and taking down walks whole trees, so a thread of our own does it (``watch``). Folders may vanish, be moved away or be
too many; each of these is told, none is silent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from ostiary.domain.events import Notice
from ostiary.gateway.roots.confinement import is_within
from ostiary.gateway.watch import LATE, Findings, OnPaths, Trees

PATROL_S = 2.0
"""How often every watched folder is looked for: no system tells when one is moved away with the folder around it."""

_LIMIT_FILE = Path("/proc/sys/fs/inotify/max_user_watches")


class FolderWatch:
    """A set of watched folders. Made, used and called back on the loop's thread; ``close`` ends its threads.

    ``on_changed`` gets real paths that were created, written, moved (both ends) or deleted. ``on_rescan`` gets a
    watched folder in which changes were missed, or that vanished, or came back. ``on_notice`` gets what a person
    should know. ``most_folders`` is how many folders the system can watch; ``None`` is no limit.
    """

    def __init__(
        self,
        on_changed: OnPaths,
        on_rescan: Callable[[str], None],
        on_notice: Callable[[Notice], None],
        *,
        most_folders: int | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_changed = on_changed
        self._on_rescan = on_rescan
        self._on_notice = on_notice
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="watch")
        self._trees = Trees(self._post, self._changed, self._overflowed, most_folders)
        self._folders: frozenset[str] = frozenset()
        self._late: frozenset[str] = frozenset()
        self._patrol_timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def set(self, wanted: Iterable[tuple[str, bool]]) -> None:
        """Watch these folders, given by real path and whether all below belongs to it, and no others.

        Returns when every later change will be seen. One that does not exist is told when it comes.
        """
        wanted = frozenset(wanted)
        self._folders = frozenset(path for path, _ in wanted)
        self._take(await self._loop.run_in_executor(self._worker, self._trees.set, wanted))

    def lateness(self, folder: str) -> str:
        """Why changes in a folder, or in one below it, are noticed late, in words; empty when all are seen at once."""
        return LATE if any(is_within(path, folder) or is_within(folder, path) for path in self._late) else ""

    async def close(self) -> None:
        """End the threads; nothing is told any more."""
        self._closed = True
        if self._patrol_timer is not None:
            self._patrol_timer.cancel()
        await self._loop.run_in_executor(self._worker, self._trees.close)
        self._worker.shutdown()

    def _changed(self, paths: frozenset[str]) -> None:
        if self._closed:
            return
        self._on_changed(paths)
        if not self._folders.isdisjoint(paths):
            self._patrol()  # a watched folder itself came or went

    def _overflowed(self) -> None:
        if not self._closed:
            self._tell(Findings(rescan=sorted(self._folders)))

    def _patrol(self) -> None:
        if not self._closed:
            self._loop.run_in_executor(self._worker, self._trees.patrol).add_done_callback(self._patrolled)

    def _patrolled(self, done: asyncio.Future[Findings]) -> None:
        self._take(done.result())

    def _take(self, findings: Findings) -> None:
        self._late = findings.late
        self._tell(findings)
        self._set_timer()

    def _set_timer(self) -> None:
        if self._patrol_timer is not None:
            self._patrol_timer.cancel()
        self._patrol_timer = self._loop.call_later(PATROL_S, self._patrol) if self._folders else None

    def _tell(self, findings: Findings) -> None:
        if self._closed:
            return
        for notice in findings.notices:
            self._on_notice(notice)
        for folder in findings.rescan:
            self._on_rescan(folder)

    def _post(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(call)


def watch_limit() -> int | None:
    """How many folders this system can watch for one account; ``None`` where there is no such limit."""
    try:
        return int(_LIMIT_FILE.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
