"""One entry of ours in a host's file for each server: written, told, mended and taken out as one change."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary.domain.errors import HostFileError
from ostiary.domain.host import HostAction, HostChange, HostState
from ostiary.domain.host_choice import EntryMode
from ostiary.gateway.hosts.connect import HostConnections
from ostiary.gateway.hosts.formats import Format, editor_for
from ostiary.gateway.hosts.our_entries import NAME_LIMIT, OurEntries, entry_name
from ostiary.gateway.hosts.registry import HostSpec, entry_for, known_hosts
from ostiary.gateway.hosts.tolerance import Tolerance
from ostiary.gateway.router import NAME_LIMIT as TOOL_NAME_LIMIT
from tests.support.host_machine import OTHERS, Machine
from tests.support.json_documents import documents

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine in these tests is a POSIX one")

CONNECT, DISCONNECT, REPAIR = HostAction.CONNECT, HostAction.DISCONNECT, HostAction.REPAIR
ONE, EACH = EntryMode.ONE, EntryMode.EACH


class Chosen:
    """A machine on which a person may choose one entry or several, and which servers are on."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.mode = EACH
        self.servers: tuple[str, ...] = ("files", "code")
        machine.hosts = replace(machine.hosts, entry_servers=self.entry_servers)

    @property
    def hosts(self) -> HostConnections:
        return self.machine.hosts

    def entry_servers(self, _host: str, mode: EntryMode | None) -> tuple[str, ...] | None:
        return self.servers if (mode or self.mode) is EACH else None

    def switch(self, mode: EntryMode) -> HostChange:
        """Plan and make the change, and keep what was chosen."""
        change = self.hosts.plan("cursor", CONNECT, mode=mode)
        self.hosts.apply(change)
        self.mode = change.entries
        return change

    def entries(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.machine.cursor.read_bytes())["mcpServers"]
        return found


@pytest.fixture
def chosen(tmp_path: Path) -> Chosen:
    return Chosen(Machine(tmp_path))


def test_each_server_gets_an_entry_that_selects_it(chosen: Chosen) -> None:
    chosen.machine.cursor.write_bytes(OTHERS)
    change = chosen.machine.make(CONNECT)
    assert change.entries is EACH
    assert change.diff.count("--- ") == 1
    assert list(chosen.entries()) == ["git", "ostiary-files", "ostiary-code"]
    assert chosen.entries()["ostiary-code"] == {
        "command": chosen.machine.shim,
        "args": ["--host", "cursor", "--servers", "code"],
    }
    assert chosen.machine.state() is HostState.CONNECTED


@pytest.mark.parametrize("before", [OTHERS, b"{ }", b"", b'{"mcpServers": { }}'])
def test_all_entries_leave_at_once_and_give_the_bytes_back(chosen: Chosen, before: bytes) -> None:
    chosen.machine.cursor.write_bytes(before)
    chosen.machine.make(CONNECT)
    chosen.machine.make(DISCONNECT)
    assert chosen.machine.cursor.read_bytes() == before


def test_switching_between_one_and_several_is_one_change_and_gives_the_bytes_back(chosen: Chosen) -> None:
    chosen.machine.cursor.write_bytes(OTHERS)
    chosen.switch(ONE)
    one = chosen.machine.cursor.read_bytes()
    copies = len(chosen.machine.kept())
    change = chosen.switch(EACH)
    assert len(chosen.machine.kept()) == copies + 1
    assert list(chosen.entries()) == ["git", "ostiary-files", "ostiary-code"]
    chosen.hosts.undo(change)
    assert chosen.machine.cursor.read_bytes() == one
    chosen.mode = ONE
    chosen.machine.make(DISCONNECT)
    assert chosen.machine.cursor.read_bytes() == OTHERS


def test_a_change_that_was_planned_for_several_is_refused_once_other_servers_are_on(chosen: Chosen) -> None:
    change = chosen.hosts.plan("cursor", CONNECT)
    chosen.servers = ("files",)
    with pytest.raises(HostFileError, match="changed since"):
        chosen.hosts.apply(change)
    assert not chosen.machine.cursor.exists()


def test_a_server_that_is_switched_on_later_is_offered_and_never_written_by_itself(chosen: Chosen) -> None:
    chosen.machine.make(CONNECT)
    before = chosen.machine.cursor.read_bytes()
    chosen.servers = ("files", "code", "weather")
    view = chosen.machine.view()
    assert (view.state, view.harm) == (HostState.CHANGED, "")
    assert view.detail == "It has no entry “ostiary-weather” yet. Connect again to write what is missing."
    assert chosen.machine.cursor.read_bytes() == before
    chosen.machine.running = {"claude-desktop"}
    chosen.machine.make(CONNECT)
    assert list(chosen.entries()) == ["ostiary-files", "ostiary-code", "ostiary-weather"]


