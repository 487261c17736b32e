"""Makes of a request what the rules and the prompt see: its server, its tool, its arguments, where its paths lead.

Reads what the catalogue and the settings say at this moment; decides nothing.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from ostiary.domain.approval import Caller
from ostiary.domain.errors import OstiaryError
from ostiary.domain.server import ServerOrigin, ToolHints
from ostiary.gateway.asking import Asked
from ostiary.gateway.client import Client
from ostiary.gateway.house import House
from ostiary.gateway.planning import can_plan
from ostiary.gateway.policy.argument_paths import NOWHERE, Places, named_paths, places, places_at_once
from ostiary.gateway.standing import Standing, Standings, stand
from ostiary.gateway.subject import Subject
from ostiary.gateway.targets import Target, UnknownTargetError, find_targets, name_of
from ostiary.gateway.wire import methods, strict


class Subjects:
    """What one request of one session is about. ``servers`` are those the session sees.

    ``encoded`` holds its parameters with their arguments as JSON again, once for all who need them (measured: 0.3 ms
    for 1 MB). ``shown`` is what the prompt and the log show: a tool's or prompt's arguments, or the URI; ``named`` are
    the paths in it.
    """

    def __init__(
        self,
        house: House,
        standings: Standings,
        session: int,
        servers: tuple[str, ...],
        caller: Caller,
        asked: Asked,
    ) -> None:
        self.encoded = asked.encoded
        self.shown = _shown(asked)
        self.named = named_paths(self.shown)
        self._house = house
        self._standings = standings
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
        hides = self._house.hidden_from(self._caller.seen_as)
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
        if where is None or self._asked.method != methods.CALL_TOOL:
            return None
        try:
            standing = self._standings.of_tool(self._session, self._servers, self._caller, self._asked)
            client = self._house.connections.now(standing.target.server, self._session)
        except (UnknownTargetError, OstiaryError):
            return None
        return None if client is None else self._of(standing, client, where)

    async def of(self, target: Target) -> Subject:
        """The call, when its server runs. Raises ``ServerError`` when it will not."""
        client = await self._house.connections.ready(target.server, self._session)
        where = await self._places()
        return self._of(stand(self._house, self._session, self._caller, target, self._asked.method), client, where)

    def params(self, target: Target) -> dict[str, Any]:
        """What goes to the server: the name is its own."""
        if self._asked.method == methods.READ_RESOURCE:
            return self.encoded
        return self.encoded | {"name": target.own_name}

    def _of(self, standing: Standing, client: Client, where: Places) -> Subject:
        params = {name: value for name, value in self.encoded.items() if name != "_meta"}
        call = msgspec.structs.replace(
            standing.call,
            arguments=strict.encode_parts(params),
            sensitive=where.sensitive,
            paths=where.paths,
            hints=self._hints(standing),
        )
        return Subject(call, standing.target, client, standing.definition)

    def _hints(self, standing: Standing) -> ToolHints:
        """A dry run of a bundled server only reads, where the tool knows what that is."""
        tool, hints = standing.target.tool, standing.call.hints
        asks_for_it = standing.call.origin is ServerOrigin.BUNDLED and self.shown.get("dryRun") is True
        dry = asks_for_it and tool is not None and can_plan(tool)
        return msgspec.structs.replace(hints, read_only=True) if dry else hints

    def _places_at_once(self) -> Places | None:
        return places_at_once(self.named, self._house.links.real_path) if self.named else NOWHERE

    async def _places(self) -> Places:
        """Where the paths among the arguments lead. Following links may block; then a thread does it."""
        where = self._places_at_once()
        return await asyncio.to_thread(places, self.named, self._house.real_path) if where is None else where


def _shown(asked: Asked) -> dict[str, Any]:
    if asked.method == methods.READ_RESOURCE:
        return {"uri": name_of(asked)}
    arguments = asked.params.get("arguments")
    return arguments if isinstance(arguments, dict) else {}
