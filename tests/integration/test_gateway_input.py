"""Hosts that break the rules: each gets an error that it can match to what it sent, and the next request is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.control.messages import GetStatus
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import INFO, LineHost, Message, line_host
from tests.support.person import Person
from tests.support.shared_gateway import docs as docs
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person
from tests.support.shims import output_at_end

MIB = 1024 * 1024
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
UNSUPPORTED_VERSION = -32022


@pytest.fixture(params=["legacy", "modern"])
def host(gateway: GatewayProcess, docs: Path, request: pytest.FixtureRequest) -> Iterator[LineHost]:
    with line_host(gateway, modern=request.param == "modern") as speaker:
        yield speaker


def error(host: LineHost) -> Message:
    """The next error, whatever it belongs to."""
    return host.hear(lambda message: "error" in message)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"hello?", PARSE_ERROR),
        (b"\x00\xff\xfe", PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":1,', PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b"42", INVALID_REQUEST),
        (b"{}", INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":{},"method":"ping"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', INVALID_REQUEST),
        (b"[" * 100_000, None),
    ],
)
def test_what_is_no_message_is_answered_with_an_error_and_the_next_request_is_served(
    host: LineHost, line: bytes, code: int | None
) -> None:
    host.write(line + b"\n")
    told = error(host)

    assert code is None or told["error"]["code"] == code
    assert told.get("id") is None
    assert "read_text_file" in host.tools()


def test_a_line_of_11_mib_without_an_end_becomes_an_error_for_its_own_call(host: LineHost) -> None:
    head = b'{"jsonrpc":"2.0","id":"big","method":"tools/call","params":{"name":"write_file","arguments":{"content":"'
    host.write(head)
    for _ in range(11):
        host.write(b"x" * MIB)
    host.write(b'"}}}\n')
    told = error(host)

    assert (told["id"], told["error"]["code"]) == ("big", INVALID_REQUEST)
    assert "10 MiB" in told["error"]["message"]
    assert "read_text_file" in host.tools()


def test_an_endless_line_without_an_id_is_refused_without_one(host: LineHost) -> None:
    for _ in range(11):
        host.write(b"x" * MIB)
    host.write(b"\n")
    told = error(host)

    assert (told.get("id"), told["error"]["code"]) == (None, INVALID_REQUEST)
    assert "read_text_file" in host.tools()


def test_half_a_line_at_the_end_harms_nobody(gateway: GatewayProcess, host: LineHost) -> None:
    with line_host(gateway) as leaving:
        leaving.write(b'{"jsonrpc":"2.0","id":5,"method":"tools/ca')
        assert leaving.shim.stdin is not None
        leaving.shim.stdin.close()
        leaving.shim.stdin = None
        code, rest, _ = output_at_end(leaving.shim)

    assert (code, rest) == (0, b"")
    assert "read_text_file" in host.tools()


def test_an_id_that_is_still_open_is_refused_and_the_first_call_is_answered(
    host: LineHost, person: Person, docs: Path
) -> None:
    number = host.call("write_file", path=str(docs / "never.txt"), content="x")
    asked = person.question()
    host.write(b'{"jsonrpc":"2.0","id":%d,"method":"ping"}\n' % number)
    second = host.answer(number)
    person.deny(asked)
    first = host.answer(number)

    assert second["error"]["code"] == INVALID_REQUEST
    assert first["result"]["isError"] is True


def test_ids_come_back_to_the_letter(host: LineHost) -> None:
    envelope = host_meta(host)
    for number in (b'"1"', b"1", b'"\\u00e9"', b"9007199254740993", b"0", b'""'):
        host.write(b'{"jsonrpc":"2.0","id":%s,"method":"tools/list","params":{%s}}\n' % (number, envelope))
        raw = host.raw()
        assert b'"id":' + number in raw.replace(b" ", b""), raw[:80]


def host_meta(host: LineHost) -> bytes:
    if not host.modern:
        return b""
    return (
        b'"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
        b'"io.modelcontextprotocol/clientCapabilities":{}}'
    )


@pytest.mark.parametrize(
    "arguments",
    [
        b'{"path":"/a","path":"/b"}',
        b'{"path":"/a","p\\u0061th":"/b"}',
        b'{"deep":[{"x":{"y":1,"y":2}}]}',
    ],
)
def test_arguments_that_could_mean_two_things_are_refused(host: LineHost, arguments: bytes) -> None:
    envelope = b"," + host_meta(host) if host.modern else b""
    params = b'{"name":"read_text_file","arguments":%s%s}' % (arguments, envelope)
    host.write(b'{"jsonrpc":"2.0","id":"two","method":"tools/call","params":%s}\n' % params)

    assert host.answer("two")["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize("method", ["nobody/knows", "sampling/createMessage", "tasks/list", ""])
def test_an_unknown_method_is_refused(host: LineHost, method: str) -> None:
    assert host.answer(host.start(method))["error"]["code"] == METHOD_NOT_FOUND


def test_an_unknown_tool_is_refused(host: LineHost) -> None:
    assert host.answer(host.call("nobody"))["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize(
    "params",
    [{}, {"name": 7}, {"name": "read_text_file", "arguments": []}, {"name": "read_text_file", "arguments": "x"}],
)
def test_a_call_of_the_wrong_shape_is_refused(host: LineHost, params: dict[str, object]) -> None:
    told = host.answer(host.start("tools/call", params))

    assert "error" in told or told["result"]["isError"]


def test_a_version_that_nobody_speaks_is_refused_with_those_that_are_spoken(gateway: GatewayProcess) -> None:
    with line_host(gateway, modern=True) as host:
        meta = {"io.modelcontextprotocol/protocolVersion": "2099-01-01"}
        told = host.answer(host.start("tools/list", {"_meta": meta}))

    assert told["error"]["code"] == UNSUPPORTED_VERSION
    assert told["error"]["data"]["supported"] == ["2026-07-28"]


def test_a_probe_is_answered_makes_no_session_and_fixes_nothing(gateway: GatewayProcess, person: Person) -> None:
    with line_host(gateway, modern=True) as host:
        found = host.result("server/discover")
        during = person.do(GetStatus()).sessions
        host.modern = False
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": INFO}
        legacy = host.result("initialize", hello)
        host.notify("notifications/initialized")
        listed = host.tools()
        (session,) = person.do(GetStatus()).sessions

    assert found["supportedVersions"] == ["2026-07-28"]
    assert during == ()
    assert legacy["protocolVersion"] == "2025-06-18"
    assert "read_text_file" in listed
    assert (session.era, session.client) == ("both", "line-host")


def test_before_anything_was_agreed_a_plain_request_is_refused(gateway: GatewayProcess) -> None:
    with line_host(gateway, modern=True) as host:
        host.modern = False
        told = host.answer(host.start("tools/list"))

    assert told["error"]["code"] == INVALID_PARAMS
