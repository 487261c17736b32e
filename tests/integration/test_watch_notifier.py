"""Subscriptions to real files: who is told what, and in which words."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.root import Root
from ostiary.gateway.folder_watch import FolderWatch
from ostiary.gateway.roots import notifier as notifier_module
from ostiary.gateway.roots.notifier import Notifier
from ostiary.gateway.roots.subscriptions import Watched
from ostiary.gateway.roots.uris import uri_of
from tests.support.children.stage import Trace, play


class World:
    """A notifier with a real watch below it, and what it told."""

    def __init__(self, root: Path) -> None:
        self.told = Trace()
        self.list_changes = 0
        self.root = Root(str(root), "root")
        self.notifier = Notifier[str](
            watch=lambda folders: self.watch.set(folders),
            on_updated=lambda subscriber, uri: self.told.add((subscriber, uri)),
            on_list_changed=self._list_changed,
            roots=[self.root],
        )
        self.watch = FolderWatch(self.notifier.changed, self.notifier.rescan, lambda _: None)

    def _list_changed(self) -> None:
        self.list_changes += 1

    async def until(self, subscriber: str, uri: str) -> None:
        await self.told.until(lambda seen: seen == (subscriber, uri))


@asynccontextmanager
async def world(root: Path) -> AsyncIterator[World]:
    made = World(root)
    try:
        yield made
    finally:
        made.notifier.close()
        await made.watch.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "a root"
    made.mkdir()
    (made / "ä.txt").write_text("old")
    (made / "other.txt").write_text("old")
    return made


def test_exactly_those_who_subscribed_are_told_each_with_its_own_spelling(root: Path) -> None:
    spellings = {
        "plain": f"file://{root}/ä.txt",
        "encoded": uri_of(str(root / "ä.txt")),
        "lower case": uri_of(str(root / "ä.txt")).replace("%C3%A4", "%c3%a4"),
        "dotted": f"file://{root}/./ä.txt",
    }

    async def scenario() -> None:
        async with world(root) as w:
            for subscriber, uri in spellings.items():
                await w.notifier.subscribe(subscriber, uri)
            await w.notifier.subscribe("other", uri_of(str(root / "other.txt")))
            (root / "ä.txt").write_text("new")
            for subscriber, uri in spellings.items():
                await w.until(subscriber, uri)
            assert sorted(w.told.seen) == sorted(spellings.items())

    play(scenario())


def test_a_save_by_rename_is_told_once(root: Path) -> None:
    uri = uri_of(str(root / "ä.txt"))

    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri)
            await w.notifier.subscribe("end", uri_of(str(root / "other.txt")))
            (root / "new").write_text("new")
            (root / "new").replace(root / "ä.txt")
            await w.until("host", uri)
            (root / "other.txt").write_text("new")
            await w.until("end", uri_of(str(root / "other.txt")))
            assert len(w.told.seen) == 2

    play(scenario())


def test_a_file_below_a_symlinked_root_is_told_by_the_links_name(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    uri = uri_of(str(link / "ä.txt"))

    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri)
            (root / "ä.txt").write_text("new")
            await w.until("host", uri)

    play(scenario())


def test_a_link_that_is_pointed_elsewhere_is_told(root: Path) -> None:
    (root / "current").symlink_to("ä.txt")
    uri = uri_of(str(root / "current"))

    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri)
            (root / "next").symlink_to("other.txt")
            (root / "next").replace(root / "current")
            await w.until("host", uri)

    play(scenario())


def test_a_subscribed_folder_is_told_with_its_own_uri_whatever_changes_below(root: Path) -> None:
    (root / "deep/er").mkdir(parents=True)
    uri = uri_of(str(root)) + "/"

    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri)
            (root / "deep/er/new.txt").write_text("new")
            await w.until("host", uri)

    play(scenario())


def test_a_file_that_does_not_exist_yet_is_told_when_it_comes(root: Path) -> None:
    uri = uri_of(str(root / "later.txt"))

    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri)
            (root / "later.txt").write_text("new")
            await w.until("host", uri)

    play(scenario())


def test_a_root_that_is_removed_is_told_and_its_files_when_they_come_back(root: Path) -> None:
    uri = uri_of(str(root / "ä.txt"))

    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri)
            shutil.rmtree(root)
            await w.until("host", uri)
            w.told.seen.clear()
            await asyncio.to_thread(root.mkdir)
            await w.until("host", uri)
            w.told.seen.clear()
            (root / "ä.txt").write_text("back")
            await w.until("host", uri)

    play(scenario())


@pytest.mark.parametrize("end", ["unsubscribe", "drop", "root"])
def test_an_ended_subscription_is_told_no_more(root: Path, end: str) -> None:
    uri = uri_of(str(root / "ä.txt"))

    async def scenario() -> None:
        async with world(root) as w:
            other = root.parent / "other root"
            other.mkdir()
            await w.notifier.set_roots([w.root, Root(str(other), "other")])
            await w.notifier.subscribe("host", uri)
            await w.notifier.subscribe("end", uri_of(str(other / "x")))
            w.notifier.changed([str(root / "ä.txt")])  # waits to be told
            match end:
                case "unsubscribe":
                    await w.notifier.unsubscribe("host", uri)
                case "drop":
                    await w.notifier.drop("host")
                case _:
                    await w.notifier.set_roots([Root(str(other), "other")])
            (other / "x").write_text("new")
            await w.until("end", uri_of(str(other / "x")))
            assert w.told.seen == [("end", uri_of(str(other / "x")))]

    play(scenario())


def test_only_a_change_of_the_folders_changes_the_list(root: Path) -> None:
    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.set_roots([w.root])
            assert w.list_changes == 0
            await w.notifier.set_roots([])
            assert w.list_changes == 1
            await w.notifier.set_roots([w.root])
            assert w.list_changes == 2

    play(scenario())


def test_subscribers_of_a_folder_are_known(root: Path) -> None:
    async def scenario() -> None:
        async with world(root) as w:
            await w.notifier.subscribe("host", uri_of(str(root / "ä.txt")))
            assert w.notifier.subscribers(w.root) == {"host"}
            assert w.notifier.subscribers(Root("/elsewhere", "x")) == set()

    play(scenario())


def test_nothing_outside_of_the_folders_can_be_subscribed_by_whatever_way(root: Path) -> None:
    secret = root.parent / "secret.txt"
    secret.write_text("hush")
    (root / "way out").symlink_to(root.parent)

    async def scenario() -> None:
        async with world(root) as w:
            for path in (secret, f"{root}/../secret.txt", f"{root}/way out/secret.txt", f"{root}2", "/"):
                with pytest.raises(RefusedError) as refused:
                    await w.notifier.subscribe("host", uri_of(str(path)))
                assert str(secret.resolve()) not in str(refused.value) or str(secret) == str(path)
            secret.write_text("changed")
            (root / "other.txt").write_text("new")
            await w.notifier.subscribe("host", uri_of(str(root / "ä.txt")))
            (root / "ä.txt").write_text("new")
            await w.until("host", uri_of(str(root / "ä.txt")))
            assert len(w.told.seen) == 1

    play(scenario())


@pytest.mark.parametrize("uri", ["https://example.org/a", "not a uri", "file:///{root}/no/such/folder/a.txt"])
def test_what_cannot_be_watched_cannot_be_subscribed(root: Path, uri: str) -> None:
    async def scenario() -> None:
        async with world(root) as w:
            with pytest.raises(UsageError):
                await w.notifier.subscribe("host", uri.replace("/{root}", str(root)))

    play(scenario())


def test_nothing_outside_of_the_folders_is_watched_for_a_link_to_one(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    asked: list[frozenset[Watched]] = []

    async def take(folders: frozenset[Watched]) -> None:
        asked.append(folders)

    async def scenario() -> None:
        notifier = Notifier[str](
            watch=take,
            on_updated=lambda _, __: None,
            on_list_changed=lambda: None,
            roots=[Root(str(root), "root")],
        )
        await notifier.subscribe("host", uri_of(str(link)))

    play(scenario())
    assert asked == [{Watched(str(root), True)}]


def test_the_number_of_watched_folders_is_limited(root: Path) -> None:
    async def nothing(_: object) -> None:
        await asyncio.sleep(0)

    async def scenario() -> None:
        notifier = Notifier[int](
            watch=nothing,
            on_updated=lambda _, __: None,
            on_list_changed=lambda: None,
            roots=[Root(str(root), "root")],
        )
        for number in range(notifier_module.MOST_FOLDERS + 1):
            (root / str(number)).mkdir()
        for number in range(notifier_module.MOST_FOLDERS):
            await notifier.subscribe(number, uri_of(str(root / str(number))))
        with pytest.raises(RefusedError, match="Too many"):
            await notifier.subscribe(0, uri_of(str(root / str(notifier_module.MOST_FOLDERS))))
        await notifier.subscribe(0, uri_of(str(root / "0/a.txt")))

    play(scenario())
