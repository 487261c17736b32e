"""What others did to a host's file since our last change is told, and mended only when a person says so."""

import asyncio
import json
import sys
from datetime import timedelta

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.domain.host import HostAction, HostState
from ostiary.gateway.host_files import HostFiles
from tests.support.host_machine import OTHERS, Machine
from tests.support.host_machine import machine as machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine in these tests is a POSIX one")

CONNECT, DISCONNECT, REPAIR = HostAction.CONNECT, HostAction.DISCONNECT, HostAction.REPAIR


def test_an_entry_that_was_gone_since_is_told_and_not_put_back(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    assert machine.view().harm == ""
    machine.make(CONNECT)
    assert machine.view().harm == ""
    machine.cursor.write_bytes(OTHERS)
    assert machine.view().harm == "Another program took Ostiary's entry out of it."
    assert machine.cursor.read_bytes() == OTHERS
    machine.make(CONNECT)
    assert machine.view().harm == ""


def test_an_entry_that_another_program_changed_is_told(machine: Machine) -> None:
    machine.make(CONNECT)
    machine.cursor.write_bytes(machine.cursor.read_bytes().replace(b"/opt/ostiary", b"/opt/elsewhere"))
    assert machine.view().harm == "Another program changed Ostiary's entry in it."


@pytest.mark.parametrize(
    ("host", "file", "theirs"),
    [
        ("codex", ".codex/config.toml", b"since = 2026-11-20\n"),
        ("goose", ".config/goose/config.yaml", b"    since: 2026-11-20\n    1: [!odd x, 2026-99-99]\n"),
    ],
)
def test_an_entry_with_a_date_in_it_is_told_and_can_be_taken_out(
    machine: Machine, host: str, file: str, theirs: bytes
) -> None:
    path = machine.home / file
    path.parent.mkdir(parents=True)
    machine.make(CONNECT, host)
    path.write_bytes(path.read_bytes() + theirs)
    assert machine.view(host).harm == "Another program changed Ostiary's entry in it."
    machine.make(DISCONNECT, host)
    assert machine.state(host) is HostState.AVAILABLE


def test_an_entry_that_differs_because_our_program_moved_is_nobody_elses_doing(machine: Machine) -> None:
    machine.make(CONNECT)
    machine.shim = "/elsewhere/ostiary-connect"
    assert (machine.state(), machine.view().harm) == (HostState.CHANGED, "")


@pytest.mark.parametrize("wiped", [b"{}", b"", b'{"mcpServers": {}, "theme": "dark"}'])
def test_a_list_of_servers_that_was_emptied_is_told_and_comes_back_by_a_repair(machine: Machine, wiped: bytes) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    connected = machine.cursor.read_bytes()
    machine.cursor.write_bytes(wiped)
    assert machine.view().harm == "Another program emptied its list of servers. Gone is: git, ostiary."
    change = machine.hosts.plan("cursor", REPAIR)
    assert '+\t\t"git"' in change.diff
    assert machine.cursor.read_bytes() == wiped
    machine.hosts.apply(change)
    assert machine.cursor.read_bytes() == connected
    assert machine.view().harm == ""
    machine.make(DISCONNECT)
    assert machine.cursor.read_bytes() == OTHERS


def test_a_list_that_lost_all_but_our_entry_is_told(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    left = json.loads(machine.cursor.read_bytes())["mcpServers"]
    machine.cursor.write_text(json.dumps({"mcpServers": {"ostiary": left["ostiary"]}}))
    assert machine.state() is HostState.CONNECTED
    assert machine.view().harm == "Another program emptied its list of servers. Gone is: git."


def test_a_file_that_broke_is_told_and_comes_back_by_a_repair(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    connected = machine.cursor.read_bytes()
    machine.cursor.write_bytes(connected[:-20])
    assert machine.view().harm == "It could be read when Ostiary last wrote it, and cannot be any more."
    machine.make(REPAIR)
    assert machine.cursor.read_bytes() == connected


def test_servers_that_a_person_takes_out_one_by_one_are_no_harm(machine: Machine) -> None:
    machine.cursor.write_bytes(b'{"mcpServers": {"a": {}, "b": {}}}')
    machine.make(CONNECT)
    left = json.loads(machine.cursor.read_bytes())["mcpServers"]
    machine.cursor.write_text(json.dumps({"mcpServers": {"b": {}, "ostiary": left["ostiary"]}}))
    assert machine.view().harm == ""


def test_leaving_a_host_that_lost_our_entry_ends_the_telling(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    machine.cursor.write_bytes(OTHERS)
    machine.make(DISCONNECT)
    assert machine.view().harm == ""
    assert machine.cursor.read_bytes() == OTHERS


def test_without_a_copy_there_is_nothing_to_repair_with(machine: Machine) -> None:
    machine.cursor.write_bytes(b"{broken")
    with pytest.raises(HostFileError, match="no copy of an earlier file"):
        machine.hosts.plan("cursor", REPAIR)


def test_a_host_that_ran_before_the_change_needs_a_restart_until_it_was_started_anew(machine: Machine) -> None:
    machine.make(CONNECT, "claude-desktop")
    assert machine.view("claude-desktop").restart_needed == ""
    machine.running = {"claude-desktop", "cursor"}
    assert machine.view("claude-desktop").restart_needed.startswith(
        "Claude Desktop has been running since before the change. Quit Claude Desktop completely"
    )
    machine.started_at = machine.time + timedelta(minutes=1)
    assert machine.view("claude-desktop").restart_needed == ""


def test_a_host_that_reloads_by_itself_needs_no_restart(machine: Machine) -> None:
    machine.running = {"cursor"}
    machine.make(CONNECT)
    assert machine.view().restart_needed == ""


def test_a_note_that_cannot_be_read_says_nothing(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    (machine.backups / "last-changes" / "cursor.json").write_bytes(b"{")
    machine.cursor.write_bytes(OTHERS)
    assert machine.view().harm == ""


def test_a_session_that_began_since_the_change_proves_that_the_host_has_seen_it(machine: Machine) -> None:
    sessions: dict[str, list[float]] = {"claude-desktop": []}
    files = HostFiles(machine.hosts, lambda host: sessions.get(host, []))
    machine.make(CONNECT, "claude-desktop")
    changed_at = machine.view("claude-desktop").changed_at
    machine.running = {"claude-desktop"}

    def needed() -> str:
        return next(view.restart_needed for view in asyncio.run(files.views()) if view.name == "claude-desktop")

    assert needed()
    sessions["claude-desktop"].append(changed_at - 1)
    assert needed()
    sessions["claude-desktop"].append(changed_at + 1)
    assert needed() == ""
