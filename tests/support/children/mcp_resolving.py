"""A server of both generations on the SDK. Its one tool asks for everything that a server can ask for, then answers."""

from typing import Annotated

import mcp_types as types
from mcp.server.mcpserver import Elicit, ListRoots, MCPServer, Resolve, Sample
from pydantic import BaseModel


class Size(BaseModel):
    number: int


def size() -> Elicit[Size]:
    return Elicit("How many?", Size)


def word() -> Sample:
    message = types.SamplingMessage(role="user", content=types.TextContent(type="text", text="Say a word"))
    return Sample([message], max_tokens=10)


def folders() -> ListRoots:
    return ListRoots()


server = MCPServer("resolving")


@server.tool(annotations=types.ToolAnnotations(read_only_hint=True))
def reserve(
    what: str,
    many: Annotated[Size, Resolve(size)],
    said: Annotated[types.CreateMessageResult, Resolve(word)],
    roots: Annotated[types.ListRootsResult, Resolve(folders)],
) -> str:
    assert isinstance(said.content, types.TextContent)
    return f"{many.number} of {what}, {said.content.text}, {roots.roots[0].uri}"


server.run()
