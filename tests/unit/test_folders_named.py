"""What an approved folder is named by: its full path, so that nothing depends on where Ostiary was started."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import pytest

from ostiary.domain.errors import UsageError
from ostiary.domain.root import Root, RootMode
from ostiary.gateway.folders import Folders, Watching
from ostiary.gateway.settings import SettingsStore


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    async def told(_roots: tuple[Root, ...]) -> None:
        """Nobody watches."""

    settings = SettingsStore(tmp_path / "settings.json")
    return Folders(settings, tmp_path / "roots.json", tuple, told, lambda _root: Watching((), ""))


@pytest.mark.parametrize("path", ["", ".", "docs", "~/docs", "/tmp/a\0b"])
def test_a_folder_is_approved_by_its_full_path_alone(folders: Folders, path: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    with contextlib.chdir(tmp_path):
        with pytest.raises(UsageError, match="no folder"):
            folders.has(path, RootMode.READ_WRITE)
        with pytest.raises(UsageError, match="no folder"):
            asyncio.run(folders.add(path, RootMode.READ_WRITE))
    assert folders.roots == ()


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_folder_that_leads_to_a_name_that_is_no_text_is_refused(folders: Folders, tmp_path: Path) -> None:
    odd, link = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd-\xff")), tmp_path / "link"
    odd.mkdir()
    link.symlink_to(odd)
    with pytest.raises(UsageError, match="is no text"):
        asyncio.run(folders.add(str(link), RootMode.READ_WRITE))
    assert folders.roots == ()


@pytest.mark.parametrize("name", ["way/became-a-link", "way/../{}/became-a-link"])
def test_a_folder_that_became_a_link_is_withdrawn_and_the_one_behind_it_is_not(
    folders: Folders, tmp_path: Path, name: str
) -> None:
    before, behind = tmp_path / "became-a-link", tmp_path / "behind"
    for folder in (before, behind):
        folder.mkdir()
        asyncio.run(folders.add(str(folder), RootMode.READ_WRITE))
    before.rmdir()
    before.symlink_to(behind)
    (tmp_path / "way").symlink_to(tmp_path)
    asyncio.run(folders.remove(str(tmp_path / name.format(tmp_path.name))))
    assert [root.path for root in folders.roots] == [str(behind)]
    asyncio.run(folders.remove(str(before)))
    assert folders.roots == (), "nothing else is of that name: where it leads"


def test_a_folder_in_another_gets_back_what_was_taken_from_it(folders: Folders, tmp_path: Path) -> None:
    inner = tmp_path / "docs" / "inner"
    inner.mkdir(parents=True)
    asyncio.run(folders.add(str(inner.parent), RootMode.READ_WRITE))
    for mode in (RootMode.READ_ONLY, RootMode.READ_WRITE):
        assert asyncio.run(folders.add(str(inner), mode)).mode is mode
    assert [(root.label, root.mode) for root in folders.roots][-1] == ("inner", RootMode.READ_WRITE)


def test_a_folder_is_withdrawn_by_its_label_or_its_path_and_by_nothing_shorter(
    folders: Folders, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    asyncio.run(folders.add(str(docs), RootMode.READ_WRITE))
    for path in ("", ".", "a\0b"):
        with contextlib.chdir(docs), pytest.raises(UsageError, match="not an approved folder"):
            asyncio.run(folders.remove(path))
    asyncio.run(folders.remove("docs"))
    assert folders.roots == ()
