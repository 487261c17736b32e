"""The tools of one list, as a host would see them: found by words, by name, by a name that is nearly right. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Raw, Struct

from ostiary.gateway.tool_search.ranking import Ranking, best, words
from ostiary.gateway.wire.envelope import UNREADABLE
from ostiary.gateway.wire.members import members_of

LINE_CHARACTERS = 160
"""A tool's one line among the results."""

MOST_NEAR = 5
MOST_ARGUMENT_WORDS = 200
_NAME_WEIGHS, _TITLE_WEIGHS, _TEXT_WEIGHS = 3.0, 1.0, 0.5
"""Of a question's words those in a tool's name say most; a long description cannot crowd them out."""


class _Definition(Struct):
    name: str
    title: object = None
    description: object = None
    input_schema: Raw = msgspec.field(default=Raw(b"{}"), name="inputSchema")


@dataclass(frozen=True, slots=True)
class Found:
    """A tool as a result tells it. ``definition`` is all that its server said, under the name hosts see."""

    name: str
    title: str
    server: str
    line: str
    definition: Raw


class Index:
    """Made from the whole result of ``tools/list``. ``servers`` are the titles of those that are behind the names."""

    def __init__(self, page: bytes, servers: Mapping[str, str]) -> None:
        read = [(definition, msgspec.json.decode(definition, type=_Definition)) for definition in definitions(page)]
        self.tools = tuple(_found(raw, definition, servers.get(definition.name, "")) for raw, definition in read)
        self._by_name = {tool.name: tool for tool in self.tools}
        self._kinds = (
            (_NAME_WEIGHS, Ranking([words(tool.name) for tool in self.tools])),
            (_TITLE_WEIGHS, Ranking([words(f"{tool.title} {tool.server}") for tool in self.tools])),
            (_TEXT_WEIGHS, Ranking([_text_words(definition) for _, definition in read])),
        )

    def tool(self, name: str) -> Found | None:
        """The tool that hosts see under this name."""
        return self._by_name.get(name)

    def search(self, query: str, limit: int) -> tuple[Found, ...]:
        """The tools that fit some words, the best first."""
        return tuple(self.tools[place] for place, _ in best(self._kinds, query, limit))

    def near(self, name: str) -> tuple[str, ...]:
        """Names for somebody who has one that does not exist: those spelt alike, then those that share a word."""
        alike = difflib.get_close_matches(name[:100], self._by_name, MOST_NEAR)
        related = (tool.name for tool in self.search(name[:100], MOST_NEAR))
        return tuple(dict.fromkeys((*alike, *related)))[:MOST_NEAR]


def definitions(page: bytes) -> list[Raw]:
    """The definitions in a result of ``tools/list`` that we made."""
    tools: list[Raw] = msgspec.json.decode(members_of(page)["tools"], type=list[Raw])
    return tools


def _found(raw: Raw, definition: _Definition, server: str) -> Found:
    return Found(definition.name, _text(definition.title), server, _line(_text(definition.description)), raw)


def _text_words(definition: _Definition) -> list[str]:
    """What its arguments are called and do, and what it does itself."""
    return _arguments(definition.input_schema)[:MOST_ARGUMENT_WORDS] + words(_text(definition.description))


def _arguments(schema: Raw) -> list[str]:
    """The words of the arguments' names and descriptions."""
    try:
        properties = msgspec.json.decode(schema, type=dict[str, Any]).get("properties")
    except UNREADABLE:
        return []
    if not isinstance(properties, dict):
        return []
    described = (
        f"{name} {_text(part.get('description')) if isinstance(part, dict) else ''}"
        for name, part in properties.items()
    )
    return words(" ".join(described))


def _line(description: str) -> str:
    """The first line of a description, without what could pass for a result of its own."""
    plain = " ".join(
        "".join(char if char.isprintable() else " " for char in description.strip().split("\n", 1)[0]).split()
    )
    return plain if len(plain) <= LINE_CHARACTERS else f"{plain[: LINE_CHARACTERS - 1].rstrip()}…"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
