"""How a host begins over a real socket, in both generations, and everything it may get wrong."""

import json
from typing import Any

import pytest

from ostiary.domain.errors import ServerError
from ostiary.gateway.wire import methods
from tests.support.small_house import Host, play

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32600, -32601, -32602, -32603
TEXT = {"content": [{"type": "text", "text": "done"}]}
TOOLS_CHANGED = "notifications/tools/list_changed"


@pytest.mark.parametrize("version", methods.LEGACY)
def test_every_legacy_version_is_spoken_as_it_was_asked_for(version: str) -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands(version)
        host.ask(1, "ping")
        assert await host.result() == {}
        assert (host.session.known.era, host.session.known.client_name) == ("legacy", "legacy host")

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
        assert (host.session.known.era, host.house.opened_sessions) == ("modern", 1)
        assert host.session.known.client_name == "modern host"

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
        assert host.session.known.era == "both"

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


@pytest.mark.parametrize("arguments", [["/etc/shadow"], "rm -rf /", 5, False])
@pytest.mark.parametrize("method", ["tools/call", "prompts/get"])
@pytest.mark.parametrize("modern", [False, True])
def test_arguments_that_are_no_object_never_reach_the_gate(modern: bool, method: str, arguments: Any) -> None:
    """A server may take them; the prompt, the rules and the log would have shown a call without any."""

    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, method, modern=modern, name="t", arguments=arguments)
        assert await host.error() == (1, INVALID_PARAMS)
        assert host.house.calls.empty()

    play(scenario)


@pytest.mark.parametrize("modern", [False, True])
def test_a_call_goes_on_as_no_task_whatever_its_host_says(modern: bool) -> None:
    """Of 2025-11-25: its server would answer with a task that nobody could ask for, and go on with a write."""

    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", modern=modern, name="t", arguments={"task": 1}, task={"ttl": 60_000})
        params = (await host.house.calls.get()).asked.encoded
        assert "task" not in params
        assert bytes(params["arguments"]) == b'{"task":1}'

    play(scenario)


def test_null_for_no_arguments_passes() -> None:
    async def scenario(host: Host) -> None:
        await host.shake_hands()
        host.ask(1, "tools/call", name="t", arguments=None)
        assert (await host.house.calls.get()).asked.params == {"name": "t", "arguments": None}

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
