"""Tools as values, joined to the MCP SDK's low-level server, which speaks both protocol eras.

Owns: the list, the check of arguments, the form of answers and errors, and the threads that calls run on. What a tool
does is left to its operation: a plain function from arguments to an answer, which knows nothing of MCP.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Generic, TypeVar

import anyio.to_thread
import mcp_types as types
from anyio import CapacityLimiter
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.plan import Expected, expected_in
from ostiary_servers.common.wire import Wire

Arguments = TypeVar("Arguments", bound=Wire)
Result = TypeVar("Result")
Context = ServerRequestContext[Any, Any]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hints:
    """The four hints of MCP's ToolAnnotations, none left to its default."""

    read_only: bool
    destructive: bool
    idempotent: bool
    open_world: bool = False


READS = Hints(read_only=True, destructive=False, idempotent=True)
ENSURES = Hints(read_only=False, destructive=False, idempotent=True)
"""Adds what is missing, leaves what is there, and does nothing the second time."""

OVERWRITES = Hints(read_only=False, destructive=True, idempotent=True)
CHANGES = Hints(read_only=False, destructive=True, idempotent=False)


@dataclass(frozen=True)
class Tool(Generic[Arguments]):
    """One tool: what is said about it, the shapes of what goes in and out, and the operation that does it.

    The operation runs on a worker thread. Those that write run one at a time and are never cut off half-way.
    """

    name: str
    title: str
    description: str
    hints: Hints
    arguments: type[Arguments]
    result: type[Wire]
    operation: Callable[[Arguments, Expected], Answer]

    @cached_property
    def definition(self) -> types.Tool:
        """As ``tools/list`` gives it."""
        hints = self.hints
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.arguments.schema_of("input"),
            output_schema=self.result.schema_of("output"),
            annotations=types.ToolAnnotations(
                title=self.title,
                read_only_hint=hints.read_only,
                destructive_hint=hints.destructive,
                idempotent_hint=hints.idempotent,
                open_world_hint=hints.open_world,
            ),
        )

    def call(self, arguments: Mapping[str, Any], meta: Mapping[str, Any] | None) -> types.CallToolResult:
        """The result of one call; a ToolError becomes a result too."""
        try:
            answer = contained(lambda: self.operation(self.arguments.parse(arguments), expected_in(meta)))
        except ToolError as error:
            return failed(error)
        texts = [answer.text, answer.note] if answer.note else [answer.text]
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text) for text in texts],
            structured_content=answer.structured.to_wire(),
        )


def contained(work: Callable[[], Result]) -> Result:
    """What ``work`` gives. A fault of ours becomes the ToolError ``internal``, and is told whole only on stderr.

    The SDK would send the text of any exception to a client of the older era (mcp 2.3), and with it real paths.
    """
    try:
        return work()
    except ToolError:
        raise
    except Exception as error:
        _log.exception("a call failed for a reason that is a fault of this server")
        raise ToolError(
            ErrorCode.INTERNAL, "The server failed at this call.", "Try another way, and tell the person."
        ) from error


def failed(error: ToolError) -> types.CallToolResult:
    """The result that tells a model what went wrong and what to do next."""
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=f"{error.message} {error.hint}")],
        structured_content={"code": error.code, "message": error.message, "hint": error.hint},
        is_error=True,
    )


class Toolbox:
    """The handlers of ``tools/list`` and ``tools/call`` for a fixed list of tools."""

    def __init__(self, tools: tuple[Tool[Any], ...]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._one_writer = CapacityLimiter(1)

    async def list_tools(self, ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """All tools, on one page, always in the same order."""
        return types.ListToolsResult(tools=[tool.definition for tool in self._tools.values()])

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """Runs one tool. An unknown name is the protocol's error -32602 (MCP 2026-07-28, server/tools)."""
        tool = self._tools.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        call = partial(tool.call, params.arguments or {}, params.meta)
        if tool.hints.read_only:
            return await anyio.to_thread.run_sync(call, abandon_on_cancel=True)
        return await anyio.to_thread.run_sync(call, limiter=self._one_writer)


async def serve_stdio(server: Server[Any]) -> None:
    """Speaks with one client on stdin and stdout until it closes them."""
    async with stdio_server() as (read_stream, write_stream):
        await server.run(read_stream, write_stream, server.create_initialization_options())
