"""Folders that cannot all be watched: the system has no room for them, or a disk fails for a moment."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from watchdog.events import FileSystemEventHandler
from watchdog.observers.api import ObservedWatch
from watchdog.observers.polling import PollingObserver

from ostiary.gateway.watch import Trees
from tests.integration.test_watch import folder as folder
from tests.support.children.stage import DEADLINE_S

FULL = """
import asyncio, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from tests.integration.test_watch import watching, written

async def main():
    folder = Path({folder!r})
    async with watching((folder, True)) as (_, seen):
        assert len(seen.notices.seen) == 1
        await seen.path(written(folder / "4"))

asyncio.run(main())
"""


def test_a_system_without_room_for_a_whole_tree_is_told_and_the_tree_is_still_watched(folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}").mkdir()
    run_with_three_watches(FULL, folder)


def run_with_three_watches(program: str, folder: Path) -> None:
    """Run a program where the system watches no more than three folders."""
    program = program.format(tests=str(Path(__file__).parents[2]), folder=str(folder))
    limited = 'echo 3 > /proc/sys/user/max_inotify_watches && exec "$@"'  # of a user namespace of its own
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", limited, "sh"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody make a user namespace")
    subprocess.run([*command, sys.executable, "-c", program], check=True, timeout=DEADLINE_S)


GROWN = """
import asyncio, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from tests.integration.test_watch import watching, written

async def main():
    grows, later, gone = (Path({folder!r}) / name for name in ("grows", "later", "gone"))
    for place in (grows, later, gone):
        place.mkdir()
    async with watching((grows, True), (gone, True)) as (watch, seen):
        for number in range(5):
            (grows / f"{{number}}").mkdir()
        await seen.path(grows / "4")
        await watch.set({{(str(grows), True), (str(later), True)}})
        await seen.notices.until(lambda notice: str(grows) in notice.detail)
        await seen.path(written(grows / "4"))

asyncio.run(main())
"""


def test_a_tree_that_grew_beyond_the_room_is_still_watched_when_another_is_taken_up_meanwhile(folder: Path) -> None:
    run_with_three_watches(GROWN, folder)


class Failing(PollingObserver):
    """Watches every folder but one, on a disk that fails for a moment, or until it is ``mended``."""

    def __init__(self, bad: Path, *, mended: bool) -> None:
        super().__init__()
        self._bad = {str(bad)}
        self.mended = mended

    def schedule(self, event_handler: FileSystemEventHandler, path: str | Path, **more: Any) -> ObservedWatch:
        if path in self._bad:
            if self.mended:
                self._bad.clear()
            raise OSError(errno.EIO, "Input/output error")
        return super().schedule(event_handler, path, **more)


class TreesOnABadDisk(Trees):
    def __init__(self, bad: Path, *, mended: bool) -> None:
        super().__init__(lambda call: call(), lambda _paths: None, lambda: None, None)
        self._native = self.disk = Failing(bad, mended=mended)
        self._native.start()


def test_a_folder_on_a_disk_that_fails_costs_no_other_and_is_tried_again_at_each_patrol(folder: Path) -> None:
    places = [folder / name for name in ("a", "bad", "c")]
    for place in places:
        place.mkdir()
    trees = TreesOnABadDisk(folder / "bad", mended=True)
    try:
        trees.set(frozenset((str(place), True) for place in places))
        assert trees.patrol().rescan == [str(folder / "bad")]
        assert trees.patrol().rescan == []
    finally:
        trees.close()


def test_a_folder_that_cannot_be_watched_is_told_when_it_can_be_and_not_at_every_patrol(folder: Path) -> None:
    trees = TreesOnABadDisk(folder, mended=False)
    try:
        trees.set(frozenset([(str(folder), False)]))
        assert [trees.patrol().rescan for _ in range(3)] == [[], [], []]
        trees.disk.mended = True
        trees.patrol()  # the last refusal
        assert [trees.patrol().rescan for _ in range(2)] == [[str(folder)], []]
        folder.rmdir()
        assert [trees.patrol().rescan for _ in range(2)] == [[str(folder)], []]
    finally:
        trees.close()
