"""A client of the older era that subscribes to resources, and what it hears of them."""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import mcp_types as types
from anyio.streams.memory import MemoryObjectReceiveStream
from mcp import Client
from mcp.client import Transport
from mcp.shared.exceptions import MCPDeprecationWarning


@asynccontextmanager
async def subscriber(transport: Transport) -> AsyncIterator[tuple[Client, MemoryObjectReceiveStream[str]]]:
    """The client, and the addresses of what it was told has changed. It may use what the older era alone has."""
    heard_send, heard = anyio.create_memory_object_stream[str](10)

    async def hear(message: object) -> None:
        if isinstance(message, types.ResourceUpdatedNotification):
            await heard_send.send(message.params.uri)

    with heard_send, heard, warnings.catch_warnings():
        warnings.simplefilter("ignore", MCPDeprecationWarning)
        async with Client(transport, mode="legacy", message_handler=hear) as client:
            yield client, heard
