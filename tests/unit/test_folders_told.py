"""Servers are told of the approved folders by a file: where that cannot be written, nothing is said to be changed."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ostiary.domain.errors import SettingsError
from ostiary.domain.root import Root, RootMode
from ostiary.gateway.folders import Folders, Watching
from ostiary.gateway.settings import SettingsStore

RO, RW = RootMode.READ_ONLY, RootMode.READ_WRITE


class Site:
    """Two folders, of which one is approved, and the two files that say so."""

    def __init__(self, top: Path) -> None:
        self.first, self.second = str(top / "first"), str(top / "second")
        for path in (self.first, self.second):
            Path(path).mkdir()
        self.told, self.kept = top / "told" / "roots.json", top / "kept" / "settings.json"
        self.settings = SettingsStore(self.kept)
        self.folders = Folders(self.settings, self.told, tuple, self._on_change, lambda _root: Watching((), ""))
        asyncio.run(self.folders.add(self.first, RW))

    async def _on_change(self, roots: tuple[Root, ...]) -> None:
        """Nobody watches."""

    def state(self) -> tuple[dict[str, str], dict[str, str]]:
        """What servers may touch, and what the person sees."""
        told = {root["path"]: root["mode"] for root in json.loads(self.told.read_bytes())["roots"]}
        return told, {root.path: str(root.mode) for root in self.folders.roots}


@contextmanager
def unwritable(file: Path) -> Iterator[None]:
    """No file can be made beside it, as on a full disk."""
    content, folder = file.read_bytes(), file.parent
    file.unlink()
    folder.rmdir()
    folder.touch()
    yield
    folder.unlink()
    folder.mkdir()
    file.write_bytes(content)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_folder_stays_approved_for_all_where_servers_cannot_be_told_that_it_goes(site: Site) -> None:
    before = site.state()
    with unwritable(site.told), pytest.raises(SettingsError):
        asyncio.run(site.folders.remove(site.first))
    assert site.state() == before
    asyncio.run(site.folders.remove(site.first))
    assert site.state() == ({}, {})


def test_a_folder_is_approved_for_nobody_where_servers_cannot_be_told_of_it(site: Site) -> None:
    before = site.state()
    with unwritable(site.told), pytest.raises(SettingsError):
        asyncio.run(site.folders.add(site.second, RW))
    assert site.state() == before
    asyncio.run(site.folders.add(site.second, RW))
    assert list(site.state()[0]) == [site.first, site.second]


@pytest.mark.parametrize("change", ["remove", "narrow"])
def test_servers_may_never_touch_more_than_the_person_sees(site: Site, change: str) -> None:
    with unwritable(site.kept), pytest.raises(SettingsError):
        asyncio.run(site.folders.remove(site.first) if change == "remove" else site.folders.add(site.first, RO))
    told, _ = site.state()
    assert told == {}
