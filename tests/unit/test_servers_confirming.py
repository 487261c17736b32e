"""A question before a write ends: by time, by number, and with the client that was asked. Tools are the real ones."""

from pathlib import Path

import mcp_types as types
import pytest
from mcp import Client
from mcp.server import Server

from ostiary_servers.common.confirming import AskingToolbox
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.question import can_be_asked
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.common.tickets import LIFETIME_S, OPEN_LIMIT, Subject, Tickets
from ostiary_servers.files.definitions import tools
from tests.support.sitter import ALLOW, Sitter

pytestmark = pytest.mark.anyio


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def server(folder: Path, clock: Clock, patience_s: float = LIFETIME_S) -> Server:
    toolbox = AskingToolbox(tools(PathGate(fixed_roots([str(folder)], [])), None), clock, patience_s)
    return Server("test", on_list_tools=toolbox.list_tools, on_call_tool=toolbox.call_tool)


def client_of(server: Server, name: str) -> Client:
    return Client(
        server, elicitation_callback=Sitter(), client_info=types.Implementation(name=name, version="1"), mode="auto"
    )


async def asked(client: Client, path: Path) -> str:
    arguments = {"path": str(path), "content": "x"}
    result = await client.session.call_tool("write_file", arguments, allow_input_required=True)
    assert isinstance(result, types.InputRequiredResult)
    assert result.request_state
    return result.request_state


async def answered(client: Client, path: Path, state: str) -> str | None:
    """The code of what fails."""
    result = await client.session.call_tool(
        "write_file",
        {"path": str(path), "content": "x"},
        input_responses={"confirm": ALLOW},
        request_state=state,
    )
    return result.structured_content["code"] if result.is_error and result.structured_content else None


@pytest.mark.parametrize(
    ("after_s", "code"), [(LIFETIME_S - 1, None), (LIFETIME_S, "bad_confirmation"), (1e9, "bad_confirmation")]
)
async def test_an_answer_counts_for_ten_minutes(tmp_path: Path, after_s: float, code: str | None) -> None:
    clock = Clock()
    async with client_of(server(tmp_path, clock), "one") as client:
        state = await asked(client, tmp_path / "new")
        clock.now_s += after_s
        assert await answered(client, tmp_path / "new", state) == code
    assert (tmp_path / "new").exists() == (code is None)
    assert LIFETIME_S == 600


async def test_one_client_cannot_answer_what_another_was_asked(tmp_path: Path) -> None:
    serving = server(tmp_path, Clock())
    async with client_of(serving, "one") as one, client_of(serving, "other") as other:
        assert await answered(other, tmp_path / "new", await asked(one, tmp_path / "new")) == "bad_confirmation"
        assert not (tmp_path / "new").exists()
        assert await answered(one, tmp_path / "new", await asked(one, tmp_path / "new")) is None


async def test_an_open_call_that_nobody_answers_ends_and_writes_nothing(tmp_path: Path) -> None:
    sitter = Sitter()
    sitter.told(ALLOW, waits_for="/new")
    serving = server(tmp_path, Clock(), patience_s=0.01)
    async with Client(serving, elicitation_callback=sitter, mode="legacy", read_timeout_seconds=30) as client:
        result = await client.call_tool("write_file", {"path": str(tmp_path / "new"), "content": "x"})
        sitter.goes_on.set()
        await client.call_tool("list_allowed_directories", {})
    assert result.structured_content is not None
    assert result.structured_content["code"] == "unanswered"
    assert not (tmp_path / "new").exists()


async def test_a_client_that_fails_to_ask_is_one_that_did_not_answer(tmp_path: Path) -> None:
    async def fail(context: object, params: types.ElicitRequestParams) -> types.ErrorData:
        return types.ErrorData(code=types.INTERNAL_ERROR, message="no window")

    async with Client(server(tmp_path, Clock()), elicitation_callback=fail, mode="legacy") as client:
        result = await client.call_tool("write_file", {"path": str(tmp_path / "new"), "content": "x"})
    assert result.structured_content is not None
    assert result.structured_content["code"] == "unanswered"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("asks", "shows_forms"),
    [
        (None, False),
        (types.ElicitationCapability(), True),
        (types.ElicitationCapability(form=types.FormElicitationCapability()), True),
        (types.ElicitationCapability(url=types.UrlElicitationCapability()), False),
    ],
)
def test_only_a_client_that_shows_forms_is_asked(asks: types.ElicitationCapability | None, shows_forms: bool) -> None:
    assert can_be_asked(types.ClientCapabilities(elicitation=asks)) is shows_forms


def test_the_oldest_question_gives_way_when_too_many_are_open() -> None:
    tickets = Tickets(Clock())
    subject = Subject("write_file", "", ())
    states = [tickets.issue(subject, {"/a": str(number)}) for number in range(OPEN_LIMIT + 1)]
    assert tickets.redeem(states[0], subject) is None
    assert [tickets.redeem(state, subject) for state in states[1:]] == [
        {"/a": str(number)} for number in range(1, OPEN_LIMIT + 1)
    ]
