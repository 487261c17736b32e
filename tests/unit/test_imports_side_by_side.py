"""Imports, their undo and other changes at the same time, as when a window and a command are used at once."""

import asyncio
import json
from pathlib import Path

import pytest

from ostiary.domain.errors import HostFileError, UsageError
from ostiary.domain.host_import import Imported, ImportRequest
from ostiary.gateway.settings import SettingsStore
from tests.support.bundles import bundle, manifest
from tests.support.import_world import ConfiguredServers, World
from tests.support.import_world import world as world


def block(name: str, value: str) -> ImportRequest:
    """A server with one secret, which is called as in every other."""
    servers = {name: {"command": f"{name}-mcp", "env": {"API_TOKEN": value}}}
    return ImportRequest(pasted=json.dumps({"mcpServers": servers}))


async def bring_in(world: World, request: ImportRequest) -> Imported:
    return await world.importing.apply(request, (await world.importing.plan(request)).token)


def test_of_two_imports_at_once_with_a_secret_of_the_same_name_neither_takes_the_others(world: World) -> None:
    async def scenario() -> tuple[Imported | BaseException, ...]:
        both = (bring_in(world, block("one", "first")), bring_in(world, block("two", "second")))
        return await asyncio.gather(*both, return_exceptions=True)

    done, refused = world.run(scenario())

    assert isinstance(done, Imported)
    assert isinstance(refused, HostFileError)
    assert [spec.name for spec in world.added] == ["one"]
    assert list(world.keyring.entries.values()) == ["first"]


def test_an_import_takes_no_secret_that_was_set_while_it_waited(world: World) -> None:
    async def scenario() -> None:
        world.keyring.answers.clear()
        bringing = asyncio.ensure_future(bring_in(world, ImportRequest(pasted=json.dumps(TWO))))
        await asyncio.to_thread(world.keyring.called.wait, 30)
        setting = asyncio.ensure_future(world.importing.secrets.set("B_TOKEN", "mine"))
        await asyncio.sleep(0)
        world.keyring.answers.set()
        await setting
        with pytest.raises(UsageError, match="B_TOKEN was set meanwhile"):
            await bringing

    world.run(scenario())

    assert not world.added
    assert list(world.keyring.entries.values()) == ["mine"]


TWO = {
    "mcpServers": {
        "one": {"command": "one-mcp", "env": {"A_TOKEN": "a"}},
        "two": {"command": "two-mcp", "env": {"B_TOKEN": "b"}},
    }
}


def test_an_import_during_the_undo_of_another_can_be_undone_itself(world: World) -> None:
    async def scenario() -> None:
        await bring_in(world, block("one", "first"))
        world.keyring.called.clear()
        world.keyring.answers.clear()
        undoing = asyncio.ensure_future(world.importing.undo())
        await asyncio.to_thread(world.keyring.called.wait, 30)
        bringing = asyncio.ensure_future(bring_in(world, ImportRequest(pasted=json.dumps(PLAIN))))
        await asyncio.sleep(0)
        world.keyring.answers.set()
        await asyncio.gather(undoing, bringing)
        assert [spec.name for spec in world.added] == ["plain"]
        await world.importing.undo()

    world.run(scenario())

    assert world.untouched()


PLAIN = {"mcpServers": {"plain": {"command": "plain-mcp"}}}


class SlowServers(ConfiguredServers):
    """Tells that one is being removed, which takes a moment."""

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__(settings)
        self.removes = asyncio.Event()

    async def remove(self, name: str) -> None:
        self.removes.set()
        await asyncio.sleep(0)
        await super().remove(name)


def test_an_undo_that_is_left_half_way_is_done_to_its_end(world: World) -> None:
    before = world.machine.cursor.read_bytes()

    async def scenario() -> None:
        await bring_in(world, ImportRequest(replace=True))
        servers = world.importing.servers = SlowServers(world.settings)
        undoing = asyncio.ensure_future(world.importing.undo())
        await servers.removes.wait()
        assert world.machine.cursor.read_bytes() == before
        undoing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await undoing

    world.run(scenario())

    assert world.untouched()


def test_a_bundle_that_is_being_brought_in_is_not_swept(world: World) -> None:
    request = ImportRequest(file=str(bundle(world.machine.home, manifest())))
    world.bundles.lingers.append(True)

    async def scenario() -> None:
        bringing = asyncio.ensure_future(bring_in(world, request))
        assert await asyncio.to_thread(world.bundles.unpacked.wait, 30)
        sweeping = asyncio.ensure_future(world.importing.sweep())
        await asyncio.sleep(0)
        world.bundles.may_go_on.set()
        await asyncio.gather(bringing, sweeping)

    world.run(scenario())

    (spec,) = world.added
    assert Path(spec.command[1]).is_file()
