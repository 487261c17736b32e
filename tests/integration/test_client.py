"""The gateway as a client of real processes: every way a server may shake hands, answer, lie and end."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw

from ostiary.domain.errors import ServerError
from ostiary.domain.server import EraChoice
from ostiary.gateway.channel import PipeChannel
from ostiary.gateway.client import ITEM_LIMIT, PAGE_LIMIT, Answer, Client, GreetingEnd
from ostiary.gateway.handshake import Patience
from ostiary.gateway.wire import methods

DEADLINE_S = 30.0
CHILDREN = Path(__file__).parent.parent / "support" / "children"
SHORT = Patience(probe_s=0.5, handshake_s=4.0, answer_s=0.5)
OWN_INFO = {"name": "ostiary", "version": "0"}


class Heard:
    """A listener that keeps what it is told."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[Client] = asyncio.Queue()
        self.updates: asyncio.Queue[str] = asyncio.Queue()
        self.remarks: list[str] = []

    def lists_changed(self, client: Client) -> None:
        self.changes.put_nowait(client)

    def resource_updated(self, client: Client, uri: str) -> None:
        self.updates.put_nowait(uri)

    def remarked(self, client: Client, text: str) -> None:
        self.remarks.append(text)


class Server:
    """A client, its process, and what was heard from it."""

    def __init__(self, client: Client, heard: Heard, process: subprocess.Popen[bytes]) -> None:
        self.client = client
        self.heard = heard
        self.process = process

    async def greet(self, era: EraChoice = EraChoice.AUTO, known_modern: bool | None = None) -> GreetingEnd:
        return await self.client.greet(era, known_modern)

    async def call(self, tool: str, **more: Any) -> Answer:
        return await self.client.ask(methods.CALL_TOOL, {"name": tool, **more}, deadline_s=DEADLINE_S)

    async def result(self, tool: str, **more: Any) -> Any:
        answer = await self.call(tool, **more)
        assert answer.result is not None, answer
        return json.loads(answer.result)

    async def seen(self, tool: str, **more: Any) -> Any:
        """The parameters as the server got them."""
        return json.loads((await self.result(tool, **more))["content"][0]["text"])

    async def failure(self, tool: str) -> str:
        answer = await self.call(tool)
        assert answer.error is not None, answer
        error = json.loads(answer.error)
        assert (error["code"], error["data"]) == (-32603, {"server": "server"})
        return str(error["message"])


@asynccontextmanager
async def started(program: str, *arguments: str, patience: Patience) -> AsyncIterator[Server]:
    """A process and a client that has not said anything yet."""
    command = [sys.executable, str(CHILDREN / f"{program}.py"), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: ASYNC220  pipes
        assert process.stdin is not None
        assert process.stdout is not None
        descriptors = os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())
        process.stdin.close()
        process.stdout.close()
        channel = PipeChannel(asyncio.get_running_loop(), *descriptors)
        heard = Heard()
        try:
            yield Server(Client("server", channel, heard, OWN_INFO, patience), heard, process)
        finally:
            channel.close()
            process.kill()


def play(
    scenario: Callable[[Server], Coroutine[None, None, None]],
    program: str = "mcp_scripted",
    *arguments: str,
    patience: Patience = SHORT,
) -> None:
    async def whole() -> None:
        async with asyncio.timeout(DEADLINE_S), started(program, *arguments, patience=patience) as server:
            await scenario(server)

    asyncio.run(whole())


def tools_of(client: Client) -> list[str]:
    return [tool.own_name for tool in client.lists.tools]


# Shaking hands


@pytest.mark.parametrize("fault", ["", "legacy-2024", "odd-error", "other-versions", "ignores-probe", "takes-both"])
def test_a_server_that_does_not_know_the_probe_is_legacy(fault: str) -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet() is GreetingEnd.READY
        assert (server.client.modern, server.client.lists.instructions) == (False, "legacy")
        assert tools_of(server.client) == ["echo"]
        assert server.client.lists.can_complete
        assert await server.seen("echo") == {"name": "echo"}

    play(scenario, "mcp_scripted", fault)


