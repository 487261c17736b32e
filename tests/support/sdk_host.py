"""Hosts that are built with the Python SDK: its ``Client`` through the installed ``ostiary-connect``, in both eras."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.session import ElicitationFnT, ListRootsFnT, MessageHandlerFnT, SamplingFnT

from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import transport
from tests.support.server_client import ANSWER_DEADLINE_S, Era, ServerClient
from tests.support.shims import SHIM

MODERN = "2026-07-28"


@asynccontextmanager
async def sdk_host(
    gateway: GatewayProcess,
    era: Era,
    *arguments: str,
    hear: MessageHandlerFnT | None = None,
    elicit: ElicitationFnT | None = None,
    sample: SamplingFnT | None = None,
    roots: ListRootsFnT | None = None,
) -> AsyncIterator[ServerClient]:
    """A host until the block ends. ``hear`` is told what comes without being asked for, the rest answers what
    servers ask.
    """
    parameters = StdioServerParameters(
        command=SHIM,
        args=["--home", str(gateway.home), "--no-start", "--host", "cursor", *arguments],
        env=transport(),
    )
    stdio = stdio_client(parameters, errlog=sys.__stderr__ or sys.stderr)
    async with Client(
        stdio,
        mode=era,
        read_timeout_seconds=ANSWER_DEADLINE_S,
        message_handler=hear,
        elicitation_callback=elicit,
        sampling_callback=sample,
        list_roots_callback=roots,
    ) as client:
        assert (client.protocol_version == MODERN) is (era == "auto")
        yield ServerClient(client)
