"""A real client for a bundled server: the installed program, spoken to by the SDK's Client in both eras, over stdio
and over HTTP."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import mcp_types as types
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client import Transport
from mcp.client.session import ElicitationFnT
from mcp.client.streamable_http import streamable_http_client

from tests.support.http_server import http_server

Era = Literal["auto", "legacy"]
ERAS: tuple[Era, ...] = ("auto", "legacy")
"""``auto`` ends in 2026-07-28 with a server that knows it; ``legacy`` is the handshake of 2025-11-25."""

Carrier = Literal["stdio", "http"]


class Way(NamedTuple):
    """How a test reaches its server."""

    era: Era
    carrier: Carrier

    def __str__(self) -> str:
        return f"{self.era}-{self.carrier}"


WAYS = tuple(Way(era, carrier) for carrier in ("stdio", "http") for era in ERAS)
"""Both eras over both transports."""

UNASKED = ("--writes", "allow")
"""Has a server that runs alone write without asking its client."""

SERVE = Path(sys.executable).with_name("ostiary-serve.exe" if os.name == "nt" else "ostiary-serve")
ANSWER_DEADLINE_S = 30.0


class ServerClient:
    """One connection to one server. Answers are returned as they come; nothing is raised for ``isError``."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, *, meta: dict[str, Any] | None = None, **arguments: Any) -> types.CallToolResult:
        """One tool call. The SDK's client checks a success against the tool's output schema."""
        request_meta: Any = meta
        return await self.client.call_tool(tool, arguments, meta=request_meta)

    async def succeed(self, tool: str, *, meta: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
        """The structured content of a call that must not fail."""
        result = await self.call(tool, meta=meta, **arguments)
        assert not result.is_error, result.content
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    async def fail(self, tool: str, *, meta: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
        """The structured error of a call that must fail; its text must hold the same message."""
        result = await self.call(tool, meta=meta, **arguments)
        assert result.is_error, result.content
        assert isinstance(result.structured_content, dict)
        assert result.structured_content["message"] in text_of(result)
        return result.structured_content


def text_of(result: types.CallToolResult) -> str:
    """The first text of a result."""
    first = result.content[0]
    assert isinstance(first, types.TextContent)
    return first.text


def server_transport(server: str, *arguments: str | Path, environment: dict[str, str] | None = None) -> Transport:
    """``ostiary-serve SERVER ARGUMENTS…`` as something a Client connects to; its stderr is the test run's."""
    parameters = StdioServerParameters(command=str(SERVE), args=[server, *map(str, arguments)], env=environment)
    return stdio_client(parameters, errlog=sys.__stderr__ or sys.stderr)


@asynccontextmanager
async def connected(
    server: str,
    *arguments: str | Path,
    era: Era = "auto",
    carrier: Carrier = "stdio",
    environment: dict[str, str] | None = None,
    person: ElicitationFnT | None = None,
) -> AsyncIterator[ServerClient]:
    """Starts ``ostiary-serve SERVER ARGUMENTS…`` with this added to its environment, connects, and ends it: by closing
    its stdin or, over HTTP, by SIGTERM. ``person`` answers what the server asks; without one the client cannot ask."""
    opened = _over_http if carrier == "http" else _over_stdio
    async with (
        opened(server, *arguments, environment=environment) as transport,
        Client(transport, mode=era, read_timeout_seconds=ANSWER_DEADLINE_S, elicitation_callback=person) as client,
    ):
        yield ServerClient(client)


@asynccontextmanager
async def _over_stdio(
    server: str, *arguments: str | Path, environment: dict[str, str] | None
) -> AsyncIterator[Transport]:
    yield server_transport(server, *arguments, environment=environment)


@asynccontextmanager
async def _over_http(
    server: str, *arguments: str | Path, environment: dict[str, str] | None
) -> AsyncIterator[Transport]:
    whole = None if environment is None else os.environ | environment
    with http_server(SERVE, server, *arguments, environment=whole) as served:
        async with served.http_client() as client:
            yield streamable_http_client(served.url, http_client=client)
