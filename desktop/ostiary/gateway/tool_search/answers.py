"""What the searching tools answer, and which call ``call_tool`` stands for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ostiary.gateway.asking import SHOWN_CHARACTERS
from ostiary.gateway.tool_search.index import Found, Index
from ostiary.gateway.tool_search.own_tools import DESCRIBE, MOST_RESULTS, SEARCH, USUAL_RESULTS


@dataclass(frozen=True, slots=True)
class WantedCall:
    """What a host wants called through ``call_tool``."""

    name: str
    arguments: Mapping[str, Any]


def search(index: Index, arguments: Mapping[str, Any]) -> bytes:
    """The result of ``search_tools``: one line a tool, the best first."""
    query, limit = arguments.get("query"), arguments.get("limit", USUAL_RESULTS)
    if not isinstance(query, str) or not query.strip():
        return failure(f"{SEARCH} needs “query”: a few words about what the tool should do.")
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_RESULTS:
        return failure(f"“limit” is a whole number from 1 to {MOST_RESULTS}.")
    found = index.search(query, limit)
    if not found:
        return _result(f"No tool fits. There are {len(index.tools)}; try other words.", {"tools": []})
    lines = "\n".join(f"{tool.name} — {tool.title or tool.name} ({tool.server}): {tool.line}" for tool in found)
    return _result(lines, {"tools": [_line(tool) for tool in found]})


def describe(index: Index, arguments: Mapping[str, Any]) -> bytes:
    """The result of ``describe_tool``: the definition as the list would give it."""
    name = arguments.get("name")
    if not isinstance(name, str):
        return failure(f"{DESCRIBE} needs “name”: the tool's name, as {SEARCH} gives it.")
    tool = index.tool(name)
    if tool is None:
        return unknown(index, name)
    return _result(bytes(tool.definition).decode(), {"server": tool.server, "tool": tool.definition})


def read_call(arguments: object) -> WantedCall | None:
    """What ``call_tool`` was given; None where it is not a name and an object."""
    match arguments:
        case {"name": str(name), "arguments": dict(inner)}:
            return WantedCall(name, inner)
        case {"name": str(name), **rest} if "arguments" not in rest:
            return WantedCall(name, {})
        case _:
            return None


def unknown(index: Index, name: str) -> bytes:
    """The result for a name that no tool has, with those that may have been meant."""
    near = ", ".join(index.near(name))
    hint = f"Near to it: {near}." if near else f"Look for it with {SEARCH}."
    return failure(f"There is no tool “{name[:SHOWN_CHARACTERS]}”. {hint}")


def failure(text: str) -> bytes:
    """A result that says of itself that it is an error, for the model to read."""
    return msgspec.json.encode({"content": [{"type": "text", "text": text}], "isError": True})


def _line(tool: Found) -> dict[str, str]:
    return {"name": tool.name, "title": tool.title, "server": tool.server, "line": tool.line}


def _result(text: str, structured: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({"content": [{"type": "text", "text": text}], "structuredContent": structured})
