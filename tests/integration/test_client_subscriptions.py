"""What the gateway listens to on real processes, one stream at a time."""

import asyncio

import pytest

from tests.support.mcp_process import Server, play


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


def test_a_modern_server_is_listened_to_on_one_stream_that_is_opened_anew_for_each_change() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        (first,) = await server.open_listens()
        assert await server.client.subscribe("a://x")
        (second,) = await server.open_listens()
        assert second != first
        assert not await server.client.subscribe("b://x")
        await server.call("touch")
        assert await server.heard.updates.get() == "a://x"
        await server.client.unsubscribe("a://x")
        assert len(await server.open_listens()) == 1

    play(scenario, "mcp_scripted", "modern")


def test_many_subscriptions_at_once_are_all_honoured() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        honoured = await asyncio.gather(*(server.client.subscribe(f"a://{n}") for n in range(20)))
        assert all(honoured)
        assert len(await server.open_listens()) == 1

    play(scenario, "mcp_scripted", "modern")


@pytest.mark.parametrize("how", ["stubborn", "silent"])
def test_a_stream_that_is_refused_or_never_acknowledged_does_not_cost_the_one_there_is(how: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        before = await server.open_listens()
        assert not await server.client.subscribe("a://x")
        assert await server.open_listens() == before
        await server.call("new-tool")
        await server.heard.changes.get()

    play(scenario, "mcp_scripted", f"modern-{how}")


def test_a_stream_that_ends_as_soon_as_it_is_acknowledged_is_opened_again() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        without_it = await server.open_listens()
        assert await server.client.subscribe("a://x")
        while not set(await server.open_listens()) - set(without_it):
            await server.call("echo")
        assert len(await server.open_listens()) == 1

    play(scenario, "mcp_scripted", "modern-fleeting")


@pytest.mark.parametrize("ending", ["end-listen", "cancel-listen"])
def test_a_stream_that_the_server_ends_is_opened_again_with_what_is_wanted(ending: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert await server.client.subscribe("a://x")
        await server.call(ending)
        while not await server.open_listens():
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
