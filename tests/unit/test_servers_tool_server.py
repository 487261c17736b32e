"""Tools as values: how their answers and failures reach a client, in both protocol eras."""

import logging
from threading import Event

import mcp_types as types
import pytest
from mcp import Client
from mcp.server import Server

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.plan import Expected
from ostiary_servers.common.tool_server import CHANGES, READS, Tool, Toolbox
from ostiary_servers.common.wire import Wire
from tests.support.server_client import ERAS, Era

pytestmark = pytest.mark.anyio


class Question(Wire):
    first_number: int


class Reply(Wire):
    doubled_number: int


def double(question: Question, expected: Expected) -> Answer:
    if question.first_number == 0:
        raise FileNotFoundError("/home/someone/secret/place")
    return Answer(str(question.first_number * 2), Reply(doubled_number=question.first_number * 2), "a note")


@pytest.fixture
def server() -> Server:
    tool = Tool("double", "Double", "Doubles a number.", READS, Question, Reply, double)
    toolbox = Toolbox((tool,))
    return Server("test", on_list_tools=toolbox.list_tools, on_call_tool=toolbox.call_tool)


@pytest.mark.parametrize("era", ERAS)
async def test_an_answer_arrives_as_text_note_and_structure(server: Server, era: Era) -> None:
    async with Client(server, mode=era) as client:
        result = await client.call_tool("double", {"firstNumber": 4})
    assert [block.text for block in result.content if isinstance(block, types.TextContent)] == ["8", "a note"]
    assert result.structured_content == {"doubledNumber": 8}


@pytest.mark.parametrize("era", ERAS)
async def test_a_fault_of_the_server_tells_the_client_nothing_of_its_inside(
    server: Server, era: Era, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client(server, mode=era) as client:
        result = await client.call_tool("double", {"firstNumber": 0})
    assert result.is_error
    assert isinstance(result.structured_content, dict)
    assert result.structured_content["code"] == "internal"
    assert "secret" not in result.model_dump_json()
    assert [record.levelno for record in caplog.records if record.name.startswith("ostiary")] == [logging.ERROR]


async def test_a_schema_says_only_what_a_model_needs(server: Server) -> None:
    async with Client(server) as client:
        (tool,) = (await client.list_tools()).tools
    assert tool.input_schema == {
        "type": "object",
        "properties": {"firstNumber": {"type": "integer"}},
        "required": ["firstNumber"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("era", ERAS)
async def test_a_call_that_hangs_is_answered_in_time_and_holds_up_nobody(era: Era) -> None:
    hanging = Event()

    def hang(question: Question, expected: Expected) -> Answer:
        hanging.wait()
        return Answer("", Reply(doubled_number=0))

    tools = (
        Tool("hang", "Hang", "Hangs.", READS, Question, Reply, hang, budget_s=0.1),
        Tool("double", "Double", "Doubles a number.", READS, Question, Reply, double),
    )
    toolbox = Toolbox(tools)
    server: Server = Server("test", on_list_tools=toolbox.list_tools, on_call_tool=toolbox.call_tool)
    try:
        async with Client(server, mode=era) as client:
            hung = await client.call_tool("hang", {"firstNumber": 1})
            assert hung.structured_content == {**(hung.structured_content or {}), "code": "timeout"}
            assert not (await client.call_tool("double", {"firstNumber": 2})).is_error
    finally:
        hanging.set()


@pytest.mark.parametrize("era", ERAS)
async def test_a_second_write_waits_for_one_that_hangs_and_is_then_told(era: Era) -> None:
    hanging, begun = Event(), []

    def write(question: Question, expected: Expected) -> Answer:
        begun.append(question.first_number)
        hanging.wait()
        return Answer("", Reply(doubled_number=0))

    toolbox = Toolbox((Tool("write", "Write", "Writes.", CHANGES, Question, Reply, write, budget_s=0.1),))
    server: Server = Server("test", on_list_tools=toolbox.list_tools, on_call_tool=toolbox.call_tool)
    try:
        async with Client(server, mode=era) as client:
            for number in (1, 2):
                assert (await client.call_tool("write", {"firstNumber": number})).is_error
            assert begun == [1]
    finally:
        hanging.set()
