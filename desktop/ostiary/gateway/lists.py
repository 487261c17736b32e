"""What one server offers, as it said itself: tools, resources, templates, prompts. Values; raw JSON inside."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

from ostiary.domain.server import ToolHints
from ostiary.gateway.wire.envelope import UNREADABLE

BYTES_PER_TOKEN = 4
"""Of definitions in English and JSON; a rule of thumb, and shown as one."""


class Tool(Struct, frozen=True):
    """A tool: what the gate and the window need of it, and its definition as the server sent it."""

    own_name: str
    title: str
    description: str
    hints: ToolHints
    definition: Raw

    @property
    def tokens(self) -> int:
        """About how many tokens of a model's attention the definition takes."""
        return round(len(bytes(self.definition)) / BYTES_PER_TOKEN)


class Prompt(Struct, frozen=True):
    """A prompt and its definition as the server sent it."""

    own_name: str
    definition: Raw


class Resource(Struct, frozen=True):
    """A resource (or a template) and its definition as the server sent it."""

    uri: str
    definition: Raw


class ServerLists(Struct, frozen=True, kw_only=True):
    """Everything one server offers. ``modern`` tells the generation it spoke."""

    modern: bool = False
    tools: tuple[Tool, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    resources: tuple[Resource, ...] = ()
    templates: tuple[Resource, ...] = ()
    can_subscribe: bool = False
    can_complete: bool = False
    can_log: bool = False
    instructions: str = ""
    extensions: dict[str, Raw] = {}

    def tool(self, own_name: str) -> Tool | None:
        """The tool of that name, or None."""
        return next((tool for tool in self.tools if tool.own_name == own_name), None)


class _Annotations(Struct, rename="camel"):
    """Some servers write ``null`` for a hint that they do not give."""

    title: str | None = None
    read_only_hint: bool | None = None
    destructive_hint: bool | None = None
    idempotent_hint: bool | None = None
    open_world_hint: bool | None = None


class _ToolDefinition(Struct):
    name: str
    title: str | None = None
    description: str | None = None
    annotations: _Annotations | None = None


class _PromptDefinition(Struct):
    name: str


class _ResourceDefinition(Struct, rename="camel"):
    uri: str = ""
    uri_template: str = ""


def read_tools(items: list[Raw]) -> tuple[Tool, ...]:
    """The tools of a list; an item that is none is left out, the others stay. Of equal names the first counts."""
    found: dict[str, Tool] = {}
    for item in items:
        definition = _read(item, _ToolDefinition)
        if definition is not None:
            found.setdefault(definition.name, _tool(item, definition))
    return tuple(found.values())


def _tool(item: Raw, definition: _ToolDefinition) -> Tool:
    claims = definition.annotations or _Annotations()
    hints = ToolHints(
        read_only=claims.read_only_hint is True,
        destructive=claims.destructive_hint is not False,
        idempotent=claims.idempotent_hint is True,
        open_world=claims.open_world_hint is not False,
    )
    title = definition.title or claims.title or ""
    return Tool(definition.name, title, definition.description or "", hints, item.copy())


def read_prompts(items: list[Raw]) -> tuple[Prompt, ...]:
    """The prompts of a list."""
    pairs = ((item, _read(item, _PromptDefinition)) for item in items)
    return tuple(Prompt(read.name, item.copy()) for item, read in pairs if read is not None)


def read_resources(items: list[Raw]) -> tuple[Resource, ...]:
    """The resources or templates of a list."""
    pairs = ((item, _read(item, _ResourceDefinition)) for item in items)
    return tuple(Resource(read.uri or read.uri_template, item.copy()) for item, read in pairs if read is not None)


def _read(item: Raw, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(item, type=kind)
    except UNREADABLE:
        return None
