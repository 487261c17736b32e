"""The main job, headless: hosts of both generations, over both transports, reach one server through the gateway."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import mcp_types as types
import psutil
import pytest

from ostiary.control.client import connect
from ostiary.control.messages import DisableServer, EnableServer, GetStatus, RemoveServer, TrustServer
from ostiary.domain.approval import Decision
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.server import ServerState
from tests.support.commands import run
from tests.support.gateway_process import GatewayProcess, Household, household, running_gateway
from tests.support.line_host import INFO, LEGACY, line_host
from tests.support.person import Person, define, tool
from tests.support.sdk_host import sdk_host
from tests.support.server_client import ANSWER_DEADLINE_S, ERAS, Era, ServerClient, text_of
from tests.support.shared_gateway import place as place

pytestmark = pytest.mark.anyio

FILES_TOOLS = {
    "read_text_file",
    "list_directory",
    "search_files",
    "get_file_info",
    "list_allowed_directories",
    "write_file",
    "edit_file",
    "create_directory",
}
TRANSPORTS = {"tcp": {"OSTIARY_TRANSPORT": "tcp"}, "descriptors": {}}
CALLS = 150
"""Of each of two hosts at once: fewer than a server takes, running and waiting (64 and 256)."""
TOOLS_CHANGED = "notifications/tools/list_changed"


@pytest.fixture(scope="module", params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> Iterator[None]:
    """All that is started from here on inherits it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in TRANSPORTS[request.param].items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def gateway(transport: None) -> Iterator[GatewayProcess]:
    """Set up with the commands, as a person without a window does."""
    with household() as place:
        (place.person / "docs").mkdir()
        with running_gateway(place, "--trust-cli") as running:
            for arguments in (("roots", "add", str(place.person / "docs")), ("servers", "enable", "files")):
                ended = run(running.home, *arguments, HOME=str(place.person))
                assert ended.code == 0, ended
            yield running


@pytest.fixture
def docs(gateway: GatewayProcess) -> Path:
    return gateway.household.person / "docs"


@pytest.mark.parametrize("era", ERAS)
async def test_a_host_lists_and_reads_and_its_write_is_denied_by_a_rule(
    gateway: GatewayProcess, docs: Path, era: Era
) -> None:
    file = docs / "kept.txt"
    file.write_text("as it was\n")
    async with sdk_host(gateway, era) as host:
        listed = {tool.name for tool in (await host.client.list_tools()).tools}
        templates = (await host.client.list_resource_templates()).resource_templates
        read = await host.call("read_text_file", path=str(file))
        resource = (await host.client.read_resource(file.as_uri())).contents[0]
        denied = await host.call("write_file", path=str(file), content="other")
    (row,) = [row for row in logged(gateway) if row["outcome"] == "denied"][-1:]

    assert listed >= FILES_TOOLS
    assert [template.uri_template.startswith("file://") for template in templates] == [True]
    assert (read.is_error, text_of(read)) == (False, "as it was\n")
    assert isinstance(resource, types.TextResourceContents)
    assert resource.text == "as it was\n"
    assert denied.is_error
    assert "a rule denies" in text_of(denied)
    assert file.read_text() == "as it was\n"
    assert (row["tool"], row["host"], row["decided_by"], row["item"]) == ("write_file", "cursor", "headless", str(file))


def logged(gateway: GatewayProcess) -> list[dict[str, object]]:
    """The call log as the command gives it."""
    return [json.loads(line) for line in run(gateway.home, "log", "--json").out.splitlines()]


async def test_two_hosts_share_one_process_and_never_each_others_answers(gateway: GatewayProcess, docs: Path) -> None:
    for number in range(CALLS):
        for era in ERAS:
            (docs / f"{era}-{number}.txt").write_text(f"{era} {number}")

    async def read(host: ServerClient, era: Era, number: int) -> None:
        assert text_of(await host.call("read_text_file", path=str(docs / f"{era}-{number}.txt"))) == f"{era} {number}"

    async with (
        sdk_host(gateway, "auto") as modern,
        sdk_host(gateway, "legacy") as legacy,
    ):
        with anyio.fail_after(ANSWER_DEADLINE_S):
            async with anyio.create_task_group() as calls:
                for number in range(CALLS):
                    calls.start_soon(read, modern, "auto", number)
                    calls.start_soon(read, legacy, "legacy", number)
        status = await anyio.to_thread.run_sync(lambda: json.loads(run(gateway.home, "status", "--json").out))
    descendants = psutil.Process(gateway.process.pid).children(recursive=True)
    children = [child for child in descendants if "ostiary-serve" in str(child.cmdline())]

    assert sorted(session["era"] for session in status["sessions"]) == ["legacy", "modern"]
    assert [child.pid for child in children] == [
        server["pid"] for server in status["servers"] if server["name"] == "files"
    ]


async def test_headless_writes_pass_where_the_gateway_was_started_to_allow_them(place: Household) -> None:
    with running_gateway(place, "--writes", "allow", "--trust-cli") as gateway, connect(str(place.ostiary)) as control:
        someone = Person(control)
        someone.approve(place.person / "docs")
        someone.enable()
        file, secret = place.person / "docs" / "new.txt", place.person / "docs" / ".env"
        async with sdk_host(gateway, "auto") as host:
            written = await host.call("write_file", path=str(file), content="new\n")
            row = someone.row(Outcome.OK)
            sensitive = await host.call("write_file", path=str(secret), content="TOKEN=1")

        assert (written.is_error, file.read_text()) == (False, "new\n")
        assert (row.tool, row.decision, row.decided_by) == ("write_file", Decision.ALLOW, DecidedBy.HEADLESS)
        assert (sensitive.is_error, secret.exists()) == (True, False)


