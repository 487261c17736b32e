"""What is the same for each call of one tool by one session: looked up once, until anything it rests on changes.

It rests on the settings, the catalogue, the servers' definitions and the accepted ones. Each of them tells by its
``edition`` whether it is as before; where one is another, everything that is kept here goes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import is_
from typing import Final

from ostiary.domain.approval import Caller
from ostiary.domain.errors import ServerError
from ostiary.domain.server import ToolHints, ToolState
from ostiary.gateway.asking import Asked
from ostiary.gateway.house import House
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.identity import program_behind
from ostiary.gateway.policy.pins import Definition, PinState
from ostiary.gateway.targets import Target, find_targets, name_of

_NO_HINTS: Final = ToolHints()


@dataclass(frozen=True, slots=True)
class Standing:
    """``call`` is one without arguments and paths; ``hints`` in it are the tool's own."""

    target: Target
    definition: Definition | None
    call: Call


class Standings:
    """Of all sessions. Everything belongs to the loop's thread."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._editions: tuple[object, ...] = (None,) * 4
        self._tools: dict[tuple[int, str], Standing] = {}
        self._seen: dict[int, tuple[str, ...]] = {}

    def seen(self, session: int, hosts: tuple[str, ...], selection: tuple[str, ...] | None) -> tuple[str, ...]:
        """The servers that a session sees."""
        self._drop_what_is_old()
        if session not in self._seen:
            self._seen[session] = self._house.seen(hosts, selection)
        return self._seen[session]

    def of_tool(self, session: int, servers: tuple[str, ...], caller: Caller, asked: Asked) -> Standing:
        """Of a ``tools/call``. Raises ``UnknownTargetError`` and ``ServerError``; neither is remembered."""
        self._drop_what_is_old()
        name = name_of(asked)
        standing = self._tools.get((session, name))
        if standing is None:
            (target,) = find_targets(asked, self._house.catalogue, servers, self._house.hidden_from(caller.seen_as))
            standing = self._tools[session, name] = stand(self._house, session, caller, target, asked.method)
        return standing

    def drop(self, session: int) -> None:
        """A session is over."""
        self._seen.pop(session, None)
        self._tools = {place: kept for place, kept in self._tools.items() if place[0] != session}

    def _drop_what_is_old(self) -> None:
        house = self._house
        now = (house.servers.edition, house.catalogue.edition, house.connections.edition, house.pins.edition)
        if not all(map(is_, self._editions, now)):
            self._editions = now
            self._tools.clear()
            self._seen.clear()


def stand(house: House, session: int, caller: Caller, target: Target, method: str) -> Standing:
    """As it is against what the running server offers now; a cached list may be old. Raises ``ServerError``."""
    if target.tool is not None:
        lists = house.catalogue.lists(target.server)
        tool = None if lists is None else lists.tool(target.own_name)
        if tool is None:
            raise ServerError(f"The server {target.server} no longer has the tool {target.own_name}")
        if tool is not target.tool:
            target = replace(target, tool=tool)
    definition = house.connections.definition(target.server, target.own_name)
    return Standing(target, definition, _call(house, session, caller, target, definition, method))


def _call(
    house: House, session: int, caller: Caller, target: Target, definition: Definition | None, method: str
) -> Call:
    servers, server, tool = house.servers, target.server, target.tool
    spec = servers.known(server)
    return Call(
        host=caller.host,
        host_verified=caller.verified,
        session=session,
        host_identity=program_behind(caller),
        server=server,
        server_identity=servers.identity(server),
        origin=spec.origin,
        trusted=spec.trusted,
        method=method,
        tool="" if tool is None else tool.own_name,
        hints=_NO_HINTS if tool is None else tool.hints,
        tool_state=ToolState.ENABLED if tool is None else house.tool_state(caller.seen_as, server, tool.own_name),
        pin=PinState.SAME if tool is None else house.connections.pin_state(server, tool.own_name),
        definition="" if tool is None or definition is None else definition.fingerprint,
    )
