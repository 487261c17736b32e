"""A call as the rules and the prompt see it: its server, its tool, its arguments, where its paths lead.

Reads what the catalogue and the settings say at this moment; decides nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from msgspec import Raw

from ostiary.domain.approval import Caller
from ostiary.domain.errors import OstiaryError, ServerError
from ostiary.domain.plan import ChangePlan
from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.asking import Asked
from ostiary.gateway.client import Client
from ostiary.gateway.house import House
from ostiary.gateway.lists import Tool
from ostiary.gateway.planning import can_plan
from ostiary.gateway.policy.argument_paths import Places, named_paths, places, places_at_once
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.identity import program_behind
from ostiary.gateway.policy.pins import Definition, PinState
from ostiary.gateway.targets import Target, UnknownTargetError, find_targets, name_of
from ostiary.gateway.wire import methods, strict

_NO_HINTS = ToolHints()


@dataclass(frozen=True, slots=True)
class Subject:
    """A call that may be judged, and the process it would go to."""

    call: Call
    target: Target
    client: Client
    definition: Definition | None
    plan: ChangePlan | None = None


class Subjects:
    """What one request of one session is about. ``servers`` are those the session sees.

    ``encoded`` holds its parameters with their arguments as JSON again, once for all who need them (measured: 0.3 ms
    for 1 MB). ``shown`` is what the prompt and the log show: a tool's or prompt's arguments, or the URI; ``named`` are
    the paths in it.
    """

    def __init__(self, house: House, session: int, servers: tuple[str, ...], caller: Caller, asked: Asked) -> None:
        self.encoded = _encoded(asked.params)
        self.shown = _shown(asked)
        self.named = named_paths(self.shown)
        self._house = house
        self._session = session
        self._servers = servers
        self._caller = caller
        self._asked = asked

    @property
    def item(self) -> str:
        """The path or URI that the call is about: the first that its arguments name; empty for none."""
        uri = self.shown.get("uri") or self.shown.get("url")
        return uri if isinstance(uri, str) else next(iter(self.named), "")

    def targets(self) -> tuple[Target, ...]:
        """Where the call may go. Raises ``UnknownTargetError`` for what nobody offers."""
        hides = self._house.hidden_from(self._caller.host)
        return find_targets(self._asked, self._house.catalogue, self._servers, hides)

    async def targets_soon(self) -> tuple[Target, ...]:
        """Where the call goes; what nobody offers may be offered by a server that is being asked for the first time."""
        try:
            return self.targets()
        except UnknownTargetError:
            await self._house.connections.first_lists(self._servers)
            return self.targets()

    def at_once(self) -> Subject | None:
        """The call, unless it takes waiting to see what it is. What is wrong with it is told on the long way."""
        where = self._places_at_once()
        if where is None:
            return None
        try:
            target, *others = self.targets()
            client = self._house.connections.now(target.server, self._session)
            return None if others or client is None else self._of(target, client, where)
        except (UnknownTargetError, OstiaryError):
            return None

    async def of(self, target: Target) -> Subject:
        """The call, when its server runs. Raises ``ServerError`` when it will not."""
        client = await self._house.connections.ready(target.server, self._session)
        return self._of(target, client, await self._places())

    def params(self, target: Target) -> dict[str, Any]:
        """What goes to the server: the name is its own."""
        if self._asked.method == methods.READ_RESOURCE:
            return self.encoded
        return self.encoded | {"name": target.own_name}

    def _of(self, target: Target, client: Client, where: Places) -> Subject:
        """The call as it stands against what the running server offers now; a cached list may be old."""
        if target.tool is not None:
            lists = self._house.catalogue.lists(target.server)
            tool = None if lists is None else lists.tool(target.own_name)
            if tool is None:
                raise ServerError(f"The server {target.server} no longer has the tool {target.own_name}")
            if tool is not target.tool:
                target = replace(target, tool=tool)
        definition = self._house.connections.definition(target.server, target.own_name)
        return Subject(self._call(target, definition, where), target, client, definition)

    def _places_at_once(self) -> Places | None:
        return places_at_once(self.named, self._house.links.real_path) if self.named else Places()

    async def _places(self) -> Places:
        """Where the paths among the arguments lead. Following links may block; then a thread does it."""
        where = self._places_at_once()
        return await asyncio.to_thread(places, self.named, self._house.real_path) if where is None else where

    def _call(self, target: Target, definition: Definition | None, where: Places) -> Call:
        servers, tool = self._house.servers, target.tool
        spec = servers.known(target.server)
        params = {name: value for name, value in self.encoded.items() if name != "_meta"}
        return Call(
            host=self._caller.host,
            host_verified=self._caller.verified,
            session=self._session,
            host_identity=program_behind(self._caller),
            server=target.server,
            server_identity=servers.identity(target.server),
            origin=spec.origin,
            trusted=spec.trusted,
            method=self._asked.method,
            arguments=strict.encode(params),
            sensitive=where.sensitive,
            paths=where.paths,
            tool="" if tool is None else tool.own_name,
            hints=_NO_HINTS if tool is None else self._hints(tool, spec.origin),
            tool_state=ToolState.ENABLED if tool is None else self._tool_state(target.server, tool.own_name),
            pin=PinState.SAME if tool is None else self._house.connections.pin_state(target.server, tool.own_name),
            definition="" if tool is None or definition is None else definition.fingerprint,
        )

    def _tool_state(self, server: str, own_name: str) -> ToolState:
        return self._house.tool_state(self._caller.host, server, own_name)

    def _hints(self, tool: Tool, origin: ServerOrigin) -> ToolHints:
        """A dry run of a bundled server only reads, where the tool knows what that is."""
        dry = origin is ServerOrigin.BUNDLED and self.shown.get("dryRun") is True and can_plan(tool)
        return msgspec.structs.replace(tool.hints, read_only=True) if dry else tool.hints


def _shown(asked: Asked) -> dict[str, Any]:
    if asked.method == methods.READ_RESOURCE:
        return {"uri": name_of(asked)}
    arguments = asked.params.get("arguments")
    return arguments if isinstance(arguments, dict) else {}


def _encoded(params: dict[str, Any]) -> dict[str, Any]:
    return params | {"arguments": Raw(strict.encode(params["arguments"]))} if "arguments" in params else params
