"""A host's conversation over a real socket, in both generations, with everything a host may do wrong."""

import json
from typing import Any

import pytest
from msgspec import Raw

from ostiary.domain.errors import ServerError
from ostiary.gateway.asking import Ended
from ostiary.gateway.wire import methods
from tests.support.small_house import Host, play

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32600, -32601, -32602, -32603
TEXT = {"content": [{"type": "text", "text": "done"}]}
TOOLS_CHANGED = "notifications/tools/list_changed"


# Opening


@pytest.mark.parametrize("version", methods.LEGACY)
def test_every_legacy_version_is_spoken_as_it_was_asked_for(version: str) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands(version)
        host.ask(1, "ping")
        assert await host.result() == {}
        assert (host.session.era, host.session.client_name) == ("legacy", "legacy host")

    play(scenario)


def test_an_unknown_version_is_answered_with_the_newest_legacy_one() -> None:
    async def scenario(host: Host) -> None:
        host.ask(
            1, "initialize", protocolVersion="2031-01-01", capabilities={}, clientInfo={"name": "h", "version": ""}
        )
        answer = await host.result()
        assert answer["protocolVersion"] == "2025-11-25"
        assert answer["instructions"] == "Be kind."

    play(scenario)


def test_discover_is_answered_without_becoming_a_session() -> None:
    async def scenario(host: Host) -> None:
        host.ask("server-discover-probe-1", methods.DISCOVER, modern=True)
        assert (await host.result())["supportedVersions"] == ["2026-07-28"]
        assert host.house.opened_sessions == 0

    play(scenario)


def test_a_modern_host_may_begin_with_anything() -> None:
    async def scenario(host: Host) -> None:
        host.ask(0, "tools/list", modern=True)
        assert (await host.result())["tools"] == []
        assert (host.session.era, host.house.opened_sessions) == ("modern", 1)
        assert host.session.client_name == "modern host"

    play(scenario)


def test_a_host_may_probe_and_shake_hands_in_one_breath() -> None:
    """Copilot CLI and Claude Code do; a server that decides the generation once would refuse ``initialize``."""

    async def scenario(host: Host) -> None:
        host.ask(0, methods.DISCOVER, modern=True)
        host.ask(
            1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "h", "version": ""}
        )
        host.notify("notifications/initialized")
        host.ask(2, "tools/list")
        assert "supportedVersions" in await host.result()
        assert (await host.result())["protocolVersion"] == "2025-06-18"
        assert await host.result() == {"tools": []}

    play(scenario)


def test_the_generation_is_decided_for_each_message() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "prompts/list", modern=True)
        host.ask(2, "prompts/list")
        assert "resultType" in await host.result()
        assert await host.result() == {"prompts": []}
        host.ask(3, "ping", modern=True)
        assert await host.error() == (3, METHOD_NOT_FOUND)
        assert host.session.era == "both"

    play(scenario)


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ({methods.PROTOCOL_VERSION_KEY: "2027-01-01"}, -32022),
        ({methods.PROTOCOL_VERSION_KEY: "x" * 1_000_000}, -32022),
        ({methods.PROTOCOL_VERSION_KEY: ["2026-07-28"]}, INVALID_PARAMS),
        ({methods.PROTOCOL_VERSION_KEY: None}, INVALID_PARAMS),
        ({methods.CLIENT_CAPABILITIES_KEY: None}, INVALID_PARAMS),
        ({methods.CLIENT_CAPABILITIES_KEY: 5}, INVALID_PARAMS),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_envelope_that_does_not_fit_is_refused(meta: dict[str, Any], code: int) -> None:
    async def scenario(host: Host) -> None:
        host.ask(1, "tools/list", modern=True, meta=meta)
        message = await host.hear()
        assert (message["id"], message["error"]["code"]) == (1, code)
        assert len(json.dumps(message)) < 1000
        if code == -32022:
            assert message["error"]["data"]["supported"] == ["2026-07-28"]

    play(scenario)


@pytest.mark.parametrize("params", [{}, {"_meta": {}}, {"_meta": {methods.CLIENT_CAPABILITIES_KEY: {}}}])
def test_a_request_of_no_generation_is_refused(params: Any) -> None:
    async def scenario(host: Host) -> None:
        for id_, method in enumerate(("tools/list", "server/discover", "tools/call")):
            host.say({"jsonrpc": "2.0", "id": id_, "method": method, "params": params})
            assert await host.error() == (id_, INVALID_PARAMS)

    play(scenario)


def test_ping_is_answered_before_the_handshake_too() -> None:
    async def scenario(host: Host) -> None:
        host.ask(1, "ping")
        assert await host.result() == {}

    play(scenario)


# What is wrong


