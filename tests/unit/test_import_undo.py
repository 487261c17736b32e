"""The undo of an import takes back what the import brought, and nothing that the person has made theirs since."""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from ostiary.domain.errors import HostFileError, SettingsError, UsageError
from ostiary.domain.host import HostAction
from ostiary.domain.server import ServerSpec
from ostiary.gateway.host_files import HostFiles
from tests.support.faulty_files import NO_SPACE, FaultyFiles
from tests.support.import_world import BEFORE, TOKEN, World
from tests.support.import_world import world as world
from tests.support.memory_keyring import MemoryKeyring


class PutsFolderInPlace(MemoryKeyring):
    """By the time it removes something, a folder stands in the place of ``note``: nobody can unlink that."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self._note = note

    def delete_password(self, service: str, username: str) -> None:
        super().delete_password(service, username)
        self._note.unlink()
        self._note.mkdir()


def test_the_undo_leaves_a_server_that_was_changed_since_with_its_secret_and_says_so(world: World) -> None:
    world.bring_in(replace=True)
    (spec,) = world.added
    mine = msgspec.structs.replace(spec, title="Mine now")
    world.settings.put_server(mine)

    back = world.run(world.importing.undo())

    assert world.machine.cursor.read_bytes() == BEFORE
    assert world.added == [mine]
    assert list(world.keyring.entries.values()) == [TOKEN]
    assert (back.servers, back.secrets) == ((), ())
    assert back.kept == (
        "git-hub stays: it was changed since it was brought in.",
        "The secret GITHUB_TOKEN stays: a server that stays refers to it.",
    )


def test_the_undo_takes_a_server_that_was_only_switched_on_and_keeps_a_secret_that_another_one_uses(
    world: World,
) -> None:
    world.bring_in(replace=True)
    (spec,) = world.added
    world.settings.put_server(msgspec.structs.replace(spec, enabled=True))
    other = ServerSpec(name="other", command=("x", "${secret:GITHUB_TOKEN}"))
    world.settings.put_server(other)

    back = world.run(world.importing.undo())

    assert world.added == [other]
    assert list(world.keyring.entries.values()) == [TOKEN]
    assert back.servers == ("git-hub",)
    assert back.kept == ("The secret GITHUB_TOKEN stays: a server that stays refers to it.",)


def test_the_undo_leaves_a_secret_whose_value_was_replaced_since_and_says_so(world: World) -> None:
    world.bring_in(replace=True)
    record = (world.machine.home / "ostiary" / "last-import.json").read_text()
    assert TOKEN not in record
    world.run(world.importing.secrets.set("GITHUB_TOKEN", "the person's own"))

    told = world.run(world.importing.undo_note("cursor"))
    back = world.run(world.importing.undo())

    assert world.machine.cursor.read_bytes() == BEFORE
    assert not world.added
    assert list(world.keyring.entries.values()) == ["the person's own"]
    assert world.settings.current.secrets == ("GITHUB_TOKEN",)
    assert (back.servers, back.secrets) == (("git-hub",), ())
    assert back.kept == ("The secret GITHUB_TOKEN stays: its value was replaced since it was brought in.",)
    assert told.endswith(back.kept[0])


def test_the_undo_leaves_a_secret_that_cannot_be_read_and_takes_the_rest_back(world: World) -> None:
    world.bring_in(replace=True)
    world.keyring.locked = True

    back = world.run(world.importing.undo())

    assert world.machine.cursor.read_bytes() == BEFORE
    assert not world.added
    assert list(world.keyring.entries.values()) == [TOKEN]
    assert back.kept == ("The secret GITHUB_TOKEN stays: its value cannot be read, so it may have been replaced.",)


def test_the_undo_leaves_what_its_note_does_not_tell_of(world: World) -> None:
    world.bring_in(replace=True)
    note = world.machine.home / "ostiary" / "last-import.json"
    note.write_text(json.dumps({"done": json.loads(note.read_text())["done"]}))

    back = world.run(world.importing.undo())

    assert ([spec.name for spec in world.added], back.servers, back.secrets) == (["git-hub"], (), ())
    assert list(world.keyring.entries.values()) == [TOKEN]


def test_a_secret_that_the_keyring_does_not_let_go_of_is_named_and_keeps_nothing_else(world: World) -> None:
    world.bring_in(replace=True)
    world.keyring.keeps = True

    back = world.run(world.importing.undo())

    assert world.machine.cursor.read_bytes() == BEFORE
    assert (world.added, back.secrets) == ([], ())
    assert back.kept == ("The secret GITHUB_TOKEN stays: the keyring did not remove it.",)
    with pytest.raises(UsageError, match="no import to undo"):
        world.run(world.importing.undo())


def test_an_import_that_was_taken_back_is_told_as_that_though_its_note_cannot_be_removed(world: World) -> None:
    note = world.machine.home / "ostiary" / "last-import.json"
    world.keyring = PutsFolderInPlace(note)
    world.bring_in(replace=True)

    back = world.run(world.importing.undo())

    assert world.machine.cursor.read_bytes() == BEFORE
    assert (world.added, world.keyring.entries) == ([], {})
    assert (back.servers, back.secrets) == (("git-hub",), ("GITHUB_TOKEN",))
    (kept,) = back.kept
    assert kept.startswith(f"The note of the import stays: {note}: ")


def test_an_import_is_known_as_the_last_change_of_a_file_until_there_is_a_later_one(world: World) -> None:
    assert not world.run(world.importing.is_last_of("cursor"))
    world.bring_in(replace=True)
    assert world.run(world.importing.is_last_of("cursor"))
    assert not world.run(world.importing.is_last_of("claude-desktop"))
    told = "It was an import. Taken out of Ostiary again: git-hub, the secret GITHUB_TOKEN."
    assert world.run(world.importing.undo_note("cursor")) == told

    world.machine.make(HostAction.DISCONNECT)

    assert not world.run(world.importing.is_last_of("cursor"))


@pytest.mark.parametrize("place", [0, 1])
def test_where_one_of_several_files_was_changed_since_the_undo_writes_none(world: World, place: int) -> None:
    zed = world.with_zed()
    world.bring_in(replace=True)
    files = [world.machine.cursor, zed]
    changed, other = files[place], files[1 - place]
    changed.write_bytes(changed.read_bytes() + b" ")
    written = other.read_bytes()

    with pytest.raises(HostFileError, match=f"{changed} was left as it is"):
        world.run(world.importing.undo())

    assert other.read_bytes() == written
    assert len(world.added) == 2


def test_an_undo_after_the_file_was_changed_again_does_nothing_and_says_so(world: World) -> None:
    world.bring_in(replace=True)
    changed = world.machine.cursor.read_bytes() + b"\n"
    world.machine.cursor.write_bytes(changed)
    with pytest.raises(HostFileError, match="has changed since"):
        world.run(world.importing.undo())
    assert world.machine.cursor.read_bytes() == changed
    assert [spec.name for spec in world.added] == ["git-hub"]


def test_an_undo_that_stopped_between_two_files_can_be_done_again(world: World) -> None:
    zed = world.with_zed()
    before = zed.read_bytes()
    world.bring_in(replace=True)
    whole = world.importing.hosts
    full = replace(world.machine.hosts, files=FaultyFiles("replace", NO_SPACE, world.machine.cursor.parent))
    world.importing.hosts = HostFiles(full, lambda _host: ())
    with pytest.raises(HostFileError):
        world.run(world.importing.undo())
    assert zed.read_bytes() == before  # the last one came first

    world.importing.hosts = whole
    world.run(world.importing.undo())

    assert zed.read_bytes() == before
    assert world.untouched()


def test_an_undo_that_stopped_after_the_files_can_be_done_again(world: World) -> None:
    world.bring_in(replace=True)
    settings = world.machine.home / "settings.json"
    settings.unlink()
    settings.mkdir()  # what is written beside it cannot take its place
    with pytest.raises(SettingsError):
        world.run(world.importing.undo())
    assert world.machine.cursor.read_bytes() == BEFORE
    assert len(world.added) == 1

    settings.rmdir()
    world.run(world.importing.undo())

    assert world.untouched()
