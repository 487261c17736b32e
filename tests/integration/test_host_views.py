"""What one host sees is set for it alone: in lists, calls, resources, prompts, completion, subscriptions; at once."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import (
    AddServer,
    ListHosts,
    RemoveServer,
    SetToolForHost,
    SetToolState,
    ShowServerToHost,
    TrustServer,
)
from ostiary.domain.approval import Decision
from ostiary.domain.call import Outcome
from ostiary.domain.errors import UsageError
from ostiary.domain.host import HostView
from ostiary.domain.server import ToolState
from tests.support.commands import DEADLINE_S, started
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, Message, line_host
from tests.support.person import Person, define, person_at, tool
from tests.support.shared_gateway import gateway as gateway

CHILDREN = Path(__file__).parents[1] / "support" / "children"
HIDDEN_FROM, OTHER = "cursor", "claude-code"
LISTS_CHANGED = {f"notifications/{kind}/list_changed" for kind in ("tools", "resources", "prompts")}
GREET = {"ref": {"type": "ref/prompt", "name": "greet"}, "argument": {"name": "name", "value": "a"}}


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    """In front of two servers: ``board`` offers of every kind, ``faults`` two tools."""
    someone = person_at(gateway)
    someone.do(AddServer(name="board", command=(sys.executable, str(CHILDREN / "e2e_modern.py"))))
    someone.enable("board")
    someone.add("faults", define(gateway.household.person / "tools.json", [tool("echo"), tool("never")]))
    someone.enable("faults")
    (gateway.household.person / ".cursor").mkdir()
    return someone


@pytest.fixture(autouse=True)
def as_before(person: Person) -> Iterator[None]:
    yield
    for server in ("board", "faults"):
        person.do(ShowServerToHost(host=HIDDEN_FROM, server=server, shown=True))
    for name in ("echo", "never"):
        person.do(SetToolForHost(host=HIDDEN_FROM, server="faults", own_name=name, state=ToolState.ENABLED))
        person.do(SetToolState(name="faults", own_name=name, state=ToolState.ENABLED))


@pytest.fixture(params=["legacy", "modern"])
def host(gateway: GatewayProcess, person: Person, request: pytest.FixtureRequest) -> Iterator[LineHost]:
    with line_host(gateway, modern=request.param == "modern", host=HIDDEN_FROM) as speaker:
        yield speaker


@pytest.fixture
def other(gateway: GatewayProcess, person: Person) -> Iterator[LineHost]:
    with line_host(gateway, host=OTHER) as speaker:
        yield speaker


def hide(person: Person, server: str) -> HostView:
    return person.do(ShowServerToHost(host=HIDDEN_FROM, server=server, shown=False))


def set_tool(person: Person, own_name: str, state: ToolState) -> HostView:
    return person.do(SetToolForHost(host=HIDDEN_FROM, server="faults", own_name=own_name, state=state))


def error(host: LineHost, method: str, params: Message) -> Message:
    answer = host.answer(host.start(method, params))
    assert "error" in answer, answer
    refusal: Message = answer["error"]
    return refusal


def listed(host: LineHost, method: str) -> list[Any]:
    result = host.result(method)
    (items,) = (value for value in result.values() if isinstance(value, list))
    return items


def test_a_hidden_server_is_in_no_list_of_the_host_and_in_those_of_others(
    host: LineHost, other: LineHost, person: Person
) -> None:
    hide(person, "board")
    assert host.tools() == ["echo", "never"]
    for method in ("resources/list", "resources/templates/list", "prompts/list"):
        assert listed(host, method) == []
        assert listed(other, method) != []
    assert other.tools() == ["touch", "echo", "never"]


@pytest.mark.skipif(sys.platform == "win32", reason="the program in between is a shell")
def test_a_program_that_claims_another_hosts_name_sees_no_more_than_under_its_own(
    gateway: GatewayProcess, person: Person, tmp_path: Path
) -> None:
    program = tmp_path / "cursor" / "cursor"
    program.parent.mkdir()
    shutil.copy("/bin/sh", program)
    itself = (str(program), "-c", '"$@"; exit $?', "sh")
    hide(person, "board")
    with line_host(gateway, host=OTHER, through=itself) as claiming, line_host(gateway, host=OTHER) as honest:
        assert claiming.tools() == ["echo", "never"]
        assert listed(claiming, "prompts/list") == []
        assert error(claiming, "tools/call", {"name": "touch"})["message"] == "Unknown tool: touch"
        assert honest.tools() == ["touch", "echo", "never"]
        person.do(ShowServerToHost(host=HIDDEN_FROM, server="board", shown=True))
        claiming.hear(lambda message: message.get("method") == "notifications/tools/list_changed")
        assert claiming.tools() == honest.tools()
        hide(person, "board")
        claiming.hear(lambda message: message.get("method") == "notifications/tools/list_changed")
        assert claiming.tools() == ["echo", "never"]


def test_what_a_hidden_server_has_is_refused_like_what_nobody_has(host: LineHost, person: Person) -> None:
    hide(person, "board")
    asked: dict[str, tuple[Message, Message]] = {
        "tools/call": ({"name": "touch"}, {"name": "nothing"}),
        "prompts/get": ({"name": "greet", "arguments": {"name": "Ada"}}, {"name": "nothing"}),
        "completion/complete": (GREET, {"ref": {"type": "ref/prompt", "name": "nothing"}}),
        "resources/read": ({"uri": "board://x"}, {"uri": "nothing://x"}),
    }
    for method, (hidden, unknown) in asked.items():
        refused, nothing = error(host, method, hidden), error(host, method, unknown)
        assert refused["code"] == nothing["code"]
        named = str(hidden.get("name", hidden.get("uri", "greet")))
        assert refused["message"].replace(named, "") == nothing["message"].replace("nothing", "").replace("://x", "")


def test_a_hidden_tool_called_by_name_is_refused_like_an_unknown_one_and_reaches_no_log(
    host: LineHost, other: LineHost, person: Person
) -> None:
    set_tool(person, "echo", ToolState.DISABLED)
    rows = len(person.rows())
    refused, unknown = (error(host, "tools/call", {"name": name, "arguments": {}}) for name in ("echo", "nothing"))
    assert refused == unknown | {"message": "Unknown tool: echo"}
    assert len(person.rows()) == rows
    assert (host.tools(), other.tools()) == (["touch", "never"], ["touch", "echo", "never"])


def test_only_the_hosts_own_sessions_are_told_at_once_that_its_lists_are_different(
    gateway: GatewayProcess, other: LineHost, person: Person
) -> None:
    flags = {f"{kind}ListChanged": True for kind in ("tools", "resources", "prompts")}
    with line_host(gateway, host=HIDDEN_FROM) as legacy, line_host(gateway, modern=True, host=HIDDEN_FROM) as modern:
        modern.start("subscriptions/listen", {"notifications": flags})
        modern.told("notifications/subscriptions/acknowledged")
        other.meanwhile()
        hide(person, "board")
        for told in (legacy, modern):
            for method in sorted(LISTS_CHANGED):
                told.told(method)
        heard = {message.get("method") for message in other.meanwhile()}
    assert not heard & LISTS_CHANGED


def test_a_tool_that_asks_for_one_host_only_asks_for_that_one(
    host: LineHost, gateway: GatewayProcess, person: Person
) -> None:
    define(gateway.household.person / "tools.json", [tool("echo", annotations={"readOnlyHint": True}), tool("never")])
    person.do(TrustServer(name="faults", trusted=True))
    set_tool(person, "echo", ToolState.ASKS)
    number = host.call("echo")
    question = person.question()
    person.deny(question)
    assert host.answer(number)["result"]["isError"] is True
    assert question.caller.host == HIDDEN_FROM
    person.do(TrustServer(name="faults", trusted=False))


def test_a_state_for_a_host_never_loosens_what_holds_for_all(host: LineHost, person: Person) -> None:
    person.do(SetToolState(name="faults", own_name="echo", state=ToolState.DISABLED))
    set_tool(person, "echo", ToolState.ENABLED)
    assert "echo" not in host.tools()
    set_tool(person, "echo", ToolState.ASKS)
    assert "echo" not in host.tools()
    assert host.ended("echo")[0]
    assert person.rows()[-1].decision is Decision.DENY


def test_a_tool_that_is_hidden_while_the_person_is_asked_is_not_called(host: LineHost, person: Person) -> None:
    number = host.call("echo")
    question = person.question()
    set_tool(person, "echo", ToolState.DISABLED)
    person.allow(question)
    assert host.answer(number)["result"]["isError"] is True
    assert person.row(Outcome.DENIED).tool == "echo"


def test_a_resource_of_a_server_that_is_hidden_is_told_no_more_and_cannot_be_subscribed_to(
    gateway: GatewayProcess, other: LineHost, person: Person
) -> None:
    with line_host(gateway, host=HIDDEN_FROM) as host:
        for subscriber in (host, other):
            assert subscriber.result("resources/subscribe", {"uri": "board://x"}) == {}
        hide(person, "board")
        number = other.call("touch")
        person.allow(person.question())
        other.answer(number)
        other.told("notifications/resources/updated")
        heard = {message.get("method") for message in host.meanwhile()}
        refused = error(host, "resources/subscribe", {"uri": "board://x"})
    assert "notifications/resources/updated" not in heard
    assert "cannot be subscribed" in refused["message"]


def test_files_are_told_to_no_host_that_the_files_server_is_hidden_from(
    gateway: GatewayProcess, person: Person
) -> None:
    docs = gateway.household.person / "docs"
    person.approve(docs)
    person.enable("files")
    file = docs / "told.txt"
    file.write_text("before")
    with line_host(gateway, host=HIDDEN_FROM) as host, line_host(gateway, host=OTHER) as other:
        for subscriber in (host, other):
            assert subscriber.result("resources/subscribe", {"uri": file.as_uri()}) == {}
        hide(person, "files")
        file.write_text("after")
        other.told("notifications/resources/updated")
        heard = {message.get("method") for message in host.meanwhile()}
        refused = error(host, "resources/subscribe", {"uri": file.as_uri()})
        person.do(ShowServerToHost(host=HIDDEN_FROM, server="files", shown=True))
        assert host.result("resources/subscribe", {"uri": file.as_uri()}) == {}
    assert "notifications/resources/updated" not in heard
    assert "cannot be subscribed" in refused["message"]


def test_how_servers_want_to_be_used_is_said_of_those_that_are_seen(gateway: GatewayProcess, person: Person) -> None:
    def said() -> object:
        with line_host(gateway, modern=True, host=HIDDEN_FROM) as host:
            return host.result("server/discover").get("instructions", "")

    assert "Use it well." in str(said())
    hide(person, "board")
    assert "Use it well." not in str(said())


def test_what_was_chosen_is_shown_with_what_it_comes_to(person: Person) -> None:
    def cursor(views: tuple[HostView, ...]) -> HostView:
        return next(view for view in views if view.name == HIDDEN_FROM)

    before = cursor(person.do(ListHosts())).offer
    set_tool(person, "never", ToolState.DISABLED)
    after = cursor(person.do(ListHosts()))
    assert (after.offer.tools, after.offer.all_tools) == (before.tools - 1, before.all_tools)
    assert 0 < after.offer.tokens < before.tokens == after.offer.all_tokens
    assert after.choice.tools == {"faults": {"never": ToolState.DISABLED}}
    assert after.offer.most_tools == 40


def test_what_is_none_is_refused(person: Person) -> None:
    with pytest.raises(UsageError, match="host"):
        person.do(ShowServerToHost(host="nobody", server="faults", shown=False))
    with pytest.raises(UsageError, match="server"):
        hide(person, "nothing")
    with pytest.raises(UsageError, match="no tool"):
        set_tool(person, "nothing", ToolState.DISABLED)


def test_a_command_may_hide_at_once_and_show_again_only_on_the_persons_word(
    gateway: GatewayProcess, person: Person
) -> None:
    with connect(str(gateway.home)) as plain:
        plain.ask(ShowServerToHost(host=HIDDEN_FROM, server="board", shown=False))
        plain.ask(SetToolForHost(host=HIDDEN_FROM, server="faults", own_name="echo", state=ToolState.DISABLED))
    with started(gateway.home, "hosts", "show", HIDDEN_FROM, "board") as command:
        question = person.question()
        assert "show the server “board” to cursor again" in question.sentence
        person.deny(question)
        assert command.wait(DEADLINE_S) != 0


def test_a_server_that_was_removed_and_added_again_stays_hidden(gateway: GatewayProcess, person: Person) -> None:
    person.add("passing", define(gateway.household.person / "passing.json", [tool("pass_by")]))
    person.enable("passing")
    hide(person, "passing")
    person.do(RemoveServer(name="passing"))
    person.add("passing", gateway.household.person / "passing.json")
    person.enable("passing")
    with line_host(gateway, host=HIDDEN_FROM) as host:
        assert "pass_by" not in host.tools()
    person.do(RemoveServer(name="passing"))
