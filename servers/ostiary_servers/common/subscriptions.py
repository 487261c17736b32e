"""Tells a client that a resource changed, when the server runs alone.

Under Ostiary the gateway watches files for all servers and hosts, and this is left out. Alone, what a client subscribed
to is looked at once a second: enough for a person who edits a file, without a watcher for each operating system. Both
eras are served: ``resources/subscribe`` of 2025-11-25 and ``subscriptions/listen`` of 2026-07-28. What a resource is
and what its state is made of are left to each server.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol

import anyio
import mcp_types as types
from mcp.server import Server
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.threads import READ_BUDGET_S, on_thread
from ostiary_servers.common.tool_server import Context, client_of

POLL_INTERVAL_S = 1.0

Stamps = Mapping[str, tuple[object, ...]]
"""What is at a URI and, for a folder, below it: each by its own URI, with what differs once it changed. Empty for
nothing, or nothing to be reached."""


class Watchable(Protocol):
    """The resources of one server, as far as they can change. Called on worker threads."""

    def check(self, uri: str) -> None:
        """Raises ToolError for what cannot be subscribed."""

    def stamps(self, uri: str) -> Stamps:
        """What is there now. Raises ToolError where nothing is to be reached."""


class Subscriptions:
    """The handlers of subscribing in both eras, and the task that looks. Lives on one event loop."""

    def __init__(self, resources: Watchable) -> None:
        self._resources = resources
        self._watched: Counter[str] = Counter()
        self._seen: dict[str, Stamps] = {}
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
            await on_thread(partial(self._resources.check, params.uri), READ_BUDGET_S)
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
                stamps = await self._stamps(uri, self._seen.get(uri, {}))
                if uri in self._watched and stamps != self._seen[uri]:
                    changed = _changed(self._seen[uri], stamps)
                    self._seen[uri] = stamps
                    await self._tell(uri, changed)

    async def _tell(self, uri: str, changed: list[str]) -> None:
        """2025-11-25 hears of each resource below by its own URI; 2026-07-28 matches URIs exactly, and hears of what it
        subscribed to (mcp 2.3, subscriptions)."""
        await self._bus.publish(ResourceUpdated(uri))
        for session in [session for (watched, _), session in self._legacy.items() if watched == uri]:
            for each in changed:
                await session.send_resource_updated(each)

    async def _watch(self, uris: Iterable[str]) -> None:
        """What is there now is the state that a change is told against."""
        for uri in uris:
            stamps = await self._stamps(uri, {})
            self._seen.setdefault(uri, stamps)
            self._watched[uri] += 1

    def _unwatch(self, uris: Iterable[str]) -> None:
        for uri in uris:
            self._watched[uri] -= 1
            if not self._watched[uri]:
                del self._watched[uri], self._seen[uri]

    async def _stamps(self, uri: str, unknown: Stamps) -> Stamps:
        """What is there now; ``unknown`` where the disk does not say in time."""
        try:
            return await on_thread(partial(self._resources.stamps, uri), READ_BUDGET_S)
        except ToolError as error:
            return unknown if error.code is ErrorCode.TIMEOUT else {}


def _changed(before: Stamps, after: Stamps) -> list[str]:
    """What came, went or changed, deepest names last; a folder whose names changed is among it."""
    return sorted(uri for uri in before.keys() | after.keys() if before.get(uri) != after.get(uri))
