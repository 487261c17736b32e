"""The gateway calls real processes: every way a server may answer, lie and end."""

import asyncio
import json

import pytest
from msgspec import Raw

from ostiary.gateway.answer import Answer
from ostiary.gateway.wire import methods
from tests.support.mcp_process import DEADLINE_S, Server, play, waiting_host


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
        assert await server.client.subscribe("a://x")
        assert len(await server.open_listens()) == (1 if fault else 0)

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


def test_a_fault_of_who_asked_costs_nobody_else_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()

        def stumble(_answer: Answer) -> None:
            raise ZeroDivisionError

        for tool in ("echo", "never"):
            server.client.call(methods.CALL_TOOL, {"name": tool}, stumble)
        assert (await server.result("echo"))["content"]
        assert "ended" in await server.failure("die")

    play(scenario)
    assert caplog.text.count("could not be used") == 2


def test_progress_arrives_in_order_with_all_its_members_and_ends_with_the_answer() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        seen: list[bytes] = []
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def on_progress(members: dict[str, Raw]) -> None:
            assert not done.done()
            seen.append(bytes(members["progress"]))

        host = waiting_host(on_progress)
        server.client.call(methods.CALL_TOOL, {"name": "progress"}, done.set_result, host=host)
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


def test_a_servers_requests_are_answered_here_where_no_host_waits() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        ping, sampling = (await server.result("asks-us"))["heard"]
        assert (ping["id"], ping["result"]) == ("s1", {})
        assert (sampling["id"], sampling["error"]["code"]) == ("s2", -1)

    play(scenario)


def test_a_server_that_asks_without_reading_is_not_waited_for_with_all_our_answers() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert (await server.result("asks-for-ever")) == {"content": []}
        remarks = [remark for remark in server.heard.remarks if "without reading" in remark]
        assert 0 < len(remarks) < 10_000, "and the remarks about it do not fill our log"
        assert any("lines that mean nothing" in trouble for trouble in server.heard.troubles)

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
