"""Servers are brought in from hosts' files in one step, or not at all, and taken back in one."""

import asyncio
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ostiary.domain.errors import HostFileError, OstiaryError, SecretError, UsageError
from ostiary.domain.host import HostState
from ostiary.domain.host_import import ImportProgress, ImportRequest
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.hosts.file_system import Disk
from tests.support.bundles import SERVER, bundle, manifest
from tests.support.faulty_files import NO_SPACE, FaultyFiles
from tests.support.import_world import BEFORE, TOKEN, World
from tests.support.import_world import world as world

QUIET = {**SERVER, "mcp_config": {**SERVER["mcp_config"], "env": {"QUIET": "x-${user_config.key}"}}}
ASKING = {"key": {"type": "string", "title": "Key", "description": "", "sensitive": True, "required": True}}


def test_a_plan_shows_commands_and_names_of_secrets_and_does_nothing(world: World) -> None:
    plan = world.plan(replace=True)
    github, remote = plan.candidates
    assert (github.name, github.command, github.secrets) == (
        "git-hub",
        ("github-mcp",),
        {"GITHUB_TOKEN": "GITHUB_TOKEN"},
    )
    assert github.chosen
    assert not remote.chosen
    assert "over the network" in remote.problem
    shown = json.dumps([repr(plan.candidates), plan.token])
    assert TOKEN not in shown
    assert TOKEN not in plan.changes[0].diff
    assert world.untouched()


def test_an_import_moves_the_secret_and_replaces_the_entry_and_its_undo_gives_every_byte_back(world: World) -> None:
    world.bring_in(replace=True)
    (spec,) = world.added
    assert (spec.command, spec.environment) == (("github-mcp",), {"GITHUB_TOKEN": "${secret:GITHUB_TOKEN}"})
    assert list(world.keyring.entries.values()) == [TOKEN]
    written = json.loads(world.machine.cursor.read_bytes())["mcpServers"]
    assert set(written) == {"remote", "ostiary"}
    assert TOKEN.encode() not in (world.machine.home / "settings.json").read_bytes()

    world.run(world.importing.undo())

    assert world.untouched()
    assert world.machine.state() is HostState.AVAILABLE
    with pytest.raises(UsageError, match="no import to undo"):
        world.run(world.importing.undo())


def test_the_change_that_is_shown_hides_every_secret(world: World) -> None:
    arguments = ["--password", "correct horse", "--token", 'sta"tion']  # on lines of their own, under no name
    environment = {"MY_PASSWORD": 'quo"té \\ ', "NOTE": "plain"}
    hidden = {"command": "a", "args": arguments, "env": environment}
    neighbour = {"url": "https://example.org", "headers": {"Authorization": f"Bearer {TOKEN}"}}  # stays, and is context
    world.machine.cursor.write_text(json.dumps({"mcpServers": {"a": hidden, "remote": neighbour}}, indent=1))
    (change,) = world.plan(replace=True).changes
    assert "Authorization" in change.diff
    assert "plain" in change.diff
    assert not [part for part in ("quo", "horse", "sta", TOKEN) if part in change.diff]
    world.bring_in(replace=True)
    assert [spec.name for spec in world.added] == ["a"]


def test_a_bundle_is_unpacked_with_its_sensitive_answer_in_the_keyring_and_swept_by_the_undo(world: World) -> None:
    path = str(bundle(world.machine.home, manifest(server=QUIET, user_config=ASKING)))
    (unanswered,) = world.plan(file=path).candidates
    assert (unanswered.problem, unanswered.wanted[0].title) == ("It asks for: Key.", "Key")

    plan = world.plan(file=path, answers={"key": "s3"})
    assert plan.candidates[0].environment == {"QUIET": "‹masked›"}
    world.bring_in(file=path, answers={"key": "s3"})
    (spec,) = world.added
    assert spec.environment == {"QUIET": "${secret:QUIET}"}
    assert list(world.keyring.entries.values()) == ["x-s3"]
    assert Path(spec.command[1]).read_text() == "print()"

    world.run(world.importing.undo())
    assert not world.added
    assert not list(world.bundles.folder.iterdir())


@pytest.mark.parametrize("way", ["stopped", "left"])
def test_a_bundle_that_is_stopped_or_left_while_it_is_unpacked_leaves_nothing(world: World, way: str) -> None:
    path = bundle(world.machine.home, manifest(server=QUIET, user_config=ASKING))
    request = ImportRequest(file=str(path), answers={"key": "s3"})
    world.bundles.waits.append(True)

    async def bring_in() -> None:
        plan = await world.importing.plan(request)
        doing = asyncio.ensure_future(world.importing.apply(request, plan.token))
        assert await asyncio.to_thread(world.bundles.began.wait, 30)
        if way == "stopped":
            world.importing.sources.stop()
        else:
            doing.cancel()
            for _ in range(10):  # until it has heard of it
                await asyncio.sleep(0)
        world.bundles.may_go_on.set()
        with pytest.raises(UsageError if way == "stopped" else asyncio.CancelledError):
            await doing

    world.run(bring_in())

    assert world.untouched()
    assert not list(world.bundles.folder.iterdir())
    assert world.importing.sources.progress() == ImportProgress()


