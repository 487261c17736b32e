"""A host's calls over a real socket: ids, progress, cancellation, and a host that does not read."""

import asyncio
from typing import Any

import pytest
from msgspec import Raw

from ostiary.gateway.asking import Ended
from tests.support.small_house import Host, play

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32600, -32601, -32602, -32603
TEXT = {"content": [{"type": "text", "text": "done"}]}
TOOLS_CHANGED = "notifications/tools/list_changed"

MANY = 20_000


@pytest.mark.parametrize("modern", [False, True])
@pytest.mark.parametrize("id_", [0, -1, "0", "", 2**70, "é\n"])
def test_an_answer_bears_the_id_as_the_host_wrote_it(modern: bool, id_: Any) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(id_, "tools/call", modern=modern, name="t", arguments={"n": 1.0})
        call = await host.house.calls.get()
        assert call.asked.params["arguments"] == {"n": 1.0}
        assert call.asked.modern is modern
        call.answer(TEXT)
        answer = await host.hear()
        assert (answer["id"], type(answer["id"])) == (id_, type(id_))
        assert answer["result"] == (TEXT | {"resultType": "complete"} if modern else TEXT)

    play(scenario)


def test_a_servers_error_reaches_the_host_with_a_code_it_knows() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        for modern, code in ((False, -32002), (True, INVALID_PARAMS)):
            host.ask(1, "resources/read", modern=modern, uri="a://x")
            (await host.house.calls.get()).end(Ended(None, b'{"code":-32002,"message":"not found"}'))
            assert await host.error() == (1, code)

    play(scenario)


def test_an_answer_that_would_be_too_long_for_a_host_becomes_an_error() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t")
        (await host.house.calls.get()).answer({"content": [{"type": "text", "text": "x" * 10 * 1024 * 1024}]})
        assert await host.error() == (1, INTERNAL_ERROR)

    play(scenario)


@pytest.mark.parametrize("token", [0, "0", "tok", 2**70])
def test_progress_bears_the_hosts_token_and_ends_with_the_answer(token: Any) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t", meta={"progressToken": token})
        call = await host.house.calls.get()
        assert call.asked.progress is not None
        members = {"progressToken": b"77", "progress": b"0.50", "vendor": b"[1]"}
        call.asked.progress({name: Raw(value) for name, value in members.items()})
        params = (await host.hear())["params"]
        assert params == {"progressToken": token, "progress": 0.5, "vendor": [1]}
        assert type(params["progressToken"]) is type(token)
        call.answer(TEXT)
        call.asked.progress({"progress": Raw(b"1")})
        await host.result()
        await host.hears_nothing()

    play(scenario)


@pytest.mark.parametrize("token", [None, True, 1.5, {}, []])
def test_what_is_no_progress_token_asks_for_no_progress(token: Any) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t", meta={"progressToken": token})
        assert (await host.house.calls.get()).asked.progress is None

    play(scenario)


def test_a_cancelled_call_is_never_answered_and_its_server_is_told() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t")
        call = await host.house.calls.get()
        host.notify("notifications/cancelled", requestId="1")
        await host.hears_nothing()
        assert call.cancelled == []
        host.notify("notifications/cancelled", requestId=1, reason="no need")
        await host.hears_nothing()
        assert call.cancelled == ["no need"]
        call.answer(TEXT)
        await host.hears_nothing()

    play(scenario)


def test_cancelling_what_is_answered_or_never_was_changes_nothing() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t")
        (await host.house.calls.get()).answer(TEXT)
        await host.result()
        odd: tuple[Any, ...] = (1, 99, "1", None, True, 1.5, [], {})
        for id_ in odd:
            host.notify("notifications/cancelled", requestId=id_)
        host.write(b'{"jsonrpc":"2.0","method":"notifications/cancelled"}\n')
        await host.hears_nothing()

    play(scenario)


def test_an_id_used_again_after_a_cancel_never_gets_the_older_answer() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.house.may_answer.clear()
        host.ask(1, "tools/list")
        host.notify("notifications/cancelled", requestId=1)
        host.ask(1, "tools/call", name="t")
        call = await host.house.calls.get()
        host.house.may_answer.set()
        await host.hears_nothing()
        call.answer(TEXT)
        assert await host.result() == TEXT

    play(scenario)


def test_a_host_that_leaves_cancels_all_it_asked_for() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.house.may_answer.clear()
        host.ask(1, "tools/call", name="t")
        host.ask(2, "tools/list")
        host.ask(3, "resources/subscribe", uri="a://x")
        call = await host.house.calls.get()
        host.leave()
        await host.house.left.wait()
        assert call.cancelled == ["the host is gone"]
        assert host.house.closed_sessions == 1
        call.answer(TEXT)
        host.session.list_changed(TOOLS_CHANGED)
        host.session.resource_updated("a://x")

    play(scenario)


@pytest.mark.parametrize(
    ("flood", "answered"),
    [(b'{"jsonrpc":"2.0","id":40,"method":"ping"}\n', 40), (b"garbage that is answered with an error\n", None)],
    ids=["requests", "garbage"],
)
def test_a_host_that_does_not_read_is_not_read_either_and_misses_only_progress(
    flood: bytes, answered: int | None
) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t", meta={"progressToken": 1})
        slow = await host.house.calls.get()
        for id_ in range(2, 34):
            host.ask(id_, "tools/call", name="t")
        calls = [await host.house.calls.get() for _ in range(32)]
        host.stop_reading()
        for call in calls:
            call.answer({"content": [{"type": "text", "text": "x" * 1024 * 1024}]})
        queued = host.session.channel.queued_bytes
        assert host.session.channel.is_full
        assert slow.asked.progress is not None
        for _ in range(1000):
            slow.asked.progress({"progress": Raw(b"1")})
        assert host.session.channel.queued_bytes == queued
        host.expect(40, "ping")
        host.write(flood * MANY)
        host.ask(41, "tools/call", name="t")
        for _ in range(2000):
            await asyncio.sleep(0)
        assert host.house.calls.empty(), "it was read on"
        host.read_on()
        heard = [(await host.hear()).get("id") for _ in range(32 + MANY)]
        assert heard == [*range(2, 34), *[answered] * MANY]
        await host.house.calls.get()

    play(scenario)