def test_the_entry_of_a_server_that_was_switched_off_is_offered_to_be_taken_out(chosen: Chosen) -> None:
    chosen.machine.make(CONNECT)
    chosen.servers = ("code",)
    assert chosen.machine.view().detail == "It still has “ostiary-files”. Connect again to take that out."
    chosen.machine.make(CONNECT)
    assert list(chosen.entries()) == ["ostiary-code"]


def test_with_no_server_on_there_is_nothing_to_write(chosen: Chosen) -> None:
    chosen.servers = ()
    with pytest.raises(HostFileError, match="No server is switched on"):
        chosen.hosts.plan("cursor", CONNECT)
    assert chosen.machine.state() is HostState.AVAILABLE


def test_an_entry_of_such_a_name_that_starts_something_else_is_never_touched(chosen: Chosen) -> None:
    theirs = b'{"mcpServers": {"ostiary-files": {"command": "/opt/mine"}}}'
    chosen.machine.cursor.write_bytes(theirs)
    assert chosen.machine.state() is HostState.AVAILABLE
    with pytest.raises(HostFileError, match="not Ostiary's"):
        chosen.hosts.plan("cursor", CONNECT)
    chosen.switch(ONE)
    chosen.machine.make(DISCONNECT)
    assert chosen.machine.cursor.read_bytes() == theirs


def test_one_of_several_that_another_program_took_out_is_told_and_put_back(chosen: Chosen) -> None:
    chosen.machine.cursor.write_bytes(OTHERS)
    chosen.machine.make(CONNECT)
    whole = chosen.machine.cursor.read_bytes()
    left = json.loads(whole)
    del left["mcpServers"]["ostiary-code"]
    chosen.machine.cursor.write_text(json.dumps(left))
    assert chosen.machine.view().harm == "Another program changed Ostiary's entry in it."
    chosen.machine.make(REPAIR)
    assert chosen.machine.cursor.read_bytes() == whole
    assert chosen.machine.view().harm == ""


def test_our_entries_are_no_servers_that_could_be_brought_in(chosen: Chosen) -> None:
    chosen.machine.cursor.write_bytes(OTHERS)
    chosen.machine.make(CONNECT)
    assert list(chosen.hosts.servers("cursor")) == ["git"]


@pytest.mark.parametrize("server", ["files", "a" * 32, "weather-of-all-kinds", "1"])
def test_an_entrys_name_is_one_that_every_host_takes(server: str) -> None:
    name = entry_name(server)
    assert name.startswith("ostiary-")
    assert len(name) <= NAME_LIMIT
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_an_entrys_name_leaves_room_for_the_longest_tool_wherever_both_are_counted() -> None:
    longest = len("mcp__") + NAME_LIMIT + len("__") + TOOL_NAME_LIMIT
    assert longest <= 64
    limits = [spec.limits.tool_name_characters for spec in known_hosts()]
    assert min(limit for limit in limits if limit is not None) >= TOOL_NAME_LIMIT
    assert entry_name("knowledge") == "ostiary-knowledge"


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert entry_name("weather-of-all-kinds") != entry_name("weather-of-all-times")


NAMES = st.lists(st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True), unique=True, min_size=1, max_size=4)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), NAMES, NAMES)
def test_whatever_a_file_holds_several_come_and_change_and_leave_its_bytes_behind(
    theirs: bytes, first: list[str], then: list[str]
) -> None:
    ours = OurEntries(lambda name: editor_for(Format.JSON, ("mcpServers",), name, Tolerance(bom=True)))
    expected = json.loads(theirs.decode("utf-8-sig"))
    content = theirs
    for servers in (first, then):
        entries = {entry_name(one): {"command": "/opt/ostiary-connect", "args": [one]} for one in servers}
        content = ours.set(content, entries)
        read = json.loads(content.decode("utf-8-sig"))
        assert read == expected | {"mcpServers": expected.get("mcpServers", {}) | entries}
    assert ours.remove(content, drop_empty="mcpServers" not in expected) == theirs


@pytest.mark.parametrize("spec", known_hosts(), ids=lambda spec: spec.name)
def test_every_hosts_file_takes_several_and_gives_its_bytes_back(spec: HostSpec) -> None:
    ours = OurEntries(lambda name: editor_for(spec.format, spec.key_path, name, spec.tolerance))
    theirs = ours.editor("theirs").set(spec.new_file, entry_for(spec, "/opt/theirs", ("--a",), "theirs"))
    entries = {
        name: entry_for(spec, "/opt/ostiary-connect", ("--host", spec.name, "--servers", server), name)
        for server in ("files", "code", "weather-of-all-kinds")
        for name in (entry_name(server),)
    }
    written = ours.set(theirs, entries)
    assert ours.get(written) == entries
    assert ours.servers(written).keys() == {"theirs", *entries}
    assert ours.remove(written) == theirs
