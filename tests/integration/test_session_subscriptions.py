"""What a host is told over a real socket, and until when: legacy subscriptions and 2026-07-28 listens."""

from typing import Any

import pytest

from ostiary.gateway.wire import methods
from tests.support.small_house import Host, play

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32600, -32601, -32602, -32603
MB = 1024 * 1024
TEXT = {"content": [{"type": "text", "text": "done"}]}
TOOLS_CHANGED = "notifications/tools/list_changed"


def test_list_changes_reach_a_legacy_host_only_once_it_is_initialized() -> None:
    async def scenario(host: Host) -> None:
        host.notify("notifications/initialized")
        await host.hears_nothing()
        host.session.list_changed(TOOLS_CHANGED)
        host.ask(
            1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "h", "version": ""}
        )
        await host.result()
        host.session.list_changed(TOOLS_CHANGED)
        host.notify("notifications/initialized")
        await host.hears_nothing()
        host.session.list_changed(TOOLS_CHANGED)
        assert await host.hear() == {"jsonrpc": "2.0", "method": TOOLS_CHANGED}

    play(scenario)


def test_a_legacy_subscription_lasts_until_it_is_ended() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "resources/subscribe", uri="a://x")
        assert await host.result() == {}
        host.session.resource_updated("a://x")
        host.session.resource_updated("a://y")
        assert (await host.hear())["params"] == {"uri": "a://x"}
        host.ask(2, "resources/unsubscribe", uri="a://x")
        assert await host.result() == {}
        assert host.house.watched == []
        host.session.resource_updated("a://x")
        await host.hears_nothing()

    play(scenario)


def test_what_cannot_be_subscribed_to_is_refused() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "resources/subscribe", uri="b://unknown")
        assert await host.error() == (1, INVALID_PARAMS)
        host.ask(2, "resources/subscribe")
        assert await host.error() == (2, INVALID_PARAMS)

    play(scenario)


def test_a_subscription_cancelled_while_it_is_made_is_let_go() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.house.may_answer.clear()
        host.ask(1, "resources/subscribe", uri="a://x")
        host.ask(2, "subscriptions/listen", modern=True, notifications={"resourceSubscriptions": ["a://y"]})
        for id_ in (1, 2):
            host.notify("notifications/cancelled", requestId=id_)
        await host.hears_nothing()
        host.house.may_answer.set()
        await host.hears_nothing()
        assert {await host.house.released.get() for _ in range(2)} == {"a://x", "a://y"}
        host.session.resource_updated("a://x")
        host.session.resource_updated("a://y")
        await host.hears_nothing()

    play(scenario)


@pytest.mark.parametrize(
    ("wishes", "is_wanted"),
    [(("subscribe", "unsubscribe"), False), (("subscribe", "unsubscribe", "subscribe"), True)],
    ids=["not wanted", "wanted"],
)
def test_of_wishes_about_one_resource_that_come_together_the_last_counts(
    wishes: tuple[str, ...], is_wanted: bool
) -> None:
    """The first is still on its way to the server."""

    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.house.may_answer.clear()
        for id_, wish in enumerate(wishes):
            host.ask(id_, f"resources/{wish}", uri="a://x")
        host.ask("all is said", "ping")
        answered: list[Any] = []
        while "all is said" not in answered:
            answered.append((await host.hear())["id"])
        host.house.may_answer.set()
        while len(answered) <= len(wishes):
            answered.append((await host.hear())["id"])

        assert host.house.watched == ["a://x"] * is_wanted
        host.session.resource_updated("a://x")
        if is_wanted:
            assert (await host.hear())["params"] == {"uri": "a://x"}
        await host.hears_nothing()

    play(scenario)


def test_a_host_that_does_not_read_hears_of_each_change_once_when_it_does() -> None:
    """However often it came meanwhile: hours of it would fill our memory."""

    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "resources/subscribe", uri="a://x")
        await host.result()
        host.ask(2, "tools/call", name="t")
        call = await host.house.calls.get()
        host.stop_reading()
        call.answer({"content": [{"type": "text", "text": "x" * 9 * MB}]})
        queued_bytes = host.session.channel.queued_bytes
        for _ in range(100):
            host.session.list_changed(TOOLS_CHANGED)
            host.session.resource_updated("a://x")
        assert host.session.channel.queued_bytes == queued_bytes

        host.read_on()
        assert (await host.hear())["id"] == 2
        assert (await host.hear())["method"] == TOOLS_CHANGED
        assert (await host.hear())["params"] == {"uri": "a://x"}
        await host.hears_nothing()

    play(scenario)


def listening(*uris: str, **flags: bool) -> dict[str, Any]:
    return {"notifications": {**flags, "resourceSubscriptions": list(uris)}}


