"""One entry or several in a host's file, chosen over the control protocol and kept; and the commands about a host."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.control.messages import (
    ApplyHostChange,
    DisableServer,
    ListHosts,
    PlanConnect,
    PlanDisconnect,
    PlanUndo,
    ShowServerToHost,
)
from ostiary.domain.host import HostState, HostView
from ostiary.domain.host_choice import EntryMode
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import line_host
from tests.support.person import Person, define, person_at, tool
from tests.support.shared_gateway import gateway as gateway

THEIRS = b'{\n  "mcpServers": {\n    "git": {"command": "git-mcp"}\n  }\n}\n'


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    someone = person_at(gateway)
    for name in ("first", "second"):
        someone.add(name, define(gateway.household.person / f"{name}.json", [tool(f"{name}_tool")]))
        someone.enable(name)
    return someone


@pytest.fixture
def file(gateway: GatewayProcess, person: Person) -> Iterator[Path]:
    """Cursor's file, and Cursor not connected; so again afterwards."""
    file = gateway.household.person / ".cursor" / "mcp.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(THEIRS)
    yield file
    person.do(ApplyHostChange(change=person.do(PlanDisconnect(host="cursor"))))
    person.do(ApplyHostChange(change=person.do(PlanConnect(host="cursor", entries=EntryMode.ONE))))
    person.do(ApplyHostChange(change=person.do(PlanDisconnect(host="cursor"))))
    assert file.read_bytes() == THEIRS


def cursor(person: Person) -> HostView:
    return next(view for view in person.do(ListHosts()) if view.name == "cursor")


def entries(file: Path) -> list[str]:
    return list(json.loads(file.read_bytes())["mcpServers"])


def switch(person: Person, mode: EntryMode) -> HostView:
    return person.do(ApplyHostChange(change=person.do(PlanConnect(host="cursor", entries=mode))))


def test_several_entries_are_written_kept_as_the_choice_and_each_reaches_its_server(
    gateway: GatewayProcess, person: Person, file: Path
) -> None:
    assert person.do(PlanConnect(host="cursor")).entries is EntryMode.ONE
    view = switch(person, EntryMode.EACH)
    assert (view.state, view.choice.entries) == (HostState.CONNECTED, EntryMode.EACH)
    assert entries(file) == ["git", "ostiary-first", "ostiary-second"]
    assert person.do(PlanConnect(host="cursor")).diff == ""
    arguments = json.loads(file.read_bytes())["mcpServers"]["ostiary-second"]["args"]
    with line_host(gateway, *arguments[arguments.index("--servers") :]) as host:
        assert host.tools() == ["second_tool"]
        assert cursor(person).sessions == 1


def test_an_undo_takes_the_choice_back_with_the_file(person: Person, file: Path) -> None:
    switch(person, EntryMode.ONE)
    switch(person, EntryMode.EACH)
    view = person.do(ApplyHostChange(change=person.do(PlanUndo(host="cursor"))))
    assert (view.state, view.choice.entries) == (HostState.CONNECTED, EntryMode.ONE)
    assert entries(file) == ["git", "ostiary"]
    view = person.do(ApplyHostChange(change=person.do(PlanUndo(host="cursor"))))
    assert (view.state, view.choice.entries) == (HostState.CONNECTED, EntryMode.EACH)


def test_a_plan_that_is_not_applied_changes_no_choice(person: Person, file: Path) -> None:
    person.do(PlanConnect(host="cursor", entries=EntryMode.EACH))
    assert cursor(person).choice.entries is EntryMode.ONE
    assert file.read_bytes() == THEIRS


def test_a_server_that_is_switched_off_or_hidden_is_offered_to_be_taken_out_and_its_entry_shows_nothing(
    gateway: GatewayProcess, person: Person, file: Path
) -> None:
    switch(person, EntryMode.EACH)
    before = file.read_bytes()
    person.do(ShowServerToHost(host="cursor", server="second", shown=False))
    view = cursor(person)
    assert (view.state, view.harm) == (HostState.CHANGED, "")
    assert view.detail == "It still has “ostiary-second”. Connect again to take that out."
    assert file.read_bytes() == before
    with line_host(gateway, "--servers", "second") as host:
        assert host.tools() == []
    person.do(ShowServerToHost(host="cursor", server="second", shown=True))
    assert cursor(person).state is HostState.CONNECTED
    person.do(DisableServer(name="second"))
    assert cursor(person).state is HostState.CHANGED
    person.enable("second")


def test_going_back_to_one_entry_is_one_change(person: Person, file: Path) -> None:
    switch(person, EntryMode.EACH)
    change = person.do(PlanConnect(host="cursor", entries=EntryMode.ONE))
    assert '-    "ostiary-first"' in change.diff
    assert '+    "ostiary": {' in change.diff
    assert person.do(ApplyHostChange(change=change)).choice.entries is EntryMode.ONE
    assert entries(file) == ["git", "ostiary"]


def test_the_commands_write_several_show_what_a_host_sees_and_hide_from_it(
    gateway: GatewayProcess, person: Person, file: Path
) -> None:
    assert gateway.run("hosts", "connect", "cursor", "--entries", "each", "--dry-run").code == 0
    assert file.read_bytes() == THEIRS
    switch(person, EntryMode.EACH)
    shown = gateway.run("hosts", "show", "cursor")
    assert "Cursor sees 2 tools ≈ " in shown.out
    assert "second_tool  shown" in shown.out
    assert "shown, always asks" in _after(gateway, "ask", "first/first_tool")
    hidden = _after(gateway, "hide", "second")
    assert "second (hidden)" in hidden
    assert "Cursor sees 1 tool " in hidden
    assert "It takes 40" not in hidden
    assert "finds 1 more by search" in gateway.run("hosts", "search", "cursor", "on").out
    assert "pinned" in _after(gateway, "pin", "first/first_tool")
    assert gateway.run("hosts", "show", "nobody").code != 0
    assert gateway.run("hosts", "ask", "cursor", "first").code != 0
    as_json = json.loads(gateway.run("hosts", "show", "cursor", "--json").out)
    assert as_json["choice"]["hidden_servers"] == ["second"]
    for command in (("unpin", "cursor", "first/first_tool"), ("search", "cursor", "off")):
        assert gateway.run("hosts", *command).code == 0
    person.do(ShowServerToHost(host="cursor", server="second", shown=True))


def _after(gateway: GatewayProcess, command: str, what: str) -> str:
    done = gateway.run("hosts", command, "cursor", what)
    assert done.code == 0, done.err
    return gateway.run("hosts", "show", "cursor").out


def test_what_was_chosen_outlives_the_gateway() -> None:
    with household() as place:
        (place.person / ".cursor").mkdir()
        with running_gateway(place, front=True) as first:
            person_at(first).do(ShowServerToHost(host="cursor", server="files", shown=False))
        with running_gateway(place, front=True) as second:
            assert cursor(person_at(second)).choice.hidden_servers == ("files",)
