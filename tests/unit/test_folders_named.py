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
