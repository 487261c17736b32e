"""Serving one client over stdin and stdout: picks the streams that this system, and what is at both ends, allow."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from mcp.server import Server
from mcp.server.stdio import stdio_server

if TYPE_CHECKING:
    from mcp.shared._stream_protocols import ReadStream, WriteStream
    from mcp.shared.message import SessionMessage


async def serve_stdio(server: Server[Any]) -> None:
    """Speaks with one client on stdin and stdout until it closes them."""
    server.middleware.clear()  # the SDK's tracing, a tenth of a small call; nobody here collects it
    async with _streams() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


@asynccontextmanager
async def _streams() -> "AsyncIterator[tuple[ReadStream[SessionMessage | Exception], WriteStream[SessionMessage]]]":
    if sys.platform != "win32":
        from ostiary_servers.common import stdio_posix

        if stdio_posix.can_be_awaited():
            with stdio_posix.claimed() as streams:
                yield streams
            return
    async with stdio_server() as sdk_streams:
        yield sdk_streams
