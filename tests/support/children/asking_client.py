"""An MCP client as a program of its own: the Python SDK's Client over the command of a host's configuration entry.

``asking_client.py {auto|legacy} COMMAND ARGUMENT…`` connects and prints ``{"tools": […]}``, again after each
list_changed. Each line ``{"tool": …, "arguments": {…}}`` on stdin is a call, and its ``{"text": …, "is_error": …}`` is
printed when it ends. The program ends with its stdin.
"""

from __future__ import annotations

import json
import sys
from contextlib import AsyncExitStack
from typing import Any

import anyio
import mcp_types as types
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client import IncomingMessage


async def main(era: str, command: str, arguments: list[str]) -> None:
    """Serve stdin until it ends."""
    told = _Told()
    transport = stdio_client(StdioServerParameters(command=command, args=arguments))
    async with AsyncExitStack() as opened:
        client = await opened.enter_async_context(Client(transport, mode=era, message_handler=told.take))
        tasks = await opened.enter_async_context(anyio.create_task_group())
        tasks.start_soon(_list_when_told if era == "legacy" else _listen, client, told)
        async for line in anyio.wrap_file(sys.stdin):
            tasks.start_soon(_call, client, json.loads(line))
        tasks.cancel_scope.cancel()


class _Told:
    """Whether the list of tools has changed since it was last asked for."""

    def __init__(self) -> None:
        self.changed = anyio.Event()

    async def take(self, message: IncomingMessage) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            self.changed.set()


async def _list_when_told(client: Client, told: _Told) -> None:
    """As a client of the earlier revisions does: every change is told."""
    while True:
        told.changed = anyio.Event()
        await _list(client)
        await told.changed.wait()


async def _listen(client: Client, _: _Told) -> None:
    """As a client of 2026-07-28 does: nothing is told that was not asked for."""
    async with client.listen(tools_list_changed=True) as changes:
        await _list(client)
        async for _change in changes:
            await _list(client)


async def _list(client: Client) -> None:
    listed = await client.list_tools(cache_mode="bypass")
    _print({"tools": [tool.name for tool in listed.tools]})


async def _call(client: Client, wanted: dict[str, Any]) -> None:
    result = await client.call_tool(wanted["tool"], wanted["arguments"])
    texts = [part.text for part in result.content if isinstance(part, types.TextContent)]
    _print({"text": "\n".join(texts), "is_error": bool(result.is_error)})


def _print(said: dict[str, Any]) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], sys.argv[2], sys.argv[3:])
