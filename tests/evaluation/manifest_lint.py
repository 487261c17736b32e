"""What every bundled server must say about itself, so that a model picks the right tool and a person knows its price.

Judged are the definitions as ``tools/list`` gives them, of all servers together: that is how a model sees them. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import jsonschema
import mcp_types as types

Tools = Mapping[str, Sequence[types.Tool]]
"""The tools of each server, by the server's name."""

NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
NAME_LIMIT: Final = 40
"""Characters that a gateway leaves of a name; some hosts cut at 64 with a prefix of theirs."""

TITLE_LIMIT: Final = 40
DESCRIPTION_LIMIT: Final = 700
DESCRIPTION_LEAST: Final = 30
ARGUMENT_LIMIT: Final = 120
TOKENS_LIMIT: Final = 1_100
"""For one tool, as ``shown_tokens`` estimates it."""

SERVER_TOKENS_LIMIT: Final = 7_000
CHARACTERS_A_TOKEN: Final = 4
"""A rule of thumb for English and JSON; no tokenizer is asked."""

_UNIT: Final = re.compile(
    r"\b(lines?|days?|levels?|bytes?|characters|seconds|milliseconds|definitions|matches|files|pages?|slides?)\b", re.I
)
_PATTERN: Final = re.compile(r"\b(glob|globs|regular expression|exact name)\b", re.I)
_EXAMPLE: Final = re.compile(r"Example: (\{.*?\})(?=[.\s]|$)")
_IN_ARGUMENT: Final = re.compile(r"[*?]\.?\w|\(\w+\)")
_DEPRECATED: Final = "Deprecated"


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that one tool, or a pair of them, does not keep."""

    server: str
    tool: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.server}/{self.tool}: {self.rule}: {self.detail}"


def faults(tools: Tools) -> list[Fault]:
    """All of them, server by server."""
    found = [
        Fault(server, tool.name, rule, detail)
        for server, listed in tools.items()
        for tool in listed
        for rule, check in RULES.items()
        for detail in check(tool)
    ]
    return [*found, *_costly(tools), *_ambiguous(tools)]


def shown_tokens(tool: types.Tool) -> int:
    """About how many tokens a host spends on a tool in every conversation: name, description, arguments."""
    shown = {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}
    return len(json.dumps(shown, ensure_ascii=False)) // CHARACTERS_A_TOKEN


def whole_tokens(tool: types.Tool) -> int:
    """As ``shown_tokens``, for a host that passes everything on, the schema of results too."""
    return len(tool.model_dump_json(by_alias=True, exclude_none=True)) // CHARACTERS_A_TOKEN


def _name(tool: types.Tool) -> Iterator[str]:
    if not NAME.fullmatch(tool.name):
        yield "not words joined by _"
    if len(tool.name) > NAME_LIMIT:
        yield f"{len(tool.name)} characters"


def _title(tool: types.Tool) -> Iterator[str]:
    if not tool.title or len(tool.title) > TITLE_LIMIT:
        yield f"{tool.title!r}"


def _description(tool: types.Tool) -> Iterator[str]:
    said = tool.description or ""
    if not DESCRIPTION_LEAST <= len(said) <= DESCRIPTION_LIMIT:
        yield f"{len(said)} characters"
    if not said.endswith("."):
        yield "does not end as a sentence"


def _hints(tool: types.Tool) -> Iterator[str]:
    """Unset hints have defaults that are the worst case, and hosts differ in what they make of them."""
    hints = tool.annotations or types.ToolAnnotations()
    if None in (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint):
        yield "one of the four is left to its default"
    elif hints.read_only_hint and hints.destructive_hint:
        yield "read-only and destructive"


def _arguments(tool: types.Tool) -> Iterator[str]:
    for name, schema in _properties(tool).items():
        said = schema.get("description", "")
        if not 10 <= len(said) <= ARGUMENT_LIMIT:
            yield f"{name} is described in {len(said)} characters"


def _units(tool: types.Tool) -> Iterator[str]:
    for name, schema in _properties(tool).items():
        if _is_number(schema) and not _UNIT.search(schema.get("description", "")):
            yield f"{name} is a number of what?"


def _example(tool: types.Tool) -> Iterator[str]:
    """Where the schema does not show what to send: a pattern, a structure, or nothing that has to be sent."""
    said = _EXAMPLE.search(tool.description or "")
    if said is not None:
        yield from _bad_example(tool, said[1])
    elif any(_needs_example(schema) for schema in _properties(tool).values()):
        yield "none"


def _bad_example(tool: types.Tool, text: str) -> Iterator[str]:
    try:
        jsonschema.validate(json.loads(text), tool.input_schema)
    except (ValueError, jsonschema.ValidationError) as error:
        yield f"{text} does not fit: {error}".splitlines()[0]


def _needs_example(schema: Mapping[str, Any]) -> bool:
    said = schema.get("description", "")
    return bool(_PATTERN.search(said)) and not _IN_ARGUMENT.search(said) and schema.get("type") == "string"


def _result(tool: types.Tool) -> Iterator[str]:
    if tool.output_schema is None:
        yield "no schema"


RULES: Final[Mapping[str, Callable[[types.Tool], Iterator[str]]]] = {
    "name": _name,
    "title": _title,
    "description": _description,
    "hints": _hints,
    "arguments": _arguments,
    "units": _units,
    "example": _example,
    "result": _result,
}
"""What is asked of one tool by itself."""


def _costly(tools: Tools) -> Iterator[Fault]:
    for server, listed in tools.items():
        costs = {tool.name: shown_tokens(tool) for tool in listed}
        for name, cost in costs.items():
            if cost > TOKENS_LIMIT:
                yield Fault(server, name, "tokens", f"about {cost}")
        if sum(costs.values()) > SERVER_TOKENS_LIMIT:
            yield Fault(server, "all", "tokens", f"about {sum(costs.values())}")


def _ambiguous(tools: Tools) -> Iterator[Fault]:
    """Pairs that a model cannot tell apart. An old name that says so is no choice."""
    everything = [
        (server, tool)
        for server, listed in tools.items()
        for tool in listed
        if not (tool.description or "").startswith(_DEPRECATED)
    ]
    for (server, one), (_, other) in combinations(everything, 2):
        same = [
            what
            for what, mine, theirs in (
                ("name", _words(one.name), _words(other.name)),
                ("title", one.title, other.title),
                ("purpose", _first_sentence(one), _first_sentence(other)),
            )
            if mine == theirs
        ]
        if same:
            yield Fault(server, one.name, "ambiguous", f"{other.name} has the same {' and '.join(same)}")


def _words(name: str) -> frozenset[str]:
    """``list_files`` and ``file_list`` are one name to a model."""
    return frozenset(word.removesuffix("s") for word in name.split("_"))


def _first_sentence(tool: types.Tool) -> str:
    return (tool.description or "").split(". ")[0].casefold()


def _properties(tool: types.Tool) -> Mapping[str, Any]:
    found: Mapping[str, Any] = tool.input_schema.get("properties", {})
    return found


def _is_number(schema: Mapping[str, Any]) -> bool:
    return any(each.get("type") in {"integer", "number"} for each in (schema, *schema.get("anyOf", ())))