@pytest.mark.parametrize(
    ("line", "id_", "code"),
    [
        (b"garbage", None, -32700),
        (b"\xff\xfe", None, -32700),
        (b"[" * 100_000, None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":3,"method":"ping","params":[]}', 3, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', None, INVALID_REQUEST),
        (b'{"id":"a","method":"ping"}', "a", INVALID_REQUEST),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', None, INVALID_REQUEST),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_line_that_is_no_message_costs_an_error_and_nothing_else(line: bytes, id_: Any, code: int) -> None:
    async def scenario(host: Host) -> None:
        host.write(line + b"\n")
        assert await host.error() == (id_, code)
        await host.hears_nothing()

    play(scenario)


def test_half_a_line_and_the_end_is_just_the_end() -> None:
    async def scenario(host: Host) -> None:
        host.write(b'{"jsonrpc":"2.0","id":1,"meth')
        host.leave()
        await host.house.left.wait()
        assert host.house.closed_sessions == 1

    play(scenario)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        (b'{"jsonrpc":"2.0","id":"big","method":"tools/call","params":{"x":"%s"}}', "big"),
        (b'{"jsonrpc":"2.0","method":"tools/call","params":{"x":"%s"},"id":7}', 7),
        (b"%s", None),
    ],
    ids=["id in front", "id at the end", "no id"],
)
def test_11_mib_without_an_end_cost_one_call(text: bytes, id_: Any) -> None:
    async def scenario(host: Host) -> None:
        host.write(text % (b"x" * 11 * 1024 * 1024), b"\n")
        assert await host.error() == (id_, INVALID_REQUEST)
        await host.hears_nothing()

    play(scenario)


def test_an_id_that_is_still_open_is_refused_and_the_first_request_lives_on() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(5, "tools/call", name="t")
        host.ask("5", "tools/call", name="t")
        first, other = await host.house.calls.get(), await host.house.calls.get()
        host.ask(5, "tools/call", name="again")
        assert await host.error() == (5, INVALID_REQUEST)
        assert host.house.calls.empty()
        other.answer(TEXT)
        first.answer(TEXT)
        assert [(await host.hear())["id"], (await host.hear())["id"]] == ["5", 5]

    play(scenario)


@pytest.mark.parametrize(
    "params",
    [
        b'{"name":"t","name":"u"}',
        b'{"name":"t","arguments":{"path":"/safe","path":"/etc"}}',
        b'{"name":"t","arguments":{"path":"/safe","\\u0070ath":"/etc"}}',
        b'{"name":"t","arguments":{"x":"\\ud83d","deep":[{"a":1,"a":1}]}}',
        b'{"name":"t","arguments":{"x":1e999}}',
        b'{"name":"t","arguments":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}",
    ],
    ids=lambda params: params[:60].decode(),
)
def test_arguments_that_could_mean_two_things_never_reach_the_gate(params: bytes) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.write(b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' + params + b"}\n")
        assert await host.error() == (1, INVALID_PARAMS)
        assert host.house.calls.empty()

    play(scenario)


def test_an_unknown_method_is_refused_in_few_words() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        for modern in (False, True):
            host.ask(1, "x" * 1_000_000, modern=modern)
            message = await host.hear()
            assert message["error"]["code"] == METHOD_NOT_FOUND
            assert len(json.dumps(message)) < 1000

    play(scenario)


@pytest.mark.parametrize(
    "method", ["ping", "initialize", "resources/subscribe", "resources/unsubscribe", "logging/setLevel"]
)
def test_what_2026_07_28_took_away_is_not_found_there(method: str) -> None:
    async def scenario(host: Host) -> None:
        host.ask(1, method, modern=True, uri="a://x")
        assert await host.error() == (1, METHOD_NOT_FOUND)

    play(scenario)


@pytest.mark.parametrize(
    "fault",
    [ServerError("The server is gone"), TimeoutError(), ZeroDivisionError()],
    ids=["server", "time", "our own"],
)
def test_a_request_that_fails_is_answered_all_the_same(fault: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.house.fault = fault
        host.ask(1, "tools/list")
        assert await host.error() == (1, INTERNAL_ERROR)
        host.ask(2, "completion/complete", ref={"type": "ref/prompt", "name": "p"}, argument={"name": "a", "value": ""})
        assert await host.error() == (2, INTERNAL_ERROR)

    play(scenario)
    assert ("ZeroDivisionError" in caplog.text) is isinstance(fault, ZeroDivisionError)


# Calls


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


# Being told


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


# Flow


def test_a_host_that_does_not_read_is_not_read_either_and_misses_only_progress() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t", meta={"progressToken": 1})
        slow = await host.house.calls.get()
        for id_ in range(2, 34):
            host.ask(id_, "tools/call", name="t")
        calls = [await host.house.calls.get() for _ in range(32)]
        for call in calls:
            call.answer({"content": [{"type": "text", "text": "x" * 1024 * 1024}]})
        queued = host.session.channel.queued_bytes
        assert host.session.channel.is_full
        assert slow.asked.progress is not None
        for _ in range(1000):
            slow.asked.progress({"progress": Raw(b"1")})
        assert host.session.channel.queued_bytes == queued
        host.ask(40, "ping")
        heard = [(await host.hear())["id"] for _ in range(33)]
        assert heard == [*range(2, 34), 40]

    play(scenario)
