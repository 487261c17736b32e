"""Folders that are approved and withdrawn at the same time, as when several are dropped on the window at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.root import Root, RootMode
from ostiary.gateway.folders import Folders, Watching
from ostiary.gateway.settings import SettingsStore

RW = RootMode.READ_WRITE


class Desk:
    """Folders with these names, and the service that approves them."""

    def __init__(self, top: Path, *names: str) -> None:
        self.paths = [str(top / name) for name in names]
        for path in self.paths:
            Path(path).mkdir()
        self._file = top / "roots.json"
        settings = SettingsStore(top / "settings.json")
        self.folders = Folders(settings, self._file, tuple, _told, lambda _root: Watching((), ""))

    def approved(self) -> list[str]:
        """What the person sees, once it is sure that servers are told the same."""
        paths = [root.path for root in self.folders.roots]
        assert [root["path"] for root in json.loads(self._file.read_bytes())["roots"]] == paths
        return sorted(paths)


async def _told(_roots: tuple[Root, ...]) -> None:
    """Nobody watches."""


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_folders_that_are_added_at_once_are_all_approved(tmp_path: Path) -> None:
    async def scenario() -> None:
        desk = Desk(tmp_path, "a", "b", "c", "d")
        await asyncio.gather(*(desk.folders.add(path, RW) for path in desk.paths))
        assert desk.approved() == desk.paths

    run(scenario())


def test_a_folder_that_is_withdrawn_while_another_is_added_stays_withdrawn(tmp_path: Path) -> None:
    async def scenario() -> None:
        desk = Desk(tmp_path, "a", "b")
        first, second = desk.paths
        await desk.folders.add(first, RW)
        adding = asyncio.create_task(desk.folders.add(second, RW))
        await asyncio.sleep(0)  # it looks at the disk from here on
        await desk.folders.remove(first)
        await adding
        assert desk.approved() == [second]

    run(scenario())


@pytest.mark.parametrize("mode", list(RootMode))
def test_a_folder_that_gets_another_mode_while_one_is_added_keeps_it(tmp_path: Path, mode: RootMode) -> None:
    async def scenario() -> None:
        desk = Desk(tmp_path, "a", "b")
        first, second = desk.paths
        other = RootMode.READ_ONLY if mode is RW else RW
        await desk.folders.add(first, other)
        await asyncio.gather(desk.folders.add(second, RW), desk.folders.add(first, mode))
        assert desk.approved() == desk.paths
        assert {root.path: root.mode for root in desk.folders.roots}[first] is mode

    run(scenario())
