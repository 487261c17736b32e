"""Serving one client over stdin and stdout: picks the streams that this system, and what is at both ends, allow."""

import sys
from typing import Any

from mcp.server import Server
from mcp.server.stdio import stdio_server

from ostiary_servers.common.tool_server import ToolServer


async def serve_stdio(server: Server[Any]) -> None:
    """Speaks with one client on stdin and stdout until it closes them."""
    server.middleware.clear()  # the SDK's tracing, a tenth of a small call; nobody here collects it
    if sys.platform != "win32":
        from ostiary_servers.common import stdio_posix

        if stdio_posix.can_be_awaited():
            await stdio_posix.serve(server, server.direct if isinstance(server, ToolServer) else None)
            return
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