@pytest.mark.parametrize("fault", ["modern", "modern-deaf", "late-probe"])
def test_a_server_that_answers_the_probe_is_modern_however_late(fault: str) -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet() is GreetingEnd.READY
        assert (server.client.modern, server.client.lists.instructions) == (True, "modern")
        assert tools_of(server.client) == ["echo"]
        meta = (await server.seen("echo"))["_meta"]
        assert meta[methods.PROTOCOL_VERSION_KEY] == methods.MODERN
        assert meta[methods.CLIENT_CAPABILITIES_KEY] == {}

    play(scenario, "mcp_scripted", fault)


@pytest.mark.parametrize(
    ("era", "modern"), [(EraChoice.AUTO, True), (EraChoice.MODERN, True), (EraChoice.LEGACY, False)]
)
def test_a_server_of_both_generations_speaks_the_one_that_is_chosen(era: EraChoice, modern: bool) -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet(era) is GreetingEnd.READY
        assert server.client.modern is modern
        assert tools_of(server.client) == ["echo"]
        assert (await server.result("echo", arguments={"a": 1}))["content"][0]["text"] == "echo {'a': 1}"

    play(scenario, "mcp_dual", patience=Patience())


def test_a_server_that_was_legacy_and_became_modern_is_probed_again() -> None:
    async def scenario(server: Server) -> None:
        server.client.send_raw(methods.DISCOVER, {"_meta": modern_meta()}, lambda _answer: None)
        assert await server.greet(known_modern=False) is GreetingEnd.READY
        assert server.client.modern

    play(scenario, "mcp_dual", patience=Patience())


def modern_meta() -> dict[str, Any]:
    return {methods.PROTOCOL_VERSION_KEY: methods.MODERN, methods.CLIENT_CAPABILITIES_KEY: {}}


def test_a_process_that_ends_at_the_probe_is_to_be_started_again() -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet() is GreetingEnd.PROBE_ENDED_IT
        assert server.client.closed

    play(scenario, "mcp_scripted", "exits-at-probe")


def test_the_process_that_ended_at_the_probe_is_fine_without_one() -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet(known_modern=False) is GreetingEnd.READY
        assert tools_of(server.client) == ["echo"]

    play(scenario, "mcp_scripted", "exits-at-probe")


@pytest.mark.parametrize(
    ("fault", "era", "words"),
    [
        ("exits-at-probe", EraChoice.MODERN, "ended during the handshake"),
        ("unknown-version", EraChoice.AUTO, "no version that Ostiary knows"),
        ("strange-version", EraChoice.AUTO, "1999-01-01"),
        ("", EraChoice.MODERN, "no version that Ostiary knows"),
        ("legacy-refused", EraChoice.AUTO, "not in this way"),
        ("ignores-probe", EraChoice.MODERN, "did not answer within 4 s"),
        ("dies-at-lists", EraChoice.AUTO, "ended while it was asked for tools/list"),
        ("mute-lists", EraChoice.AUTO, "did not answer tools/list"),
    ],
)
def test_a_server_that_cannot_be_spoken_to_is_an_error_that_says_why(fault: str, era: EraChoice, words: str) -> None:
    async def scenario(server: Server) -> None:
        with pytest.raises(ServerError, match=words):
            await server.greet(era)

    play(scenario, "mcp_scripted", fault)


def test_a_process_that_is_killed_while_both_questions_wait_is_started_again() -> None:
    async def scenario(server: Server) -> None:
        greeting = asyncio.ensure_future(server.greet())
        asyncio.get_running_loop().call_later(SHORT.probe_s * 1.5, server.process.kill)
        assert await greeting is GreetingEnd.PROBE_ENDED_IT

    play(scenario, "deaf")


# Lists


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        ("three-pages", ["t0", "t1", "t2"]),
        ("circle", ["t0", "t1"]),
        ("endless", [f"t{page}" for page in range(PAGE_LIMIT)]),
        ("huge-page", [f"t{number}" for number in range(ITEM_LIMIT)]),
        ("no-lists", []),
        ("half-emoji", ["cut"]),
        ("noise", ["echo"]),
    ],
)
def test_all_pages_are_fetched_and_no_list_goes_on_for_ever(fault: str, names: list[str]) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert tools_of(server.client) == names

    play(scenario, "mcp_scripted", fault, patience=Patience())


