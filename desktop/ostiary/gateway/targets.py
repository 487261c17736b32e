"""Where a call goes: the server that owns the tool, the prompt or the resource. Pure over the catalogue.

Also for a tool that hosts cannot see at the moment: that it may not be called is the gate's to say, and to log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.gateway.asking import Asked
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.lists import Tool
from ostiary.gateway.wire import methods


@dataclass(frozen=True, slots=True)
class Target:
    """The server, its own name of the thing, and for a tool what it said of it."""

    server: str
    own_name: str
    tool: Tool | None = None


class UnknownTargetError(Exception):
    """No server that the host sees has what it asked for."""


def find_targets(
    asked: Asked, catalogue: Catalogue, servers: tuple[str, ...], hides: Callable[[str, str], bool]
) -> tuple[Target, ...]:
    """The servers to try, most certain first; one for tools and prompts. Raises ``UnknownTargetError``.

    ``hides`` tells of a server and its own name for a tool whether it does not exist for this host.
    """
    match asked.method:
        case methods.CALL_TOOL:
            return (_tool(name_of(asked), catalogue, servers, hides),)
        case methods.GET_PROMPT:
            found = catalogue.find_prompt(name_of(asked), servers)
            if found is None:
                raise UnknownTargetError(f"Unknown prompt: {name_of(asked)}")
            return (Target(found.server, found.own_name),)
        case _:
            owners = catalogue.owners(name_of(asked), servers)
            if not owners:
                raise UnknownTargetError(f"Unknown resource: {name_of(asked)}")
            return tuple(Target(server, name_of(asked)) for server in owners)


def name_of(asked: Asked) -> str:
    """What a host calls the thing: the tool's or prompt's name, or the URI."""
    value = asked.params.get("uri" if asked.method == methods.READ_RESOURCE else "name")
    return value if isinstance(value, str) else ""


def _tool(name: str, catalogue: Catalogue, servers: tuple[str, ...], hides: Callable[[str, str], bool]) -> Target:
    found = catalogue.find_tool(name, servers)
    lists = None if found is None else catalogue.lists(found.server)
    tool = None if found is None or lists is None else lists.tool(found.own_name)
    if found is None or tool is None or hides(found.server, found.own_name):
        raise UnknownTargetError(f"Unknown tool: {name}")
    return Target(found.server, found.own_name, tool)
