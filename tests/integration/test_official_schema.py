"""That lines are held against the protocol's own schema at all: it is there, and turns away what is wrong."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.support.official_schema import REVISIONS, OfficialSchema, official_schema, problem


@pytest.fixture(params=REVISIONS)
def schema(request: pytest.FixtureRequest) -> OfficialSchema:
    found = official_schema(request.param)
    if found is None:
        tell = pytest.fail if os.environ.get("OSTIARY_DESKTOP") == "1" else pytest.skip
        tell(f"the official schema could not be had: {problem()}")
    return found


def answer(result: object) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "result": result}


def test_a_line_that_a_server_may_write_passes(schema: OfficialSchema) -> None:
    schema.check_line(answer({"resultType": "complete"}))
    schema.check_line({"jsonrpc": "2.0", "error": {"code": -32700, "message": "no JSON"}})
    schema.check_line({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
    schema.check_result("tools/call", {"content": [], "resultType": "complete"})


@pytest.mark.parametrize(
    "line",
    [
        {"id": 1, "result": {}},
        {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": ""}},
        {"jsonrpc": "2.0", "error": {"code": "1", "message": ""}},
        {"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {}},
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "x"}},
    ],
    ids=["no version", "id null", "code of letters", "no uri", "a request of hosts"],
)
def test_a_line_that_no_server_may_write_is_told(schema: OfficialSchema, line: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        schema.check_line(line)


@pytest.mark.parametrize(
    ("method", "result"),
    [
        ("tools/list", {"tools": [{"name": "x"}]}),
        ("tools/call", {"content": [{"type": "text"}]}),
        ("resources/read", {"contents": [{"text": ""}]}),
        ("completion/complete", {}),
    ],
)
def test_a_result_of_another_shape_is_told(schema: OfficialSchema, method: str, result: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        schema.check_result(method, {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", **result})
