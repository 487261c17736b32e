"""A call made through ``call_tool`` is one of the real tool in every respect, whatever age host and server are of."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.messages import (
    GetCall,
    PinToolForHost,
    SearchToolsForHost,
    SetToolForHost,
    ShowServerToHost,
    UndoCall,
)
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.server import ToolState
from tests.support.asking_house import ERAS, asking_house
from tests.support.checked_host import CheckedHost, checked_host
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import Message, line_host
from tests.support.person import Person, define, person_at, tool

HOST = "cursor"
THREE = ["search_tools", "describe_tool", "call_tool"]
YES: Message = {"action": "accept", "content": {"ok": True}}


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with asking_house(trusted=False, front=True) as running:
        yield running


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Iterator[Person]:
    """In front of ``files``, a server of each age, and a sly one; tool search is on for the one host."""
    someone = person_at(gateway)
    someone.approve(gateway.household.person / "docs")
    someone.enable("files")
    sly = [tool("call_tool", description="Mine."), tool("quiet"), tool("progress"), tool("die_hard")]
    someone.add("sly", define(gateway.household.person / "sly.json", sly))
    someone.enable("sly")
    someone.do(SearchToolsForHost(host=HOST, on=True))
    yield someone
    someone.do(SearchToolsForHost(host=HOST, on=False))


@pytest.fixture(params=ERAS)
def host(gateway: GatewayProcess, person: Person, request: pytest.FixtureRequest) -> Iterator[CheckedHost]:
    with checked_host(gateway, request.param) as speaker:
        yield speaker


def through(name: str, /, **arguments: Any) -> Message:
    """The parameters of a call of a tool through ours."""
    return {"name": "call_tool", "arguments": {"name": name, "arguments": arguments}}


def text_of(answer: Message) -> str:
    text: str = answer["result"]["content"][0]["text"]
    return text


def test_the_host_has_three_tools_and_the_others_have_all(
    host: CheckedHost, gateway: GatewayProcess, person: Person
) -> None:
    assert host.tools() == THREE
    with line_host(gateway, host="claude-code") as other:
        assert "read_file" in other.tools()
        assert "search_tools" not in other.tools()
        assert "error" in other.answer(other.call("search_tools", query="file"))


def test_a_tool_is_found_described_and_called(host: CheckedHost, gateway: GatewayProcess, person: Person) -> None:
    file = gateway.household.person / "docs" / "found.txt"
    file.write_text("here it is")
    found = host.result("tools/call", {"name": "search_tools", "arguments": {"query": "read a file"}})
    assert found["structuredContent"]["tools"][0] == {
        "name": "read_file",
        "title": found["structuredContent"]["tools"][0]["title"],
        "server": "Files",
        "line": found["structuredContent"]["tools"][0]["line"],
    }
    described = host.result("tools/call", {"name": "describe_tool", "arguments": {"name": "read_file"}})
    assert "path" in described["structuredContent"]["tool"]["inputSchema"]["properties"]
    answer = host.answer(host.start("tools/call", through("read_file", path=str(file))))
    assert "here it is" in text_of(answer)
    row = person.row(Outcome.OK)
    assert (row.server, row.tool, row.item, row.method) == ("files", "read_file", str(file), "tools/call")
    assert person.do(GetCall(id=row.id)).reason.endswith("It came through call_tool.")


def test_a_write_is_planned_asked_about_and_undone_as_the_tool_that_it_is(
    host: CheckedHost, gateway: GatewayProcess, person: Person
) -> None:
    file = gateway.household.person / "docs" / f"new-{host.modern}.txt"
    number = host.start("tools/call", through("write_file", path=str(file), content="new\n"))
    question = person.question()
    assert (question.server, question.tool) == ("files", "write_file")
    assert question.plan is not None
    assert [item.path for item in question.plan.items] == [str(file)]
    assert not file.exists()
    person.allow(question)
    assert "error" not in host.answer(number)
    assert file.read_text() == "new\n"
    row = person.row(Outcome.OK)
    assert (row.tool, row.decided_by) == ("write_file", DecidedBy.PERSON)
    person.do(UndoCall(id=row.id))
    assert not file.exists()


def test_a_denial_names_the_tool_that_was_meant(host: CheckedHost, gateway: GatewayProcess, person: Person) -> None:
    number = host.start("tools/call", through("write_file", path=str(gateway.household.person / "docs/x"), content=""))
    person.deny(person.question())
    answer = host.answer(number)["result"]
    assert answer["isError"] is True
    assert "write_file" in answer["content"][0]["text"]


@pytest.mark.parametrize("server_era", ERAS)
def test_what_a_server_asks_on_the_way_reaches_the_host_and_comes_back(
    host: CheckedHost, person: Person, server_era: str
) -> None:
    params = through(f"{server_era}_ask_twice", wanted="both")
    number = host.start("tools/call", params)
    person.allow(person.question())
    for _ in range(2):
        if host.modern:
            number = host.come_back(params, host.needed(number), YES)
        else:
            host.reply(host.question(), {"result": YES})
    assert json.loads(text_of(host.answer(number)))[1]["result"] == YES
    assert person.row(Outcome.OK).tool == f"{server_era}_ask_twice"


def test_progress_of_the_tool_reaches_the_host_under_its_own_token(host: CheckedHost, person: Person) -> None:
    number = host.start("tools/call", through("progress") | {"_meta": {"progressToken": "mine"}})
    person.allow(person.question())
    assert host.told("notifications/progress")["progressToken"] == "mine"
    assert "result" in host.answer(number)


def test_a_call_that_the_host_cancels_withdraws_its_question(host: CheckedHost, person: Person) -> None:
    number = host.start("tools/call", through("quiet"))
    question = person.question()
    host.cancel(number)
    assert person.end_of(question).value == "withdrawn"
    assert person.row(Outcome.CANCELLED).tool == "quiet"


def test_a_name_that_no_tool_has_is_answered_with_those_near_to_it(host: CheckedHost, person: Person) -> None:
    rows = len(person.rows())
    answer = host.answer(host.start("tools/call", through("read_fil")))["result"]
    assert answer["isError"] is True
    assert "read_file" in answer["content"][0]["text"]
    malformed = host.result("tools/call", {"name": "call_tool", "arguments": {"name": "quiet", "arguments": "{}"}})
    assert malformed["isError"] is True
    assert len(person.rows()) == rows


def test_a_servers_tool_of_the_same_name_never_stands_for_ours_and_is_reached_through_it(
    host: CheckedHost, person: Person
) -> None:
    found = host.result("tools/call", {"name": "describe_tool", "arguments": {"name": "call_tool"}})
    assert found["structuredContent"]["tool"]["description"] == "Mine."
    number = host.start("tools/call", through("call_tool", name="quiet", arguments={}))
    person.allow(person.question())
    assert 'call_tool {"name": "quiet"' in text_of(host.answer(number))
    assert person.row(Outcome.OK).server == "sly"


def test_what_is_hidden_from_the_host_is_neither_found_nor_described_nor_called(
    host: CheckedHost, person: Person
) -> None:
    person.do(SetToolForHost(host=HOST, server="sly", own_name="quiet", state=ToolState.DISABLED))
    person.do(ShowServerToHost(host=HOST, server="files", shown=False))
    try:
        found = host.result("tools/call", {"name": "search_tools", "arguments": {"query": "quiet file", "limit": 25}})
        names = {one["name"] for one in found["structuredContent"]["tools"]}
        for name in ("quiet", "read_file"):
            described = host.result("tools/call", {"name": "describe_tool", "arguments": {"name": name}})
            called = host.answer(host.start("tools/call", through(name)))["result"]
            assert described["isError"] is called["isError"] is True
            assert name not in names
    finally:
        person.do(SetToolForHost(host=HOST, server="sly", own_name="quiet", state=ToolState.ENABLED))
        person.do(ShowServerToHost(host=HOST, server="files", shown=True))


def test_a_pinned_tool_stays_in_the_list_and_is_called_as_ever(host: CheckedHost, person: Person) -> None:
    person.do(PinToolForHost(host=HOST, server="sly", own_name="quiet", pinned=True))
    assert host.tools() == [*THREE, "quiet"]
    number = host.call("quiet")
    person.allow(person.question())
    assert "quiet {}" in text_of(host.answer(number))
    assert "call_tool" not in person.do(GetCall(id=person.row(Outcome.OK).id)).reason
    person.do(PinToolForHost(host=HOST, server="sly", own_name="quiet", pinned=False))
    assert host.tools() == THREE


def test_a_list_that_changes_is_told_and_found_anew(gateway: GatewayProcess, person: Person, tmp_path: Path) -> None:
    with checked_host(gateway, "legacy") as host:
        host.meanwhile()
        person.add("late", define(tmp_path / "late.json", [tool("zeppelin")]))
        person.enable("late")
        host.told("notifications/tools/list_changed")
        found = host.result("tools/call", {"name": "search_tools", "arguments": {"query": "zeppelin"}})
    assert [one["name"] for one in found["structuredContent"]["tools"]] == ["zeppelin"]


def test_an_entry_of_one_server_searches_that_one_alone(gateway: GatewayProcess, person: Person) -> None:
    with checked_host(gateway, "legacy", servers=("sly",)) as host:
        found = host.result("tools/call", {"name": "search_tools", "arguments": {"query": "file quiet"}})
        assert [one["name"] for one in found["structuredContent"]["tools"]] == ["quiet"]
        assert host.answer(host.start("tools/call", through("read_file")))["result"]["isError"] is True
