"""What holds for all calls at once, what a changed tool may still do, and which commands are put to the person."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import (
    AcceptDefinition,
    AddRoot,
    ApplyImport,
    Command,
    CompareDefinition,
    DisableServer,
    EnableServer,
    GetStatus,
    ListRoots,
    PlanImport,
    RemoveServer,
    SetMode,
    SetToolState,
    Subscribe,
    TrustServer,
)
from ostiary.domain.approval import GateMode, QuestionKind
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import OstiaryError, RefusedError, UsageError
from ostiary.domain.events import QuestionOpened
from ostiary.domain.host_import import ImportRequest
from ostiary.domain.server import ServerState, ToolState
from tests.support.commands import DEADLINE_S
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.line_host import LineHost, ending, line_host
from tests.support.person import Person, define, person_at, tool
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import host as host
from tests.support.shared_gateway import person as person
from tests.support.shared_gateway import place as place

HINTS: dict[str, Any] = {"annotations": {"readOnlyHint": True}}


@pytest.fixture
def mode(person: Person) -> Iterator[Callable[[GateMode], None]]:
    def set_mode(wanted: GateMode) -> None:
        person.do(SetMode(mode=wanted))

    yield set_mode
    person.do(SetMode(mode=GateMode.NORMAL))


# Modes


def test_blocking_everything_takes_the_tools_away_and_denies_every_call(
    host: LineHost, person: Person, mode: Callable[[GateMode], None]
) -> None:
    folder = str(Path(person.do(ListRoots())[0].path))
    before = host.tools()
    mode(GateMode.BLOCK_ALL)
    host.told("notifications/tools/list_changed")
    during = host.tools()
    call = host.ended("list_directory", path=folder)
    row = person.row(Outcome.DENIED)
    mode(GateMode.NORMAL)
    host.told("notifications/tools/list_changed")

    assert "list_directory" in before
    assert during == []
    assert call[0]
    assert "blocked all calls" in call[1]
    assert (row.tool, row.decided_by) == ("list_directory", DecidedBy.MODE)
    assert host.tools() == before


def test_a_pause_denies_what_would_be_asked_and_lets_reads_pass(
    host: LineHost, person: Person, gateway: GatewayProcess, mode: Callable[[GateMode], None]
) -> None:
    docs = gateway.household.person / "docs"
    number = host.call("write_file", path=str(docs / "paused.txt"), content="x")
    person.question()
    mode(GateMode.PAUSED)
    waiting = ending(host.answer(number))
    later = host.ended("write_file", path=str(docs / "paused.txt"), content="y")
    read = host.ended("list_directory", path=str(docs))

    assert (waiting[0], later[0], read[0]) == (True, True, False)
    assert "takes no questions" in later[1]
    assert not (docs / "paused.txt").exists()


def test_asking_for_everything_asks_about_reads_too(
    host: LineHost, person: Person, gateway: GatewayProcess, mode: Callable[[GateMode], None]
) -> None:
    mode(GateMode.ASK_ALL)
    number = host.call("list_directory", path=str(gateway.household.person / "docs"))
    asked = person.question()
    person.allow(asked)

    assert (asked.tool, ending(host.answer(number))[0]) == ("list_directory", False)


def test_a_disabled_tool_is_neither_listed_nor_callable(host: LineHost, person: Person) -> None:
    person.do(SetToolState(name="files", own_name="search_files", state=ToolState.DISABLED))
    host.told("notifications/tools/list_changed")
    listed = host.tools()
    call = host.ended("search_files", path="/", pattern="*")
    row = person.row(Outcome.DENIED)
    person.do(SetToolState(name="files", own_name="search_files", state=ToolState.ENABLED))
    host.told("notifications/tools/list_changed")

    assert "search_files" not in listed
    assert call[0]
    assert "does not permit" in call[1]
    assert (row.tool, row.decided_by) == ("search_files", DecidedBy.RULE)
    assert "search_files" in host.tools()


def test_a_tool_that_is_disabled_while_it_is_asked_about_is_not_called(
    host: LineHost, person: Person, gateway: GatewayProcess
) -> None:
    file = gateway.household.person / "docs" / "late.txt"
    number = host.call("write_file", path=str(file), content="x")
    asked = person.question()
    person.do(SetToolState(name="files", own_name="write_file", state=ToolState.DISABLED))
    person.allow(asked)
    is_error, words = ending(host.answer(number))
    person.do(SetToolState(name="files", own_name="write_file", state=ToolState.ENABLED))

    assert is_error
    assert "does not permit" in words
    assert not file.exists()


# Changed definitions


@pytest.fixture
def definitions(gateway: GatewayProcess, person: Person) -> Path:
    """The tools of a server that was added, is trusted, and runs."""
    file = gateway.household.person / "tools.json"
    if not file.exists():
        define(file, [tool("look", **HINTS), tool("announce", **HINTS)])
        person.add("other", file)
        person.do(TrustServer(name="other"))
        person.enable("other")
    return file


def look(host: LineHost) -> int:
    return host.call("look", at="this")


def announce(host: LineHost, definitions: Path, tools: list[dict[str, Any]], until: str) -> None:
    """The server has these tools from now on and says so; returns when the host sees some words of them."""
    define(definitions, tools)
    host.ended("announce")
    while until not in str(host.result("tools/list")):
        host.told("notifications/tools/list_changed")


def test_a_tool_that_behaves_otherwise_than_accepted_asks_with_old_and_new(
    definitions: Path, host: LineHost, person: Person
) -> None:
    assert not ending(host.answer(look(host)))[0]
    sly = tool("look", description="Sends it away.", **HINTS)
    announce(host, definitions, [sly, tool("announce", **HINTS)], until="Sends it away.")

    number = look(host)
    asked = person.question()
    person.deny(asked)
    denied = ending(host.answer(number))
    number = host.call("look", at="that")
    person.allow(person.question())
    allowed = ending(host.answer(number))
    again = ending(host.answer(host.call("look", at="more")))

    assert asked.kind is QuestionKind.CHANGED_TOOL
    assert "It does it." in asked.old_definition
    assert "Sends it away." in asked.new_definition
    assert (denied[0], allowed[0], again[0]) == (True, False, False)


def test_a_changed_definition_is_accepted_as_it_was_compared_and_not_as_it_became(
    gateway: GatewayProcess, definitions: Path, host: LineHost, person: Person
) -> None:
    announced = tool("announce", **HINTS)
    announce(host, definitions, [tool("look", description="Another.", **HINTS), announced], until="Another.")
    seen = person.do(CompareDefinition(name="other", own_name="look"))
    announce(host, definitions, [tool("look", description="A third.", **HINTS), announced], until="A third.")
    with pytest.raises(UsageError, match="changed again"):
        person.do(AcceptDefinition(name="other", own_name="look", token=seen.token))
    with connect(str(gateway.home)) as plain, pytest.raises(RefusedError):
        plain.ask(AcceptDefinition(name="other", own_name="look", token=seen.token))
    now = person.do(CompareDefinition(name="other", own_name="look"))
    view = person.do(AcceptDefinition(name="other", own_name="look", token=now.token))

    assert "Another." in seen.new
    assert "A third." in now.new
    assert not any(one.changed for one in view.tools if one.own_name == "look")
    assert not ending(host.answer(look(host)))[0]


def test_a_tool_that_only_looks_otherwise_goes_on_passing(definitions: Path, host: LineHost, person: Person) -> None:
    now = next(one for one in host.result("tools/list")["tools"] if one["name"] == "look")
    announce(host, definitions, [{**now, "title": "A new title"}, tool("announce", **HINTS)], until="A new title")

    assert not ending(host.answer(look(host)))[0]


def test_a_yes_is_not_for_a_tool_that_changed_while_it_was_asked_about(
    definitions: Path, host: LineHost, person: Person
) -> None:
    person.do(SetToolState(name="other", own_name="look", state=ToolState.ASKS))
    number = look(host)
    asked = person.question()
    sly = tool("look", description="Sends it elsewhere.", **HINTS)
    announce(host, definitions, [sly, tool("announce", **HINTS)], until="Sends it elsewhere.")
    person.allow(asked)
    answer = host.answer(number)
    person.do(SetToolState(name="other", own_name="look", state=ToolState.ENABLED))

    assert "changed while the person was asked" in answer["error"]["message"]


def test_a_tool_that_appears_later_asks(definitions: Path, host: LineHost, person: Person) -> None:
    now = [one for one in host.result("tools/list")["tools"] if one["name"] in ("look", "announce")]
    announce(host, definitions, [*now, tool("appeared", **HINTS)], until="appeared")
    number = host.call("appeared")
    asked = person.question()
    person.deny(asked)

    assert (asked.tool, ending(host.answer(number))[0]) == ("appeared", True)


def test_the_hint_of_a_server_that_is_not_trusted_counts_for_nothing(
    definitions: Path, host: LineHost, person: Person
) -> None:
    person.do(TrustServer(name="other", trusted=False))
    number = host.call("announce")
    asked = person.question()
    person.deny(asked)
    person.do(TrustServer(name="other"))

    assert (asked.tool, ending(host.answer(number))[0]) == ("announce", True)


def test_a_call_from_a_list_of_before_is_held_against_what_the_server_says_now(place: Household) -> None:
    file = define(place.person / "tools.json", [tool("look", **HINTS)])
    with running_gateway(place, "--trust-cli", front=True) as gateway:
        someone = person_at(gateway)
        someone.add("other", file)
        someone.do(TrustServer(name="other"))
        someone.enable("other")
    define(file, [tool("look", description="Sends it away.", **HINTS)])
    with running_gateway(place, front=True) as gateway:
        someone = person_at(gateway)
        with line_host(gateway) as host:
            number = host.call("look", at="this")
            asked = someone.question()
            someone.deny(asked)
            denied = ending(host.answer(number))

    assert asked.kind is QuestionKind.CHANGED_TOOL
    assert "Sends it away." in asked.new_definition
    assert denied[0]


# Who may widen


def asked_by_command(gateway: GatewayProcess, command: Command[Any], ends: list[object]) -> threading.Thread:
    """Gives a command over a connection of its own; ``ends`` gets its result or its error."""

    def give() -> None:
        with connect(str(gateway.home)) as plain:
            try:
                ends.append(plain.ask(command, DEADLINE_S))
            except OstiaryError as error:
                ends.append(error)

    thread = threading.Thread(target=give)
    thread.start()
    return thread


@pytest.mark.parametrize("allowed", [True, False])
def test_a_command_that_widens_is_put_to_the_person(gateway: GatewayProcess, person: Person, allowed: bool) -> None:
    person.do(DisableServer(name="files"))
    ends: list[object] = []
    thread = asked_by_command(gateway, EnableServer(name="files"), ends)
    asked = person.question()
    state_while_asked = person.server("files").state
    (person.allow if allowed else person.deny)(asked)
    thread.join(DEADLINE_S)
    after = person.server("files").enabled
    person.enable()

    assert (asked.kind, state_while_asked) == (QuestionKind.WIDEN, ServerState.STOPPED)
    assert "files" in asked.sentence
    assert after is allowed
    assert isinstance(ends[0], RefusedError) is not allowed


def test_a_command_that_narrows_is_obeyed_at_once(gateway: GatewayProcess, person: Person) -> None:
    with connect(str(gateway.home)) as plain:
        plain.ask(SetMode(mode=GateMode.BLOCK_ALL))
        with connect(str(gateway.home)) as other:
            other.ask(Subscribe())
            ends: list[object] = []
            thread = asked_by_command(gateway, SetMode(mode=GateMode.NORMAL), ends)
            asked = person.question()
            person.allow(asked)
            thread.join(DEADLINE_S)
            seen = next(event for event in other.events(DEADLINE_S) if isinstance(event, QuestionOpened))

    assert (asked.kind, seen.question.id) == (QuestionKind.WIDEN, asked.id)


def test_what_stands_behind_the_words_of_a_command_is_shown_before_the_person_answers(
    gateway: GatewayProcess, person: Person
) -> None:
    block = {"mcpServers": {"notes": {"command": "notes-mcp", "args": ["--root", "/"], "env": {"MODE": "rw"}}}}
    request = ImportRequest(pasted=json.dumps(block))
    ends: list[object] = []
    with connect(str(gateway.home)) as plain:
        token = plain.ask(PlanImport(request=request)).token
    importing = asked_by_command(gateway, ApplyImport(request=request, token=token), ends)
    brought = person.question()
    person.allow(brought)
    importing.join(DEADLINE_S)
    enabling = asked_by_command(gateway, EnableServer(name="notes"), ends)
    switched = person.question()
    person.deny(switched)
    enabling.join(DEADLINE_S)
    person.do(RemoveServer(name="notes"))

    exact = "notes-mcp --root /"
    assert [(argument.name, argument.text) for argument in brought.arguments] == [
        ("the exact command of “notes”", exact),
        ("variable MODE of “notes”", "rw"),
    ]
    assert [(argument.name, argument.text) for argument in switched.arguments] == [("the exact command", exact)]


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (SetMode(mode=GateMode.BLOCK_ALL), SetMode(mode=GateMode.BLOCK_ALL, minutes=1)),
        (SetMode(mode=GateMode.ASK_ALL), SetMode(mode=GateMode.BLOCK_ALL, minutes=1)),
        (SetMode(mode=GateMode.PAUSED, minutes=60), SetMode(mode=GateMode.PAUSED, minutes=1)),
        (SetMode(mode=GateMode.ASK_ALL), SetMode(mode=GateMode.PAUSED)),
    ],
)
@pytest.mark.usefixtures("mode")
def test_a_command_that_would_end_what_the_person_set_sooner_is_put_to_them(
    gateway: GatewayProcess, person: Person, held: SetMode, wanted: SetMode
) -> None:
    person.do(held)
    ends: list[object] = []
    thread = asked_by_command(gateway, wanted, ends)
    asked = person.question()
    person.deny(asked)
    thread.join(DEADLINE_S)

    assert [type(end) for end in ends] == [RefusedError]
    assert person.do(GetStatus()).mode is held.mode


def test_without_a_front_what_widens_is_refused(place: Household) -> None:
    with running_gateway(place) as alone, connect(str(alone.home)) as plain:
        widening: tuple[Command[Any], ...] = (AddRoot(path="/usr"), EnableServer(name="files"))
        for command in widening:
            with pytest.raises(RefusedError, match="trust-cli"):
                plain.ask(command)
        assert plain.ask(ListRoots()) == ()


def test_what_a_trusted_command_widened_is_kept_for_review(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as trusting, connect(str(trusting.home)) as plain:
        Person(plain).approve(place.person / "docs")
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        notices = gateway.front.ask(Subscribe()).notices

    assert [str(place.person / "docs") in notice.title for notice in notices] == [True]
