"""A host is connected and taken off again, through the same door as the window and the commands."""

import errno
import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from ostiary.domain.errors import HostFileError, OstiaryError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.gateway.hosts.lock import only_writer
from ostiary.gateway.hosts.registry import known_hosts
from tests.support.faulty_files import NO_SPACE, FaultyFiles, Step
from tests.support.host_machine import OTHERS, Machine
from tests.support.host_machine import machine as machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine in these tests is a POSIX one")

CONNECT, DISCONNECT = HostAction.CONNECT, HostAction.DISCONNECT


def test_a_plan_shows_the_change_and_writes_nothing(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    change = machine.hosts.plan("cursor", CONNECT)
    assert machine.cursor.read_bytes() == OTHERS
    assert not machine.backups.exists()
    assert '+\t\t"ostiary": {\r\n' in change.diff
    assert change.diff.endswith("\\ No newline at end of file\n")
    assert [line for line in change.diff.splitlines() if line.startswith("-\t")] == [
        '-\t\t"git": {"command": "C:\\\\git.exe"}'
    ]
    assert json.loads(change.snippet)["mcpServers"]["ostiary"]["command"] == machine.shim


def test_connect_and_disconnect_give_the_bytes_back(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.cursor.chmod(0o644)
    machine.make(CONNECT)
    assert machine.state() is HostState.CONNECTED
    assert json.loads(machine.cursor.read_bytes())["mcpServers"] == {
        "git": {"command": "C:\\git.exe"},
        "ostiary": {"command": machine.shim, "args": ["--host", "cursor"]},
    }
    machine.make(DISCONNECT)
    assert machine.cursor.read_bytes() == OTHERS
    assert machine.state() is HostState.AVAILABLE
    assert stat.S_IMODE(machine.cursor.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "before", [b"", b" \n", b"{}", b"{ }", b"{\n}\n", b'{"mcpServers": { }}', b'\xef\xbb\xbf{"a": 1}']
)
def test_what_the_text_alone_cannot_tell_comes_back_from_the_backup(machine: Machine, before: bytes) -> None:
    machine.cursor.write_bytes(before)
    machine.make(CONNECT)
    machine.make(DISCONNECT)
    assert machine.cursor.read_bytes() == before


def test_a_file_that_we_made_goes_when_we_leave(machine: Machine) -> None:
    assert machine.make(CONNECT).before_exists is False
    assert stat.S_IMODE(machine.cursor.stat().st_mode) == 0o600
    change = machine.make(DISCONNECT)
    assert "+++ /dev/null" in change.diff
    assert not machine.cursor.exists()


def test_a_file_that_we_made_stays_when_it_holds_more_than_our_entry(machine: Machine) -> None:
    machine.make(CONNECT)
    theirs = json.loads(machine.cursor.read_bytes()) | {"theme": "dark"}
    machine.cursor.write_text(json.dumps(theirs))
    machine.make(DISCONNECT)
    assert json.loads(machine.cursor.read_bytes()) == {"mcpServers": {}, "theme": "dark"}


def test_changes_made_while_connected_stay_and_our_traces_go(machine: Machine) -> None:
    machine.cursor.write_bytes(b'{"theme": "dark"}')
    machine.make(CONNECT)
    machine.cursor.write_bytes(
        json.dumps(json.loads(machine.cursor.read_bytes()) | {"theme": "light"}, indent=1).encode()
    )
    machine.make(DISCONNECT)
    assert machine.cursor.read_bytes() == b'{\n "theme": "light"\n}'


def test_an_entry_of_an_older_installation_is_changed_and_can_be_renewed(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    machine.shim = "/elsewhere/ostiary-connect"
    assert machine.state() is HostState.CHANGED
    machine.make(CONNECT)
    assert machine.state() is HostState.CONNECTED
    machine.make(DISCONNECT)
    assert machine.cursor.read_bytes() == OTHERS


def test_connecting_twice_changes_nothing_the_second_time(machine: Machine) -> None:
    machine.make(CONNECT)
    before = machine.cursor.stat()
    assert machine.make(CONNECT).diff == ""
    assert machine.cursor.stat() == before


def test_disconnecting_a_host_that_has_no_entry_changes_nothing(machine: Machine) -> None:
    assert machine.make(DISCONNECT).diff == ""
    assert not machine.cursor.exists()
    machine.cursor.write_bytes(OTHERS)
    assert machine.make(DISCONNECT).diff == ""


@pytest.mark.parametrize("now", [OTHERS + b"\n", b"", None])
def test_a_change_since_it_was_shown_is_never_overwritten(machine: Machine, now: bytes | None) -> None:
    machine.cursor.write_bytes(OTHERS)
    change = machine.hosts.plan("cursor", CONNECT)
    machine.cursor.unlink()
    if now is not None:
        machine.cursor.write_bytes(now)
    with pytest.raises(HostFileError, match="has changed since it was shown"):
        machine.hosts.apply(change)
    assert (machine.cursor.read_bytes() if machine.cursor.exists() else None) == now


def test_another_command_than_the_one_shown_is_not_written(machine: Machine) -> None:
    change = machine.hosts.plan("cursor", CONNECT)
    machine.shim = "/elsewhere/ostiary-connect"
    with pytest.raises(HostFileError, match="since it was shown"):
        machine.hosts.apply(change)
    with pytest.raises(HostFileError, match="since it was shown"):
        machine.hosts.apply(msgspec.structs.replace(change, action=DISCONNECT))


def test_claude_desktop_is_written_only_while_it_does_not_run(machine: Machine) -> None:
    machine.claude.write_bytes(OTHERS)
    machine.running = {"claude-desktop", "cursor"}
    assert machine.view("claude-desktop").running
    with pytest.raises(HostFileError, match="Claude Desktop is running"):
        machine.make(CONNECT, "claude-desktop")
    assert machine.claude.read_bytes() == OTHERS
    machine.make(CONNECT, "cursor")
    machine.running = set()
    machine.make(CONNECT, "claude-desktop")
    assert machine.state("claude-desktop") is HostState.CONNECTED


def test_a_host_that_is_not_here_is_not_connected(machine: Machine) -> None:
    machine.cursor.parent.rmdir()
    assert machine.state() is HostState.NOT_FOUND
    with pytest.raises(UsageError, match="not on this machine"):
        machine.hosts.plan("cursor", CONNECT)
    assert not machine.cursor.parent.exists()


def test_a_host_that_never_ran_is_known_by_its_program_and_gets_its_folder(machine: Machine) -> None:
    machine.cursor.parent.rmdir()
    program = machine.home / "bin" / "cursor"
    program.parent.mkdir()
    program.touch(0o755)
    assert machine.state() is HostState.AVAILABLE
    machine.make(CONNECT)
    assert stat.S_IMODE(machine.cursor.parent.stat().st_mode) == 0o700
    assert machine.state() is HostState.CONNECTED


@pytest.mark.parametrize(
    ("content", "detail"),
    [(b'{\n "a": 1,}', "Line 2"), (b"\xef\xbb\xbf{}", "byte order mark"), (b'{"mcpServers": 1}', "not an object")],
)
def test_a_file_that_cannot_be_edited_is_told_with_its_place_and_left_alone(
    machine: Machine, content: bytes, detail: str
) -> None:
    machine.claude.write_bytes(content)
    assert machine.state("claude-desktop") is HostState.UNREADABLE
    assert detail in machine.view("claude-desktop").detail
    for action in (CONNECT, DISCONNECT):
        with pytest.raises(HostFileError, match=detail) as caught:
            machine.hosts.plan("claude-desktop", action)
        assert str(machine.claude) in caught.value.title
    assert machine.claude.read_bytes() == content
    assert "mcpServers" in machine.hosts.snippet("claude-desktop")


def test_a_place_that_may_not_be_looked_at_is_unreadable_not_absent(machine: Machine) -> None:
    env = {"PATH": "", "XDG_CONFIG_HOME": f"/{'x' * 300}"}
    hosts = replace(machine.hosts, place=replace(machine.hosts.place, env=env))
    view = hosts.view("claude-desktop")
    assert view.state is HostState.UNREADABLE
    assert os.strerror(errno.ENAMETOOLONG) in view.detail


def test_an_unknown_host_is_refused_with_the_names_of_the_known(machine: Machine) -> None:
    with pytest.raises(UsageError, match=r"Known are .*claude-desktop, .*cursor"):
        machine.hosts.plan("claude", CONNECT)


def test_a_missing_shim_stops_connecting_but_not_leaving(machine: Machine) -> None:
    machine.make(CONNECT)
    machine.shim = ""
    assert "missing" in machine.view().detail
    with pytest.raises(HostFileError, match="missing"):
        machine.hosts.plan("cursor", CONNECT)
    machine.make(DISCONNECT)
    assert not machine.cursor.exists()


def test_a_file_with_a_name_that_is_no_text_is_connected_and_the_change_is_noted(machine: Machine) -> None:
    machine.cursor.write_bytes(b'{"mcpServers": {"a\\ud800": {"command": "x"}, "b": {"command": "b"}}}')
    change = machine.make(HostAction.CONNECT)
    assert machine.hosts.last_token("cursor") == change.token
    machine.cursor.write_bytes(b'{"mcpServers": {}}')
    assert "b" in machine.view().harm


def test_ten_backups_are_kept_for_the_owner_alone_and_none_twice(machine: Machine) -> None:
    for number in range(12):
        machine.cursor.write_bytes(b'{"n": %d}' % number)
        machine.make(CONNECT)
    newest = [b'{"n": %d}' % number for number in range(2, 12)]
    assert machine.kept() == newest
    machine.cursor.write_bytes(b'{"n": 11}')
    machine.make(CONNECT)
    assert machine.kept() == newest
    folder = machine.backups / "cursor"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


STEPS: tuple[Step, ...] = ("write_beside", "replace", "sync_folder")


@pytest.mark.parametrize("below", ["cursor", "backups"])
@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_leaves_the_old_file_or_the_new_one_whole(machine: Machine, step: Step, below: str) -> None:
    machine.cursor.write_bytes(OTHERS)
    folder = machine.backups if below == "backups" else machine.cursor.parent
    full = replace(machine.hosts, files=FaultyFiles(step, NO_SPACE, folder))
    change = full.plan("cursor", CONNECT)
    with pytest.raises(HostFileError, match=os.strerror(NO_SPACE)):
        full.apply(change)
    written = below == "cursor" and step == "sync_folder"
    assert machine.state() is (HostState.CONNECTED if written else HostState.AVAILABLE)
    assert [path.name for path in machine.cursor.parent.iterdir()] == ["mcp.json"]
    if written:
        machine.make(DISCONNECT)
    assert machine.cursor.read_bytes() == OTHERS


def test_a_second_change_at_the_same_time_is_turned_away(machine: Machine) -> None:
    change = machine.hosts.plan("cursor", CONNECT)
    with only_writer(machine.backups), pytest.raises(HostFileError, match="Another Ostiary"):
        machine.hosts.apply(change)
    assert not machine.cursor.exists()


def test_views_and_changes_travel_as_json(machine: Machine) -> None:
    views = machine.hosts.views()
    assert msgspec.json.decode(msgspec.json.encode(views), type=tuple[HostView, ...]) == views
    change = machine.hosts.plan("cursor", CONNECT)
    assert msgspec.json.decode(msgspec.json.encode(change), type=HostChange) == change


def test_a_backup_folder_that_cannot_be_made_is_told(machine: Machine) -> None:
    machine.backups.parent.write_bytes(b"in the way")
    change = machine.hosts.plan("cursor", CONNECT)
    with pytest.raises(OstiaryError, match="No backup can be written"):
        machine.hosts.apply(change)
    assert not machine.cursor.exists()


@pytest.mark.parametrize("host", [spec.name for spec in known_hosts()])
def test_every_host_is_connected_and_left_without_a_trace(machine: Machine, host: str) -> None:
    view = machine.view(host)
    assert view.config_path is not None
    file, spec = Path(view.config_path), next(spec for spec in known_hosts() if spec.name == host)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.parent != machine.home:  # a host with its file there is not here without it
        machine.make(CONNECT, host)
        machine.make(DISCONNECT, host)
        assert not file.exists()
    file.write_bytes(spec.new_file)
    machine.make(CONNECT, host)
    assert machine.state(host) is HostState.CONNECTED
    machine.make(DISCONNECT, host)
    assert file.read_bytes() == spec.new_file
