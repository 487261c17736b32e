"""Prompts as values, joined to the MCP SDK's low-level server. Each is about one path, and a server has its own."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server import Server

from ostiary_servers.common.tool_server import Context


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt about one path; ``{path}`` stands for it in the text."""

    name: str
    title: str
    description: str
    argument: types.PromptArgument
    text: str

    @property
    def offer(self) -> types.Prompt:
        """As a client lists it."""
        return types.Prompt(name=self.name, title=self.title, description=self.description, arguments=[self.argument])

    def filled(self, path: str) -> types.GetPromptResult:
        """What the person says with it."""
        content = types.TextContent(text=self.text.replace("{path}", path))
        message = types.PromptMessage(role="user", content=content)
        return types.GetPromptResult(description=self.description, messages=[message])


def path_argument(description: str, title: str | None = None) -> types.PromptArgument:
    """The one argument of a template."""
    return types.PromptArgument(name="path", title=title, description=description, required=True)


class Prompts(ABC):
    """The handlers of ``prompts/list`` and ``prompts/get``; which paths will do is for the server to say."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self._templates = {template.name: template for template in templates}

    def attach_to(self, server: Server[Any]) -> None:
        """Makes the server offer prompts."""
        server.add_request_handler("prompts/list", types.PaginatedRequestParams, self.list_prompts)
        server.add_request_handler("prompts/get", types.GetPromptRequestParams, self.get_prompt)

    async def list_prompts(self, ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """All prompts, on one page."""
        return types.ListPromptsResult(prompts=[template.offer for template in self._templates.values()])

    @abstractmethod
    async def get_prompt(self, ctx: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        """One prompt, filled in. An unknown one, or one without its path, is the protocol's error -32602."""

    def _named(self, name: str) -> Template | None:
        return self._templates.get(name)
