"""Tools as values, joined to the MCP SDK's low-level server, which speaks both protocol eras.

Owns: the list, the check of arguments, and the form of answers and errors. What a tool
does is left to its operation: a plain function from arguments to an answer, which knows nothing of MCP.
"""

import base64
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock
from typing import Any, Generic, TypeVar

import mcp_types as types
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.answer import Answer, Media
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.plan import DRY_RUN, Expected, expected_in
from ostiary_servers.common.threads import LONG_BUDGET_S, on_thread, took_too_long
from ostiary_servers.common.wire import Wire

Arguments = TypeVar("Arguments", bound=Wire)
Result = TypeVar("Result")
Context = ServerRequestContext[Any, Any]
CallAnswer = types.CallToolResult | types.InputRequiredResult
Transport = Callable[[Server[Any]], Awaitable[None]]
"""Serves a server's clients until they, or a signal, end it; ``stdio`` and ``http`` have one each."""

END_BUDGET_S = 5.0
"""How long a server that ends waits for a write: a file that is replaced whole is on its disk long before."""

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

ADDS = Hints(read_only=False, destructive=False, idempotent=False)
"""Adds something new and leaves what is there; the second time it fails."""

OVERWRITES = Hints(read_only=False, destructive=True, idempotent=True)
CHANGES = Hints(read_only=False, destructive=True, idempotent=False)


@dataclass(frozen=True)
class Tool(Generic[Arguments]):
    """One tool: what is said about it, the shapes of what goes in and out, and the operation that does it.

    The operation runs on a worker thread. Those that write run one at a time and are never cut off half-way.
    ``budget_s`` is how long a client waits: after that it is told so, and a thread that hangs in a file system that
    does not answer holds up nobody else.
    """

    name: str
    title: str
    description: str
    hints: Hints
    arguments: type[Arguments]
    result: type[Wire]
    operation: Callable[[Arguments, Expected], Answer]
    budget_s: float = LONG_BUDGET_S

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
        """The result of one call; whatever goes wrong becomes a result too."""
        try:
            return contained(lambda: _result(self.operation(self.arguments.parse(arguments), expected_in(meta))))
        except ToolError as error:
            return failed(error)

    def plan(self, arguments: Mapping[str, Any], meta: Mapping[str, Any] | None) -> types.CallToolResult:
        """The result of the dry run of a call that is none; arguments that would fail it fail here already."""
        try:
            contained(lambda: self.arguments.parse(arguments))
        except ToolError as error:
            return failed(error)
        return self.call({**arguments, DRY_RUN: True}, meta)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call comes down to: work for a thread, and how long its client waits. The work never raises."""

    work: Callable[[], types.CallToolResult]
    budget_s: float
    writes: bool


def _result(answer: Answer) -> types.CallToolResult:
    return types.CallToolResult(content=_blocks(answer), structured_content=answer.structured.to_wire())


def _blocks(answer: Answer) -> list[types.ContentBlock]:
    texts = [answer.text, answer.note] if answer.note else [answer.text]
    blocks: list[types.ContentBlock] = [types.TextContent(type="text", text=text) for text in texts]
    blocks += [types.ResourceLink(uri=link.uri, name=link.name, size=link.size_bytes) for link in answer.links]
    return blocks if answer.media is None else [*blocks, _medium(answer.media)]


def _medium(media: Media) -> types.ContentBlock:
    encoded = base64.b64encode(media.raw).decode()
    match media.mime_type.partition("/")[0]:
        case "image":
            return types.ImageContent(data=encoded, mime_type=media.mime_type)
        case "audio":
            return types.AudioContent(data=encoded, mime_type=media.mime_type)
        case _:
            contents = types.BlobResourceContents(uri=media.uri, mime_type=media.mime_type, blob=encoded)
            return types.EmbeddedResource(resource=contents)


async def done(call: Call) -> types.CallToolResult:
    """What a call gives, or that it took too long."""
    try:
        return await on_thread(call.work, call.budget_s, writes=call.writes)
    except ToolError as error:
        return failed(error)


def client_of(ctx: Context) -> str | None:
    """Tells clients of the older era apart, of which there can be several over HTTP; None: the one over stdio."""
    return None if ctx.request is None else ctx.request.headers.get(MCP_SESSION_ID_HEADER)


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
        self._writing = Lock()

    async def list_tools(self, ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """All tools, on one page, always in the same order."""
        return types.ListToolsResult(tools=[tool.definition for tool in self._tools.values()])

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> CallAnswer:
        """Runs one tool. An unknown name is the protocol's error -32602 (MCP 2026-07-28, server/tools)."""
        call = self.call(params)
        if call is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        return await done(call)

    def call(self, params: types.CallToolRequestParams) -> Call | None:
        """One call, not begun yet, that needs nothing of a session; None for a tool that is not here."""
        tool = self._tools.get(params.name)
        if tool is None:
            return None
        work = partial(tool.call, params.arguments or {}, params.meta)
        if tool.hints.read_only:
            return Call(work, tool.budget_s, writes=False)
        return self.write(tool, work)

    def write(self, tool: Tool[Any], work: Callable[[], types.CallToolResult]) -> Call:
        """Work of a tool that writes: no two are done at a time."""
        return Call(partial(self._alone, work, tool.budget_s), tool.budget_s, writes=True)

    def would_write(self, params: types.CallToolRequestParams) -> bool:
        """Whether this is the call of a tool that writes, and no dry run."""
        tool = self._tools.get(params.name)
        return tool is not None and not tool.hints.read_only and (params.arguments or {}).get(DRY_RUN) is not True

    def close(self) -> None:
        """Waits for a write that was begun, as long as one may take, and lets no other begin."""
        self._writing.acquire(timeout=END_BUDGET_S)

    def _alone(self, work: Callable[[], types.CallToolResult], budget_s: float) -> types.CallToolResult:
        """One write at a time. A thread cannot be stopped, so a write that was begun is finished."""
        if not self._writing.acquire(timeout=budget_s):
            return failed(took_too_long(budget_s, writes=False))
        try:
            return work()
        finally:
            self._writing.release()


class ToolServer(Server[Any]):
    """The SDK's server. ``direct``: its tools, where they need nothing of a session, for a transport to call itself."""

    direct: Toolbox | None = None