@pytest.mark.parametrize("id_", ["L1", 0])
def test_a_listen_is_acknowledged_first_and_everything_bears_its_id(id_: Any) -> None:
    async def scenario(host: Host) -> None:
        host.ask(
            id_, "subscriptions/listen", modern=True, **listening("a://x", "b://no", "a://x", toolsListChanged=True)
        )
        acknowledged = await host.hear()
        assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
        stamp = {methods.SUBSCRIPTION_ID_KEY: id_}
        honoured = {"toolsListChanged": True, "resourceSubscriptions": ["a://x"]}
        assert acknowledged["params"] == {"_meta": stamp, "notifications": honoured}

        host.session.list_changed("notifications/prompts/list_changed")
        host.session.list_changed(TOOLS_CHANGED)
        host.session.resource_updated("a://x")
        assert await host.hear() == {"jsonrpc": "2.0", "method": TOOLS_CHANGED, "params": {"_meta": stamp}}
        assert (await host.hear())["params"] == {"_meta": stamp, "uri": "a://x"}

        host.ask(id_, "tools/list", modern=True)
        assert await host.error() == (id_, INVALID_REQUEST)

    play(scenario)


def test_each_listen_gets_its_own_copy() -> None:
    async def scenario(host: Host) -> None:
        for id_ in (1, "1"):
            host.ask(id_, "subscriptions/listen", modern=True, **listening("a://x"))
            await host.hear()
        host.session.resource_updated("a://x")
        stamps = [(await host.hear())["params"]["_meta"][methods.SUBSCRIPTION_ID_KEY] for _ in range(2)]
        assert stamps == [1, "1"]

    play(scenario)


def test_a_cancelled_listen_ends_without_a_word_and_lets_go_of_what_nobody_else_wants() -> None:
    async def scenario(host: Host) -> None:
        for id_, uris in ((1, ("a://x", "a://y")), (2, ("a://y",))):
            host.ask(id_, "subscriptions/listen", modern=True, **listening(*uris, toolsListChanged=True))
            await host.hear()
        host.notify("notifications/cancelled", requestId=1)
        await host.hears_nothing()
        assert await host.house.released.get() == "a://x"
        assert "a://y" in host.house.watched
        host.session.list_changed(TOOLS_CHANGED)
        assert (await host.hear())["params"]["_meta"] == {methods.SUBSCRIPTION_ID_KEY: 2}
        await host.hears_nothing()

    play(scenario)


def test_a_listen_that_ends_leaves_to_one_that_is_being_made_what_both_want() -> None:
    async def scenario(host: Host) -> None:
        host.ask("old", "subscriptions/listen", modern=True, **listening("a://x"))
        await host.hear()
        host.house.quick_uris = {"a://x"}
        host.house.may_answer.clear()
        host.ask("new", "subscriptions/listen", modern=True, **listening("a://x", "a://y"))
        host.notify("notifications/cancelled", requestId="old")
        await host.hears_nothing()
        host.house.may_answer.set()
        assert (await host.hear())["params"]["notifications"]["resourceSubscriptions"] == ["a://x", "a://y"]
        assert host.house.released.empty()

    play(scenario)


@pytest.mark.parametrize("is_cancelled", [True, False], ids=["cancelled", "refused"])
def test_a_listen_that_is_not_made_after_all_lets_go_of_what_it_kept_from_one_that_ended(is_cancelled: bool) -> None:
    async def scenario(host: Host) -> None:
        host.ask("old", "subscriptions/listen", modern=True, **listening("a://x"))
        await host.hear()
        host.house.may_answer.clear()
        if not is_cancelled:
            host.house.known_uris.clear()
        host.ask("new", "subscriptions/listen", modern=True, **listening("a://x"))
        host.notify("notifications/cancelled", requestId="old")
        if is_cancelled:
            host.notify("notifications/cancelled", requestId="new")
        await host.hears_nothing()
        host.house.may_answer.set()
        assert await host.house.released.get() == "a://x"

    play(scenario)


def test_when_we_end_each_listen_gets_its_result() -> None:
    async def scenario(host: Host) -> None:
        host.ask("L", "subscriptions/listen", modern=True, **listening())
        await host.hear()
        host.session.close()
        answer = await host.hear()
        assert answer["id"] == "L"
        assert answer["result"] == {"resultType": "complete", "_meta": {methods.SUBSCRIPTION_ID_KEY: "L"}}
        await host.until_closed()

    play(scenario)


@pytest.mark.parametrize("notifications", [None, 5, {"resourceSubscriptions": "a://x"}, {"toolsListChanged": 1}])
def test_a_filter_that_cannot_be_read_is_refused(notifications: Any) -> None:
    async def scenario(host: Host) -> None:
        host.ask(1, "subscriptions/listen", modern=True, notifications=notifications)
        assert await host.error() == (1, INVALID_PARAMS)

    play(scenario)
