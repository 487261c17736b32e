"""Folders under watch, with real files that change in every way programs change them."""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ostiary.domain.events import Notice
from ostiary.gateway.folder_watch import FolderWatch, watch_limit
from ostiary.gateway.watch import LATE
from tests.support.children.stage import DEADLINE_S, Trace, open_descriptors, play


class Seen:
    """What a watch told: each path, each folder to scan again, each notice."""

    def __init__(self) -> None:
        self.changed = Trace()
        self.rescan = Trace()
        self.notices = Trace()

    def take(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.changed.add(path)

    async def path(self, path: Path) -> None:
        await self.changed.until(lambda seen: seen == str(path))


@asynccontextmanager
async def watching(
    *wanted: tuple[Path, bool], most_folders: int | None = None
) -> AsyncIterator[tuple[FolderWatch, Seen]]:
    seen = Seen()
    watch = FolderWatch(seen.take, seen.rescan.add, seen.notices.add, most_folders=most_folders)
    await watch.set({(str(path), recursive) for path, recursive in wanted})
    try:
        yield watch, seen
    finally:
        await watch.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "root"
    made.mkdir()
    return made


def written(folder: Path) -> Path:
    (folder / "a.txt").write_text("new")
    return folder / "a.txt"


def appended(folder: Path) -> Path:
    with (folder / "old.txt").open("a") as file:
        file.write("more")
    return folder / "old.txt"


def saved_by_rename(folder: Path) -> Path:
    (folder / ".old.txt.swp").write_text("new")
    (folder / ".old.txt.swp").replace(folder / "old.txt")
    return folder / "old.txt"


def moved_in(folder: Path) -> Path:
    (folder.parent / "elsewhere").write_text("new")
    (folder.parent / "elsewhere").replace(folder / "old.txt")
    return folder / "old.txt"


def moved_out(folder: Path) -> Path:
    (folder / "old.txt").replace(folder.parent / "elsewhere")
    return folder / "old.txt"


def moved_within(folder: Path) -> Path:
    (folder / "old.txt").rename(folder / "new.txt")
    return folder / "old.txt"


def deleted(folder: Path) -> Path:
    (folder / "old.txt").unlink()
    return folder / "old.txt"


def relinked(folder: Path) -> Path:
    (folder / "link").symlink_to("old.txt")
    return folder / "link"


CHANGES = [written, appended, saved_by_rename, moved_in, moved_out, moved_within, deleted, relinked]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("recursive", [False, True])
def test_every_way_to_change_a_file_is_seen(change: Callable[[Path], Path], recursive: bool, folder: Path) -> None:
    (folder / "old.txt").write_text("old")

    async def scenario() -> None:
        async with watching((folder, recursive)) as (_, seen):
            await seen.path(change(folder))

    play(scenario())


def test_a_rename_gives_both_names(folder: Path) -> None:
    (folder / "old.txt").write_text("old")

    async def scenario() -> None:
        async with watching((folder, False)) as (_, seen):
            moved_within(folder)
            await seen.path(folder / "old.txt")
            await seen.path(folder / "new.txt")

    play(scenario())


def test_reading_is_no_change(folder: Path) -> None:
    (folder / "old.txt").write_text("old")

    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            (folder / "old.txt").read_text()
            await asyncio.to_thread(os.listdir, folder)
            await seen.path(written(folder))
            assert set(seen.changed.seen) == {str(folder / "a.txt")}

    play(scenario())


def test_what_is_made_in_a_new_folder_is_seen_below_a_watched_tree(folder: Path) -> None:
    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            (folder / "x/y/z").mkdir(parents=True)
            (folder / "x/y/z/a.txt").write_text("new")
            await seen.path(folder / "x/y/z/a.txt")
            (folder / "x/y/z/b.txt").write_text("new")
            await seen.path(folder / "x/y/z/b.txt")

    play(scenario())


def grow(folder: Path, count: int) -> None:
    """Makes so many trees in another process, which waits for no lock of this one."""
    program = f"""if True:
        import os
        for number in range({count}):
            os.makedirs(f"{folder}/{{number}}/x/y/z")
            open(f"{folder}/{{number}}/x/y/z/a.txt", "w").close()"""
    subprocess.run([sys.executable, "-S", "-c", program], check=True, timeout=DEADLINE_S)


def test_trees_that_grow_while_they_are_taken_up_are_seen_whole(folder: Path) -> None:
    """Each folder is met by the walk of the one above it, by its own event, or by both."""
    count = 500

    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            await asyncio.to_thread(grow, folder, count)
            for number in range(count):
                await seen.path(folder / f"{number}/x/y/z/a.txt")

    play(scenario())


def test_a_change_below_is_not_seen_where_only_the_folder_is_watched(folder: Path) -> None:
    (folder / "below").mkdir()

    async def scenario() -> None:
        async with watching((folder, False)) as (_, seen):
            (folder / "below/a.txt").write_text("new")
            await seen.path(written(folder))
            assert str(folder / "below/a.txt") not in seen.changed.seen

    play(scenario())


def test_a_folder_that_is_no_longer_wanted_is_not_told(folder: Path) -> None:
    (folder / "one").mkdir()
    (folder / "two").mkdir()

    async def scenario() -> None:
        async with watching((folder / "one", False), (folder / "two", False)) as (watch, seen):
            await watch.set({(str(folder / "two"), False)})
            written(folder / "one")
            await seen.path(written(folder / "two"))
            assert str(folder / "one/a.txt") not in seen.changed.seen

    play(scenario())


@pytest.mark.parametrize("recursive", [False, True])
def test_a_watched_folder_that_is_removed_is_told_and_seen_again_when_it_comes_back(
    folder: Path, recursive: bool
) -> None:
    async def scenario() -> None:
        async with watching((folder, recursive)) as (_, seen):
            shutil.rmtree(folder)
            await seen.rescan.until(lambda path: path == str(folder))
            seen.rescan.seen.clear()
            await asyncio.to_thread(folder.mkdir)
            await seen.rescan.until(lambda path: path == str(folder))
            await seen.path(written(folder))

    play(scenario())


def test_a_folder_that_is_moved_away_is_told_and_no_longer_followed(folder: Path) -> None:
    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            await asyncio.to_thread(folder.rename, folder.parent / "trash")
            await seen.rescan.until(lambda path: path == str(folder))
            await asyncio.to_thread(folder.mkdir)
            seen.rescan.seen.clear()
            await seen.rescan.until(lambda path: path == str(folder))
            seen.changed.seen.clear()
            written(folder.parent / "trash")
            (folder / "b.txt").write_text("new")
            await seen.path(folder / "b.txt")
            assert str(folder / "a.txt") not in seen.changed.seen

    play(scenario())


def test_a_folder_that_does_not_exist_yet_is_told_when_it_comes(folder: Path) -> None:
    async def scenario() -> None:
        async with watching((folder / "later", True)) as (_, seen):
            (folder / "later").mkdir()
            await seen.rescan.until(lambda path: path == str(folder / "later"))
            await seen.path(written(folder / "later"))

    play(scenario())


def test_a_tree_larger_than_the_limit_is_told_and_still_watched(folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}").mkdir()

    async def scenario() -> None:
        async with watching((folder, True), most_folders=5) as (watch, seen):
            (notice,) = seen.notices.seen
            assert isinstance(notice, Notice)
            assert str(folder) in notice.detail
            assert {watch.lateness(str(path)) for path in (folder, folder.parent, folder / "4")} == {LATE}
            assert watch.lateness(str(folder.parent / "other")) == ""
            await seen.path(written(folder / "4"))

    play(scenario())


def test_a_tree_within_the_limit_gives_no_notice_and_room_is_given_back(folder: Path) -> None:
    for name in ("one/below", "two/below"):
        (folder / name).mkdir(parents=True)

    async def scenario() -> None:
        async with watching((folder / "one", True), most_folders=2) as (watch, seen):
            await watch.set({(str(folder / "two"), True)})
            assert seen.notices.seen == []
            assert watch.lateness(str(folder)) == ""
            await watch.set({(str(folder / "one"), True), (str(folder / "two"), True)})
            assert len(seen.notices.seen) == 1
            assert watch.lateness(str(folder)) == LATE
            await watch.set(())
            assert watch.lateness(str(folder)) == ""

    play(scenario())


def test_the_systems_limit_is_known_on_linux() -> None:
    limit = watch_limit()
    assert limit is not None
    assert limit > 1000


def test_a_burst_is_seen_whole(folder: Path) -> None:
    count = 3000
    for number in range(50):
        (folder / f"{number}").mkdir()

    def burst() -> None:
        for number in range(count):
            (folder / f"{number % 50}/{number}.txt").write_text("x")

    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            await asyncio.to_thread(burst)
            await seen.path(folder / f"{(count - 1) % 50}/{count - 1}.txt")
            files = {path for path in seen.changed.seen if path.endswith(".txt")}
            assert len(files) == count

    play(scenario())


FLOOD = """
import os, sys
os.chdir(sys.argv[1])
files = [os.open(name, os.O_CREAT | os.O_WRONLY) for name in "ab"]
for number in range(20_000):
    os.write(files[number % 2], b"x")
"""
"""In turns, because the kernel counts two equal changes one after the other once; files would take long to make."""


def overflow(folder: Path) -> None:
    """Makes more changes than the kernel's queue holds while no thread of this process can read them."""
    flood = subprocess.Popen([sys.executable, "-I", "-S", "-c", FLOOD, str(folder)])
    ctypes.PyDLL(None).waitpid(flood.pid, None, 0)  # PyDLL, unlike CDLL, keeps the interpreter's lock
    flood.wait()


def test_lost_changes_are_told_as_a_folder_to_scan_again(folder: Path) -> None:
    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            overflow(folder)
            await seen.rescan.until(lambda path: path == str(folder))
            await seen.path(written(folder))

    play(scenario())


def test_names_that_are_no_text_are_seen(folder: Path) -> None:
    async def scenario() -> None:
        async with watching((folder, False)) as (_, seen):
            name = os.fsencode(folder) + b"/latin\xe4"
            os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
            await seen.changed.until(lambda path: path == os.fsdecode(name))

    play(scenario())


def test_closing_leaves_neither_threads_nor_descriptors(folder: Path) -> None:
    async def scenario() -> None:
        async with watching((folder, True)) as (_, seen):
            await seen.path(written(folder))

    async def twice() -> None:
        await scenario()
        before = open_descriptors(), threading.active_count()
        await scenario()
        assert (open_descriptors(), threading.active_count()) == before

    play(twice())
