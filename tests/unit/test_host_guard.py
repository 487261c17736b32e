"""Harm to a connected host's file is told once, after the file came to rest, and its folder is watched."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ostiary.domain.events import Notice
from ostiary.domain.host import HostState, HostView
from ostiary.gateway.host_guard import HostGuard

DEADLINE_S = 20.0


@dataclass
class Around:
    """What the guard has around it: one host as it stands, and what it was told and asked to watch."""

    view: HostView
    notices: list[Notice] = field(default_factory=list)
    watched: list[set[tuple[str, bool]]] = field(default_factory=list)
    changes: int = 0
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    watching: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False
    """The next watch is refused."""

    async def look(self) -> tuple[HostView, ...]:
        self.looked.set()
        return (self.view,)

    async def watch(self, folders: Iterable[tuple[str, bool]]) -> None:
        if self.fails:
            self.fails = False
            raise OSError("no more threads")
        self.watched.append(set(folders))
        self.watching.set()

    async def unwatch(self) -> None:
        self.watched.append(set())

    def changed(self) -> None:
        self.changes += 1

    def guard(self, settle_s: float = 0.01) -> HostGuard:
        parts = (self.look, self.watch, self.notices.append, self.changed, self.unwatch)
        return HostGuard(*parts, settle_s=settle_s, again_s=0)

    def stands(self, state: HostState, harm: str = "") -> None:
        self.view = msgspec.structs.replace(self.view, state=state, harm=harm)


def around(path: Path, state: HostState = HostState.CONNECTED) -> Around:
    return Around(HostView(name="cursor", title="Cursor", state=state, config_path=str(path)))


def test_a_harm_is_told_once_and_again_only_when_it_is_another(tmp_path: Path) -> None:
    async def run() -> None:
        world = around(tmp_path / "mcp.json")
        guard = world.guard()
        await guard.look()
        assert world.notices == []
        world.stands(HostState.AVAILABLE, "It is gone.")
        await guard.look()
        await guard.look()
        assert [notice.title for notice in world.notices] == ["The file of Cursor was changed"]
        assert world.notices[0].detail.startswith("It is gone. Nothing was put back.")
        world.stands(HostState.UNREADABLE, "It is broken.")
        await guard.look()
        world.stands(HostState.CONNECTED)
        await guard.look()
        world.stands(HostState.UNREADABLE, "It is broken.")
        await guard.look()
        assert len(world.notices) == 3

    asyncio.run(run())


def test_only_folders_of_hosts_that_concern_us_are_watched_with_those_their_links_lead_to(tmp_path: Path) -> None:
    real = tmp_path.resolve()

    async def run() -> None:
        (tmp_path / "dotfiles").mkdir()
        (tmp_path / ".cursor").mkdir()
        link = tmp_path / ".cursor" / "mcp.json"
        link.symlink_to(tmp_path / "dotfiles" / "cursor.json")
        world = around(link, HostState.AVAILABLE)
        guard = world.guard()
        await guard.look()
        assert world.watched == []
        world.stands(HostState.CONNECTED)
        await guard.look()
        await guard.look()
        assert world.watched == [{(str(real / ".cursor"), False), (str(real / "dotfiles"), False)}]
        world.stands(HostState.AVAILABLE)
        await guard.look()
        assert world.watched[1] == set()

    asyncio.run(run())


def test_a_change_to_a_hosts_file_has_it_looked_at_and_one_to_its_neighbour_does_not(tmp_path: Path) -> None:
    async def run() -> None:
        world = around(tmp_path / "mcp.json")
        guard = world.guard(settle_s=0)
        await guard.look()
        world.looked.clear()
        guard.changed(frozenset({str(tmp_path / "other.json")}))
        for _ in range(10):  # its moment of rest is over at once
            await asyncio.sleep(0)
        assert (world.changes, world.looked.is_set()) == (0, False)
        guard.changed(frozenset({str(tmp_path / "mcp.json")}))
        guard.changed(frozenset({str(tmp_path / "mcp.json")}))
        async with asyncio.timeout(DEADLINE_S):
            await world.looked.wait()
        await guard.close()
        assert world.changes == 1

    asyncio.run(run())


def test_a_watch_that_failed_is_asked_for_again(tmp_path: Path) -> None:
    folder = str(tmp_path.resolve())

    async def run() -> None:
        world = around(tmp_path / "mcp.json")
        world.fails = True
        guard = world.guard(settle_s=0)
        guard.look_soon()
        async with asyncio.timeout(DEADLINE_S):
            await world.watching.wait()
        await guard.close()
        assert world.watched == [{(folder, False)}, set()]

    asyncio.run(run())
