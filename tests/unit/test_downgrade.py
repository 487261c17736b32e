"""What hosts of the first legacy revisions get instead of what came after them, row by row."""

import json
from typing import Any

import pytest
from mcp_types import methods as official

from ostiary.gateway.downgrade import result_for_version

LINK = {"type": "resource_link", "uri": "a://x", "name": "x", "title": "The x"}
AUDIO = {"type": "audio", "data": "AA==", "mimeType": "audio/wav"}
TEXT = {"type": "text", "text": "hello", "_meta": {"v/x": 1}}
TOOL = {
    "name": "t",
    "title": "T",
    "inputSchema": {"type": "object"},
    "outputSchema": {"type": "object"},
    "annotations": {"readOnlyHint": True},
    "icons": [],
    "_meta": {"ui": {"resourceUri": "ui://x"}},
    "x-vendor": 1,
}


def got(method: str, result: Any, version: str) -> Any:
    return json.loads(result_for_version(method, json.dumps(result).encode(), version))


@pytest.mark.parametrize(
    ("version", "kept", "told"),
    [
        pytest.param("2024-11-05", [TEXT], ["The x: a://x", "[audio, audio/wav, not shown to this host]"], id="2024"),
        pytest.param("2025-03-26", [AUDIO, TEXT], ["The x: a://x"], id="2025-03-26-knows-audio"),
        pytest.param("2025-06-18", [LINK, AUDIO, TEXT], [], id="2025-06-18-knows-all"),
        pytest.param("2025-11-25", [LINK, AUDIO, TEXT], [], id="2025-11-25-knows-all"),
    ],
)
@pytest.mark.parametrize("method", ["tools/call", "prompts/get"])
def test_content_that_a_revision_does_not_know_is_told_in_words(
    method: str, version: str, kept: list[Any], told: list[str]
) -> None:
    blocks = [LINK, AUDIO, TEXT]
    if method == "tools/call":
        content = got(method, {"content": blocks, "structuredContent": {}}, version)["content"]
    else:
        messages = got(method, {"messages": [{"role": "user", "content": block} for block in blocks]}, version)
        content = [message["content"] for message in messages["messages"]]
    assert [block for block in content if block in blocks] == kept
    assert [block["text"] for block in content if block not in blocks] == told


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        pytest.param("2024-11-05", {}, id="2024-has-no-annotations"),
        pytest.param("2025-03-26", {"annotations": {"title": "T", "readOnlyHint": True}}, id="2025-03-26"),
    ],
)
def test_a_tool_keeps_its_title_where_the_revision_has_a_place_for_it(version: str, expected: Any) -> None:
    tool = got("tools/list", {"tools": [TOOL]}, version)["tools"][0]
    known = {name: TOOL[name] for name in ("name", "inputSchema", "_meta", "x-vendor")}
    assert tool == known | expected
    official.validate_server_result("tools/list", version, {"tools": [tool]})


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26"])
def test_structured_results_are_left_to_their_text(version: str) -> None:
    result = {"content": [TEXT], "structuredContent": {"a": 1}, "isError": False, "_meta": {"v/x": 1}}
    assert got("tools/call", result, version) == {"content": [TEXT], "isError": False, "_meta": {"v/x": 1}}


def test_from_2025_06_18_on_the_bytes_are_the_servers() -> None:
    raw = b'{ "content" : [ ] }'
    assert result_for_version("tools/call", raw, "2025-06-18") is raw


def test_other_results_pass_as_they_are() -> None:
    raw = b'{"contents":[{"uri":"a://x","blob":"AA=="}]}'
    assert result_for_version("resources/read", raw, "2024-11-05") is raw
