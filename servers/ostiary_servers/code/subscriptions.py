"""Tells a client that an outline, a dependency graph or the index changed, when the server runs alone.

What a client subscribed to is looked at once a second, by the state of the files behind it and not by reading them.
Under Ostiary this is left out: the gateway owns subscriptions there.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server import Server
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.shared.exceptions import MCPError

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.dependencies.formats import lock_format, manifest_format
from ostiary_servers.code.repositories import scope_of
from ostiary_servers.code.resources import address_of
from ostiary_servers.code.uris import What
from ostiary_servers.common.anchored import read_stat, scan_directory
from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.tool_server import Context, client_of

POLL_INTERVAL_S = 1.0

_State = tuple[object, ...]


class Subscriptions:
    """The handlers of subscribing in both eras, and the task that looks. Lives on one event loop."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._watched: Counter[str] = Counter()
        self._seen: dict[str, _State] = {}
        self._legacy: dict[tuple[str, str | None], ServerSession] = {}
        self._bus = InMemorySubscriptionBus()
        self._listen = ListenHandler(self._bus)

    def attach_to(self, server: Server[Any]) -> None:
        """Makes the server offer subscriptions; it advertises what it has handlers for."""
        server.lifespan = self.running
        server.add_request_handler("resources/subscribe", types.SubscribeRequestParams, self.subscribe)
        server.add_request_handler("resources/unsubscribe", types.UnsubscribeRequestParams, self.unsubscribe)
        server.add_request_handler("subscriptions/listen", types.SubscriptionsListenRequestParams, self.listen)

    @asynccontextmanager
    async def running(self, server: Server[Any]) -> AsyncIterator[None]:
        """The server's lifespan: looks for changes until it ends."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._poll)
            yield
            tasks.cancel_scope.cancel()

    async def subscribe(self, ctx: Context, params: types.SubscribeRequestParams) -> types.EmptyResult:
        """2025-11-25. Subscribing to what cannot be reached is an error."""
        try:
            await anyio.to_thread.run_sync(self._state_of, params.uri)
        except ToolError as error:
            raise MCPError(types.INVALID_PARAMS, f"{error.message} {error.hint}", {"uri": params.uri}) from error
        key = (params.uri, client_of(ctx))
        if key not in self._legacy:
            await self._watch([params.uri])
        self._legacy[key] = ctx.session
        return types.EmptyResult()

    async def unsubscribe(self, ctx: Context, params: types.UnsubscribeRequestParams) -> types.EmptyResult:
        """2025-11-25. Ending what was never begun does nothing."""
        if self._legacy.pop((params.uri, client_of(ctx)), None) is not None:
            self._unwatch([params.uri])
        return types.EmptyResult()

    async def listen(
        self, ctx: Context, params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        """2026-07-28. Runs as long as the client listens; what cannot be reached just never changes."""
        uris = params.notifications.resource_subscriptions or []
        await self._watch(uris)
        try:
            return await self._listen(ctx, params)
        finally:
            self._unwatch(uris)

    async def _poll(self) -> None:
        while True:
            await anyio.sleep(POLL_INTERVAL_S)
            for uri in list(self._watched):
                state = await anyio.to_thread.run_sync(self._state, uri, abandon_on_cancel=True)
                if uri in self._watched and state != self._seen[uri]:
                    self._seen[uri] = state
                    await self._bus.publish(ResourceUpdated(uri))
                    for session in [each for (watched, _), each in self._legacy.items() if watched == uri]:
                        await session.send_resource_updated(uri)

    async def _watch(self, uris: Iterable[str]) -> None:
        for uri in uris:
            state = await anyio.to_thread.run_sync(self._state, uri)
            self._seen.setdefault(uri, state)
            self._watched[uri] += 1

    def _unwatch(self, uris: Iterable[str]) -> None:
        for uri in uris:
            self._watched[uri] -= 1
            if not self._watched[uri]:
                del self._watched[uri], self._seen[uri]

    def _state(self, uri: str) -> _State:
        try:
            return self._state_of(uri)
        except ToolError:
            return ()

    def _state_of(self, uri: str) -> _State:
        """What changes with the resource. Raises ToolError."""
        address = address_of(uri)
        scope = scope_of(self._analysis.gate, address.path, must_exist=False)
        place = scope.repository.file(scope.relative) if scope.relative else scope.repository.place
        match address.what:
            case What.INDEX:
                return (self._analysis.outlines.kept(scope.repository),)
            case What.DEPENDENCIES:
                with scan_directory(place) as entries:
                    names = sorted(
                        each.name for each in entries if manifest_format(each.name) or lock_format(each.name)
                    )
                found = [read_stat(scope.repository.file(str(Path(scope.relative, name)))) for name in names]
                return tuple((stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in found)
            case What.OUTLINE | What.BLOCK:
                stat = read_stat(place)
                return (stat.st_ino, stat.st_size, stat.st_mtime_ns)
