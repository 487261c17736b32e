"""Between the two protocol generations, row by row. Each id names the rule it stands for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_types import methods as official
from msgspec import Raw

from ostiary.gateway import translate
from ostiary.gateway.wire import methods

ERAS = [(False, False), (False, True), (True, False), (True, True)]
BIG = 2**70


def result(method: str, value: Any, *, from_modern: bool, to_modern: bool) -> Any:
    raw = json.dumps(value).encode()
    return json.loads(translate.result_for(method, raw, from_modern=from_modern, to_modern=to_modern))


@pytest.mark.parametrize(
    ("method", "from_modern", "to_modern", "sent", "received"),
    [
        pytest.param("tools/call", False, False, {"x": 1}, {"x": 1}, id="result-LL-passes"),
        pytest.param(
            "resources/subscribe", True, False, {"resultType": "complete"}, {}, id="empty-LM-is-exactly-empty"
        ),
        pytest.param(
            "tools/list",
            True,
            False,
            {"tools": [], "ttlMs": 5, "cacheScope": "public", "resultType": "complete"},
            {"tools": []},
            id="list-LM-strips-modern-members",
        ),
        pytest.param(
            "tools/call",
            True,
            False,
            {"content": [], "structuredContent": [1], "resultType": "complete"},
            {"content": []},
            id="structured-LM-only-objects",
        ),
        pytest.param(
            "tools/call",
            True,
            False,
            {"content": [], "structuredContent": {"resultType": "kept", "ttlMs": 1}},
            {"content": [], "structuredContent": {"resultType": "kept", "ttlMs": 1}},
            id="structured-LM-inside-is-not-touched",
        ),
        pytest.param(
            "tools/call",
            True,
            False,
            {"_meta": {methods.SERVER_INFO_KEY: {"name": "s"}}, "content": []},
            {"content": []},
            id="stamp-LM-goes-with-its-meta",
        ),
        pytest.param(
            "tools/call",
            True,
            False,
            {"_meta": {methods.SERVER_INFO_KEY: {}, "vendor/x": 1}},
            {"_meta": {"vendor/x": 1}},
            id="stamp-LM-goes-alone",
        ),
        pytest.param(
            "tools/call",
            False,
            True,
            {"content": [], "n": BIG, "vendor": None},
            {"content": [], "n": BIG, "vendor": None, "resultType": "complete"},
            id="result-ML-gets-a-type-and-keeps-the-rest",
        ),
        pytest.param(
            "resources/read",
            False,
            True,
            {"contents": []},
            {"contents": [], "resultType": "complete", "ttlMs": 0, "cacheScope": "private"},
            id="cache-ML-is-none",
        ),
        pytest.param(
            "resources/read",
            False,
            True,
            {"contents": [], "ttlMs": 9},
            {"contents": [], "resultType": "complete", "ttlMs": 9, "cacheScope": "private"},
            id="cache-ML-keeps-what-is-given",
        ),
        pytest.param(
            "tools/call",
            True,
            True,
            {"resultType": "task", "x": 1},
            {"resultType": "task", "x": 1},
            id="result-MM-passes",
        ),
        pytest.param(
            "tools/call", True, True, {"x": 1}, {"x": 1, "resultType": "complete"}, id="result-MM-ensures-a-type"
        ),
    ],
)
def test_a_result_takes_the_form_of_the_hosts_generation(
    method: str, from_modern: bool, to_modern: bool, sent: Any, received: Any
) -> None:
    assert result(method, sent, from_modern=from_modern, to_modern=to_modern) == received


@pytest.mark.parametrize("modern", [False, True])
def test_between_equal_generations_a_result_passes_to_the_letter(modern: bool) -> None:
    raw = b'{ "resultType":"complete", "content" : [ 1.0, 1E2 ] }'

    assert translate.result_for("tools/call", raw, from_modern=modern, to_modern=modern) == raw


@pytest.mark.parametrize(("from_modern", "to_modern"), ERAS)
@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("tools/call", {"content": [{"type": "text", "text": "x"}]}),
        ("resources/read", {"contents": [{"uri": "a://b", "text": "x"}]}),
        ("prompts/get", {"messages": []}),
        ("completion/complete", {"completion": {"values": []}}),
        ("tools/list", {"tools": [{"name": "t", "inputSchema": {"type": "object"}}]}),
    ],
)
def test_every_translated_result_is_valid_for_the_hosts_generation(
    from_modern: bool, to_modern: bool, method: str, value: Any
) -> None:
    sent = value | {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"} if from_modern else value
    version = methods.MODERN if to_modern else methods.LEGACY[0]

    received = result(method, sent, from_modern=from_modern, to_modern=to_modern)
    official.validate_server_result(method, version, received)


@pytest.mark.parametrize(
    ("code", "to_modern", "expected"),
    [
        pytest.param(-32002, True, -32602, id="not-found-ML"),
        pytest.param(-32002, False, -32002, id="not-found-LL"),
        pytest.param(-32602, False, -32602, id="not-found-LM"),
        pytest.param(-32042, True, -32603, id="url-elicitation-never-to-modern"),
        pytest.param(-32042, False, -32042, id="url-elicitation-LL"),
        pytest.param(-32043, False, -32603, id="reserved-never-to-legacy"),
        pytest.param(-32021, False, -32603, id="missing-capability-never-to-legacy"),
        pytest.param(-32022, False, -32603, id="version-never-to-legacy"),
        pytest.param(-32021, True, -32021, id="missing-capability-MM"),
        pytest.param(-32000, True, -32000, id="implementation-range-passes"),
        pytest.param(42, False, 42, id="own-codes-pass"),
    ],
)
def test_an_errors_code_is_one_the_host_knows(code: int, to_modern: bool, expected: int) -> None:
    error = {"code": code, "message": "why", "data": {"n": BIG}}

    received = json.loads(translate.error_for(json.dumps(error).encode(), to_modern=to_modern))

    assert received == error | {"code": expected}


@pytest.mark.parametrize("raw", [b"5", b"null", b"{}", b'{"code":"x"}', b'{"code":1.5,"message":"m"}', b'{"code":7}'])
@pytest.mark.parametrize("to_modern", [False, True])
def test_an_odd_error_becomes_a_sound_one(raw: bytes, to_modern: bool) -> None:
    received = json.loads(translate.error_for(raw, to_modern=to_modern))

    assert isinstance(received["code"], int)
    assert isinstance(received["message"], str)


def test_a_code_of_thousands_of_digits_is_replaced() -> None:
    received = translate.error_for(b'{"code":%s,"message":"m"}' % (b"9" * 5000), to_modern=True)

    assert json.loads(received) == {"code": -32603, "message": "m"}


ENVELOPE = {
    methods.PROTOCOL_VERSION_KEY: "2026-07-28",
    methods.CLIENT_CAPABILITIES_KEY: {"sampling": {}},
    methods.CLIENT_INFO_KEY: {"name": "host"},
    methods.LOG_LEVEL_KEY: "debug",
}


def test_meta_ml_loses_the_envelope_and_keeps_vendor_and_trace_keys() -> None:
    meta = {**ENVELOPE, "vendor/x": [1], "traceparent": "00-1", "progressToken": "host's"}

    passed = translate.meta_for_server(meta, to_modern=False, client_info=None, progress_token=4)

    assert passed == {"vendor/x": [1], "traceparent": "00-1", "progressToken": 4}


def test_meta_lm_gets_an_envelope_without_capabilities_that_nobody_would_serve() -> None:
    passed = translate.meta_for_server({}, to_modern=True, client_info={"name": "host"}, progress_token=None)

    assert passed == {
        methods.PROTOCOL_VERSION_KEY: "2026-07-28",
        methods.CLIENT_CAPABILITIES_KEY: {},
        methods.CLIENT_INFO_KEY: {"name": "host"},
    }


def test_keys_of_ours_never_pass_from_a_host() -> None:
    meta = {methods.OUR_PREFIX + "plan": 1, "progressToken": 3}

    assert translate.meta_for_server(meta, to_modern=False, client_info=None, progress_token=None) == {}


def raw_tool(**members: Any) -> dict[str, Raw]:
    return {name: Raw(json.dumps(value).encode()) for name, value in members.items()}


def plain(tool: dict[str, Raw] | None) -> Any:
    return None if tool is None else {name: json.loads(bytes(value)) for name, value in tool.items()}


OBJECT = {"type": "object"}


@pytest.mark.parametrize(
    ("given_schema", "seen"),
    [
        pytest.param(OBJECT | {"properties": {}}, OBJECT | {"properties": {}}, id="object-passes"),
        pytest.param({}, OBJECT, id="empty-is-repaired"),
        pytest.param({"properties": {"a": {}}}, OBJECT | {"properties": {"a": {}}}, id="missing-type-is-repaired"),
        pytest.param({"type": "string"}, None, id="another-type-is-left-out"),
        pytest.param({"type": ["object", "null"]}, None, id="a-union-is-left-out"),
        pytest.param(True, None, id="a-boolean-is-left-out"),
        pytest.param(None, None, id="null-is-left-out"),
    ],
)
def test_one_bad_input_schema_never_costs_the_list(given_schema: Any, seen: Any) -> None:
    tool = raw_tool(name="t", inputSchema=given_schema, **{"x-vendor": {"k": 1}})

    for repair in (translate.tool_for_modern, translate.tool_for_legacy):
        repaired = plain(repair(tool))
        assert repaired == (None if seen is None else {"name": "t", "inputSchema": seen, "x-vendor": {"k": 1}})


def test_a_tool_without_input_schema_gets_one() -> None:
    assert plain(translate.tool_for_modern(raw_tool(name="t"))) == {"name": "t", "inputSchema": OBJECT}
    spaced = {"name": Raw(b'"t"'), "inputSchema": Raw(b"{ }")}
    assert plain(translate.tool_for_modern(spaced)) == {"name": "t", "inputSchema": OBJECT}


@pytest.mark.parametrize("output", [{"type": "array"}, {"anyOf": []}, True, None])
def test_legacy_hosts_see_only_object_output_schemas(output: Any) -> None:
    tool = raw_tool(name="t", inputSchema=OBJECT, outputSchema=output)

    assert plain(translate.tool_for_legacy(tool)) == {"name": "t", "inputSchema": OBJECT}
    assert plain(translate.tool_for_modern(tool))["outputSchema"] == output


@pytest.mark.parametrize(
    ("template", "uri", "matches"),
    [
        ("note://{id}", "note://1", True),
        ("note://{id}/text", "note://1/text", True),
        ("note://{id}/text", "note://1", False),
        ("note://{id}", "other://1", False),
        ("file:///{+path}", "file:///a/b", True),
        ("x://a{/segments*}{?q,r}", "x://a/b/c?q=1", True),
        ("x://{a}-{b}.txt", "x://1-2.txt", True),
        ("x://{a}-{b}.txt", "x://12.txt", False),
        ("aXa{v}aXa", "aXa", False),
        ("fixed://x", "fixed://x", True),
        ("fixed://x", "fixed://xy", False),
        ("x://(.*){a}", "x://(.*)1", True),
        ("x://(.*){a}", "x://abc", False),
    ],
)
def test_a_template_owns_what_can_come_from_it(template: str, uri: str, matches: bool) -> None:
    assert translate.template_matches(template, uri) is matches


@given(
    st.lists(st.tuples(st.text("ab/", max_size=3), st.text("ab/", max_size=3)), min_size=1, max_size=6), st.text("ab/")
)
def test_a_template_owns_whatever_its_variables_are_replaced_by(parts: list[tuple[str, str]], end: str) -> None:
    template = "".join(literal + "{v}" for literal, _value in parts) + end
    uri = "".join(literal + value for literal, value in parts) + end

    assert translate.template_matches(template, uri)


def test_a_servers_template_cannot_keep_the_gateway_busy() -> None:
    """A backtracking matcher would take longer than the universe has for this."""
    assert not translate.template_matches("{+a}x" * 500 + "y", "x" * 5000)