# Lists that change while hosts are connected


@pytest.fixture(scope="module")
def trusting() -> Iterator[GatewayProcess]:
    with household() as shared, running_gateway(shared, "--trust-cli") as running:
        yield running


@pytest.fixture
def someone(trusting: GatewayProcess) -> Iterator[Person]:
    with connect(str(trusting.home)) as control:
        yield Person(control)


async def test_switching_a_server_reaches_every_connected_host(trusting: GatewayProcess, someone: Person) -> None:
    heard_send, heard = anyio.create_memory_object_stream[str](100)

    async def hear(message: object) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            await heard_send.send("changed")

    async def until(host: ServerClient, is_on: bool, change: AsyncIterator[object]) -> None:
        with anyio.fail_after(ANSWER_DEADLINE_S):
            sees: bool | None = None
            while sees is not is_on:
                await anext(change)
                tools = (await host.client.list_tools(cache_mode="refresh")).tools
                sees = {tool.name for tool in tools} >= FILES_TOOLS
                assert sees or not tools

    with heard_send, heard:
        async with (
            sdk_host(trusting, "legacy", hear=hear) as legacy,
            sdk_host(trusting, "auto") as modern,
            modern.client.listen(tools_list_changed=True) as listening,
        ):
            for command, is_on in ((EnableServer(name="files"), True), (DisableServer(name="files"), False)):
                await anyio.to_thread.run_sync(someone.do, command)
                await until(legacy, is_on, heard)
                await until(modern, is_on, listening)


def test_a_switch_is_told_to_hosts_that_are_initialised_and_to_listens_that_asked(
    trusting: GatewayProcess, someone: Person
) -> None:
    with (
        line_host(trusting) as legacy,
        line_host(trusting, modern=True) as modern,
        line_host(trusting, modern=True) as uninterested,
        line_host(trusting, modern=True) as unready,
    ):
        unready.modern = False
        unready.result("initialize", {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": INFO})
        for host, flag in ((modern, "toolsListChanged"), (uninterested, "promptsListChanged")):
            host.start("subscriptions/listen", {"notifications": {flag: True}})
            host.told("notifications/subscriptions/acknowledged")
        someone.enable()
        for command in (DisableServer(name="files"), EnableServer(name="files"), DisableServer(name="files")):
            for host in (legacy, modern, uninterested):
                host.meanwhile()
            someone.do(command)
            for host in (legacy, modern):
                host.told(TOOLS_CHANGED)
        heard = [message["method"] for host in (uninterested, unready) for message in host.meanwhile()]

    assert TOOLS_CHANGED not in heard


def test_equal_tool_names_are_told_apart_and_stay_while_their_servers_are_configured(
    trusting: GatewayProcess, someone: Person
) -> None:
    file = define(trusting.household.person / "tools.json", [tool("look"), tool("write_file")])
    for name in ("one", "two"):
        someone.add(name, file)
    with line_host(trusting) as host:
        someone.enable("one")
        first = host.tools()
        someone.enable("two")
        both = host.tools()
        someone.do(DisableServer(name="one"))
        without_one = host.tools()
        someone.do(RemoveServer(name="one"))
        someone.do(RemoveServer(name="two"))
        someone.add("three", file)
        someone.enable("three")
        freed = host.tools()
        someone.do(RemoveServer(name="three"))

    assert first == ["look", "one__write_file"], "a bundled server's name is reserved, also while that one is off"
    assert both == ["look", "one__write_file", "two__look", "two__write_file"]
    assert without_one == ["two__look", "two__write_file"]
    assert freed == ["look", "three__write_file"]


def test_a_call_reaches_the_server_that_the_name_stands_for(trusting: GatewayProcess, someone: Person) -> None:
    file = define(trusting.household.person / "tools.json", [tool("look", annotations={"readOnlyHint": True})])
    views = {}
    for name in ("one", "two"):
        someone.add(name, file)
        someone.do(TrustServer(name=name))
        views[name] = someone.enable(name)
    with line_host(trusting) as host, line_host(trusting, "--servers", "two") as narrow:
        answers = [host.ended(name, of="me")[1] for name in ("look", "two__look")]
        offered = narrow.tools()
        refused = narrow.answer(narrow.call("look"))
    for name in views:
        someone.do(RemoveServer(name=name))

    assert answers == [f'{views[name].pid} look {{"of": "me"}}' for name in ("one", "two")]
    assert offered == ["two__look"]
    assert "error" in refused


def test_a_server_that_is_off_runs_no_process(trusting: GatewayProcess, someone: Person) -> None:
    view = someone.enable()
    assert view.pid is not None
    someone.do(DisableServer(name="files"))

    assert someone.server("files").state is ServerState.STOPPED
    assert not psutil.pid_exists(view.pid)
    assert [server.pid for server in someone.do(GetStatus()).servers if server.name == "files"] == [None]