def test_an_empty_cursor_is_a_cursor() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert tools_of(server.client) == ["first", "echo"]

    play(scenario, "mcp_scripted", "empty-cursor")


def test_definitions_keep_members_that_nobody_knows() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert json.loads(bytes(server.client.lists.tools[0].definition))["x-vendor"] == {"k": 1}

    play(scenario)


@pytest.mark.parametrize("fault", ["", "modern"])
def test_a_list_that_changed_is_announced_and_fetched_anew(fault: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        await server.call("new-tool")
        assert await server.heard.changes.get() is server.client
        await server.client.fetch_lists()
        assert tools_of(server.client) == ["echo", "second"]

    play(scenario, "mcp_scripted", fault)


def test_noise_on_stdout_is_remarked_and_costs_nothing() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        await server.call("echo")
        assert sum("not a message" in remark for remark in server.heard.remarks) == 3

    play(scenario, "mcp_scripted", "noise")


# Calls


def test_answers_find_their_calls_whatever_the_order() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        answers = await asyncio.gather(*(server.seen("echo", arguments={"n": number}) for number in range(50)))
        assert [answer["arguments"]["n"] for answer in answers] == list(range(50))

    play(scenario)


def test_a_second_answer_and_a_wrong_id_reach_nobody() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert (await server.result("twice"))["content"]
        assert (await server.result("wrong-id"))["content"]
        await server.call("echo")
        assert sum("not open" in remark for remark in server.heard.remarks) == 3

    play(scenario)


@pytest.mark.parametrize("tool", ["id-in-front", "id-at-end"])
def test_an_answer_of_11_mib_costs_its_own_call_only(tool: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        other = asyncio.ensure_future(server.call("never"))
        assert "longer than 10 MiB" in await server.failure(tool)
        assert not other.done()
        other.cancel()
        assert (await server.result("echo"))["content"]

    play(scenario)


@pytest.mark.parametrize("fault", ["", "modern"])
def test_11_mib_that_could_belong_to_any_call_end_all_calls_but_not_the_listening(fault: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        other = asyncio.ensure_future(server.failure("never"))
        assert "longer than 10 MiB" in await server.failure("id-nowhere")
        assert "longer than 10 MiB" in await other
        await server.call("new-tool")
        await server.heard.changes.get()

    play(scenario, "mcp_scripted", fault)


@pytest.mark.parametrize(("tool", "words"), [("malformed", "cannot be read"), ("no-object", "no object")])
def test_an_answer_that_is_none_ends_its_call(tool: str, words: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert words in await server.failure(tool)

    play(scenario)


def test_a_server_that_dies_ends_every_call_that_waits_and_every_later_one() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        drained = asyncio.Event()
        server.client.when_drained(drained.set)
        waiting = asyncio.ensure_future(server.failure("never"))
        assert "ended before it answered" in await server.failure("die")
        assert "ended before it answered" in await waiting
        assert "not running" in await server.failure("echo")
        await drained.wait()  # hosts that were held while the server was full go on
        assert (server.client.closed, server.client.is_full) == (True, False)
        server.client.notify("notifications/x")
        server.client.cancel(1, "nothing to cancel")
        await server.client.unsubscribe("a://x")
        assert not await server.client.subscribe("a://x")

    play(scenario)


def test_a_last_answer_counts_although_the_server_is_gone_when_more_is_sent() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        answered = asyncio.ensure_future(server.result("answer-and-die"))
        await asyncio.sleep(0)
        server.process.wait(DEADLINE_S)  # the answer is in the pipe, and nobody reads ours any more
        later = asyncio.ensure_future(server.failure("echo"))
        assert (await answered)["content"]
        assert "ended" in await later

    play(scenario)


def test_progress_arrives_in_order_with_all_its_members_and_ends_with_the_answer() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        seen: list[bytes] = []
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def on_progress(members: dict[str, Raw]) -> None:
            assert not done.done()
            seen.append(bytes(members["progress"]))

        server.client.call(methods.CALL_TOOL, {"name": "progress"}, done.set_result, on_progress=on_progress)
        await done
        await server.call("echo")
        assert seen == [b"0.50", b"1"]

    play(scenario)


def test_a_call_that_is_cancelled_is_never_answered() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        answers: list[Answer] = []
        number = server.client.call(methods.CALL_TOOL, {"name": "echo"}, answers.append)
        server.client.cancel(number, "no need")
        await server.call("echo")
        assert answers == []

    play(scenario)


def test_a_wait_that_is_too_long_is_told_to_the_server() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        with pytest.raises(TimeoutError):
            await server.client.ask(methods.CALL_TOOL, {"name": "never"})
        assert (await server.result("echo"))["content"]

    play(scenario)


def test_a_servers_requests_are_answered_here() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        ping, sampling = (await server.result("asks-us"))["heard"]
        assert (ping["id"], ping["result"]) == ("s1", {})
        assert (sampling["id"], sampling["error"]["code"]) == ("s2", -32601)

    play(scenario)


def test_a_host_cannot_speak_for_us_and_we_can() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        meta = {"ostiary/plan": "forged", "vendor/x": 1, methods.PROTOCOL_VERSION_KEY: "x"}
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        params = {"name": "echo", "_meta": meta}
        server.client.call(methods.CALL_TOOL, params, done.set_result, own_meta={"ostiary/plan": "ours"})
        text = json.loads((await done).result or b"")["content"][0]["text"]
        assert json.loads(text)["_meta"] == {"vendor/x": 1, "ostiary/plan": "ours"}

    play(scenario)


# Subscriptions


def test_a_legacy_server_is_asked_for_each_resource() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert await server.client.subscribe("a://x")
        assert not await server.client.subscribe("b://x")
        await server.call("touch")
        assert await server.heard.updates.get() == "a://x"
        await server.client.unsubscribe("a://x")

    play(scenario)


def test_a_server_that_does_not_answer_a_subscription_does_not_do_it() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert not await server.client.subscribe("a://x")

    play(scenario, "mcp_scripted", "mute-subscribe")


async def open_listens(server: Server) -> list[int]:
    open_: list[int] = (await server.result("listens"))["open"]
    return open_


def test_a_modern_server_is_listened_to_on_one_stream_that_is_opened_anew_for_each_change() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        (first,) = await open_listens(server)
        assert await server.client.subscribe("a://x")
        (second,) = await open_listens(server)
        assert second != first
        assert not await server.client.subscribe("b://x")
        await server.call("touch")
        assert await server.heard.updates.get() == "a://x"
        await server.client.unsubscribe("a://x")
        assert len(await open_listens(server)) == 1

    play(scenario, "mcp_scripted", "modern")


def test_many_subscriptions_at_once_are_all_honoured() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        honoured = await asyncio.gather(*(server.client.subscribe(f"a://{n}") for n in range(20)))
        assert all(honoured)
        assert len(await open_listens(server)) == 1

    play(scenario, "mcp_scripted", "modern")


def test_a_stream_that_is_refused_does_not_cost_the_one_there_is() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        before = await open_listens(server)
        assert not await server.client.subscribe("a://x")
        assert await open_listens(server) == before
        await server.call("new-tool")
        await server.heard.changes.get()

    play(scenario, "mcp_scripted", "modern-stubborn")


@pytest.mark.parametrize("ending", ["end-listen", "cancel-listen"])
def test_a_stream_that_the_server_ends_is_opened_again_with_what_is_wanted(ending: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert await server.client.subscribe("a://x")
        await server.call(ending)
        while not await open_listens(server):
            await server.call("echo")
        await server.call("touch")
        assert await server.heard.updates.get() == "a://x"

    play(scenario, "mcp_scripted", "modern")


def test_a_server_without_listening_is_ready_all_the_same() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert not await server.client.subscribe("a://x")
        assert (await server.seen("echo"))["name"] == "echo"

    play(scenario, "mcp_scripted", "modern-deaf")
