"""A server of the SDK, in 2026-07-28: a tool, a prompt with completion, a resource that changes, a template."""

from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp_types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

server = MCPServer("e2e-modern", instructions="Use it well.")
touched = 0


@server.tool()
async def touch(ctx: Context) -> str:
    """Changes the board."""
    global touched
    touched += 1
    await ctx.notify_resource_updated("board://x")
    return "touched"


@server.prompt()
def greet(name: str) -> str:
    """Greets somebody."""
    return f"Hello {name}"


@server.resource("board://x")
def board() -> str:
    """The board."""
    return f"touched {touched}"


@server.resource("board://of/{name}")
def board_of(name: str) -> str:
    """Somebody's board."""
    return f"of {name}"


async def complete(
    ref: PromptReference | ResourceTemplateReference, argument: CompletionArgument, context: CompletionContext | None
) -> Completion:
    """Names that begin so."""
    return Completion(values=[name for name in ("ada", "alan", "grace") if name.startswith(argument.value)])


completion: Any = server.completion  # the SDK gives it no types
completion()(complete)
server.run()