@pytest.mark.parametrize("name", ["nul\0", "nul\0.mcpb", "long" * 100, "long" * 100 + ".mcpb"])
def test_a_file_that_cannot_be_named_is_told(world: World, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        world.plan(file=str(world.machine.home / name))


def test_a_bundle_whose_server_cannot_be_added_leaves_nothing(world: World) -> None:
    path = str(bundle(world.machine.home, manifest(name="refused")))
    with pytest.raises(UsageError, match="refused"):
        world.bring_in(file=path)
    assert not list(world.bundles.folder.iterdir())


def test_a_projects_file_is_read_by_its_full_path_alone(world: World, tmp_path: Path) -> None:
    file = tmp_path / ".mcp.json"
    file.write_text('{"mcpServers": {"lint": {"command": "lint-mcp"}}}')
    (found,) = world.plan(file=str(file)).candidates
    assert (found.name, found.found_in) == ("lint", (str(file),))
    for path in (".mcp.json", str(tmp_path / "none")):
        with pytest.raises(UsageError):
            world.plan(file=path)


def test_without_replace_the_hosts_file_stays(world: World) -> None:
    world.bring_in()
    assert [spec.name for spec in world.added] == ["git-hub"]
    assert world.machine.cursor.read_bytes() == BEFORE


def test_a_pasted_block_is_brought_in(world: World) -> None:
    block = '{"mcpServers": {"a": {"command": "a"}, "b": {"command": "b"}}}'
    world.bring_in(pasted=block, names=("b",))
    assert [spec.name for spec in world.added] == ["b"]


def test_a_locked_keyring_leaves_everything_as_it_was(world: World) -> None:
    plan = world.plan(replace=True)
    world.keyring.locked = True
    with pytest.raises(SecretError):
        world.run(world.importing.apply(ImportRequest(replace=True), plan.token))
    world.keyring.locked = False
    assert world.untouched()


def test_a_full_disk_at_the_hosts_file_takes_secret_and_server_back(world: World) -> None:
    full = replace(world.machine.hosts, files=FaultyFiles("replace", NO_SPACE, world.machine.cursor.parent))
    world.importing.hosts = HostFiles(full, lambda _host: ())
    plan = world.plan(replace=True)
    with pytest.raises(HostFileError):
        world.run(world.importing.apply(ImportRequest(replace=True), plan.token))
    assert world.untouched()


def test_a_server_that_is_refused_takes_those_before_it_back(world: World) -> None:
    block = '{"a": {"command": "a", "env": {"TOKEN": "x"}}, "refused": {"command": "b"}}'
    with pytest.raises(UsageError, match="refused"):
        world.bring_in(pasted=block)
    assert world.untouched()


def test_a_fault_of_ours_takes_those_before_it_back(world: World) -> None:
    with pytest.raises(RuntimeError, match="a fault of ours"):
        world.bring_in(pasted='{"a": {"command": "a", "env": {"TOKEN": "x"}}, "broken": {"command": "b"}}')
    assert world.untouched()


def test_a_secret_that_cannot_be_taken_back_is_told_with_what_failed_first(world: World) -> None:
    world.keyring.keeps = True
    with pytest.raises(HostFileError, match=r"is refused.* did not remove these secrets: TOKEN"):
        world.bring_in(pasted='{"a": {"command": "a", "env": {"TOKEN": "x"}}, "refused": {"command": "b"}}')
    assert not world.added
    assert world.settings.current.secrets == ("TOKEN",)  # the person can remove it


@dataclass
class Meddled(Disk):
    """A disk that is full for one file, while another program writes a second."""

    full: Path
    other: Path

    def replace(self, source: Path, target: Path) -> None:
        if target == self.full:
            self.other.write_bytes(self.other.read_bytes() + b" ")
            raise OSError(NO_SPACE, os.strerror(NO_SPACE))
        super().replace(source, target)


def test_what_stays_of_an_import_that_cannot_be_taken_back_is_told_and_can_be_undone_later(world: World) -> None:
    zed = world.with_zed()
    files = Meddled(zed, world.machine.cursor)
    world.importing.hosts = HostFiles(replace(world.machine.hosts, files=files), lambda _host: ())

    with pytest.raises(HostFileError, match="No space left") as told:
        world.bring_in(replace=True)

    assert "has changed since" in told.value.detail
    assert "undo-import" in told.value.detail
    written = world.machine.cursor.read_bytes()
    assert TOKEN.encode() not in written
    assert list(world.keyring.entries.values()) == [TOKEN]  # nowhere else any more
    assert sorted(spec.name for spec in world.added) == ["git-hub", "z"]

    world.machine.cursor.write_bytes(written.removesuffix(b" "))
    world.run(world.importing.undo())
    assert world.untouched()


def test_a_file_that_changed_since_it_was_shown_stops_the_import(world: World) -> None:
    plan = world.plan(replace=True)
    world.machine.cursor.write_bytes(BEFORE.replace(b"github-mcp", b"evil-mcp"))
    with pytest.raises(HostFileError, match="has changed since it was shown"):
        world.run(world.importing.apply(ImportRequest(replace=True), plan.token))
    assert not world.added


@pytest.mark.parametrize(("names", "reason"), [(("nobody",), "No server"), (("remote",), "over the network")])
def test_a_name_that_cannot_be_brought_in_is_refused(world: World, names: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        world.plan(names=names)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(world: World) -> None:
    world.machine.claude.write_bytes(b"{broken")
    plan = world.plan()
    assert len(plan.candidates) == 2
    assert any(reason.startswith("Claude Desktop: ") for reason in plan.unread)


def test_nothing_to_bring_in_is_told(world: World) -> None:
    world.machine.cursor.write_bytes(b"{}")
    with pytest.raises(OstiaryError, match="nothing to bring in"):
        world.bring_in()


def test_a_request_keeps_what_was_pasted_out_of_what_is_printed() -> None:
    assert TOKEN not in repr(ImportRequest(pasted=TOKEN))
