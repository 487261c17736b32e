"""The three tools that stand in for all others, and the list that a host sees then. Pure.

Their names may be those of a server's tools as well: in the list they are ours, and the server's are found by search
and reached by ``call_tool``, which looks for servers' tools alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from msgspec import Raw

from ostiary.gateway import translate
from ostiary.gateway.tool_search.index import definitions
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.members import members_of

SEARCH, DESCRIBE, CALL = "search_tools", "describe_tool", "call_tool"
NAMES = frozenset((SEARCH, DESCRIBE, CALL))
MOST_RESULTS = 25
USUAL_RESULTS = 8

_ONLY_READS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
_MAY_DO_ANYTHING = {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": False, "openWorldHint": True}
"""Of ``call_tool`` as of the worst tool that it can call."""


@lru_cache(maxsize=16)
def listing(page: bytes, servers: tuple[str, ...], pinned: frozenset[str], *, modern: bool) -> bytes:
    """The result of ``tools/list`` in place of ``page``: the three, and what is ``pinned`` of it under its name.

    ``servers`` are the titles of those that can be searched.
    """
    kept = [raw for raw in definitions(page) if _name(raw) in pinned - NAMES]
    tools: list[object] = [*_three(servers), *kept]
    result = msgspec.json.encode({"tools": tools})
    return translate.result_for("tools/list", result, from_modern=False, to_modern=modern)


def _name(definition: Raw) -> str:
    return msgspec.json.decode(members_of(definition)["name"], type=str)


def _three(servers: Sequence[str]) -> tuple[dict[str, object], ...]:
    known = ", ".join(servers) or "no server at the moment"
    return (
        _tool(
            SEARCH,
            "Search tools",
            f"Find tools by what they do. Most are not in your list: search here first. There are tools of: {known}.",
            {
                "query": _string("A few words: what the tool should do, and with what."),
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": USUAL_RESULTS},
            },
            ["query"],
            _ONLY_READS,
        ),
        _tool(
            DESCRIBE,
            "Describe a tool",
            "Give the whole definition of a tool that was found, with the schema of its arguments.",
            {"name": _string(f"The tool's name, as {SEARCH} gives it.")},
            ["name"],
            _ONLY_READS,
        ),
        _tool(
            CALL,
            "Call a tool",
            f"Call a tool that was found. Read its arguments with {DESCRIBE} first.",
            {
                "name": _string(f"The tool's name, as {SEARCH} gives it."),
                "arguments": {"type": "object", "description": "The tool's own arguments."},
            },
            ["name"],
            _MAY_DO_ANYTHING,
        ),
    )


def _tool(
    name: str, title: str, description: str, properties: dict[str, object], required: list[str], hints: dict[str, bool]
) -> dict[str, object]:
    return {
        "name": name,
        "title": title,
        "description": description,
        "inputSchema": {"type": "object", "properties": properties, "required": required},
        "annotations": {"title": title, **hints},
    }


def _string(description: str) -> dict[str, object]:
    return {"type": "string", "description": description}


def is_own(method: str, name: object) -> bool:
    """Whether a request is for one of the three, where they stand in the list."""
    return method == methods.CALL_TOOL and isinstance(name, str) and name in NAMES
