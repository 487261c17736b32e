"""The prompts of the ``files`` server: what a person can start from a menu of their host."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.threads import READ_BUDGET_S, on_thread
from ostiary_servers.common.tool_server import Context

FOLDER = types.PromptArgument(name="path", title="Folder", description="A folder you approved.", required=True)


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt about one folder; ``{path}`` stands for it."""

    name: str
    title: str
    description: str
    text: str


TEMPLATES = (
    Template(
        "summarise_folder",
        "Summarise a folder",
        "What a folder holds and what it is for.",
        "Summarise the folder {path}.\n"
        "Look at it with directory_tree first. Read what explains it (a README, the newest or largest documents), a "
        "few files at most, with read_text_file and read_document. Then tell me in at most ten sentences what it is "
        "for, how it is arranged, and what seems unfinished, outdated or doubled. Name files by their paths. "
        "Change nothing.",
    ),
    Template(
        "tidy_folder",
        "Plan to tidy a folder",
        "Proposes where things should go. Moves nothing.",
        "Plan how to tidy the folder {path}.\n"
        "Look at it with directory_tree and list_directory_with_sizes. Propose a table of moves, each with its source, "
        "its destination and the reason; then what could go to the trash, and why. Try each move with dryRun so that I "
        "see that it is possible. This is a plan only: change nothing until I say so.",
    ),
)


class Prompts:
    """The handlers of ``prompts/list`` and ``prompts/get``."""

    def __init__(self, gate: PathGate) -> None:
        self._gate = gate

    def attach_to(self, server: Server[Any]) -> None:
        """Makes the server offer prompts."""
        server.add_request_handler("prompts/list", types.PaginatedRequestParams, self.list_prompts)
        server.add_request_handler("prompts/get", types.GetPromptRequestParams, self.get_prompt)

    async def list_prompts(self, ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """All prompts, on one page."""
        return types.ListPromptsResult(
            prompts=[
                types.Prompt(name=each.name, title=each.title, description=each.description, arguments=[FOLDER])
                for each in TEMPLATES
            ]
        )

    async def get_prompt(self, ctx: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        """One prompt with its folder. A name or folder that is none is the protocol's error -32602."""
        template = next((each for each in TEMPLATES if each.name == params.name), None)
        path = (params.arguments or {}).get("path")
        if template is None or path is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown prompt, or one without its folder: {params.name}")
        try:
            await on_thread(partial(self._gate.locate, path), READ_BUDGET_S)
        except ToolError as error:
            raise MCPError(types.INVALID_PARAMS, f"{error.message} {error.hint}", {"code": error.code}) from error
        text = template.text.replace("{path}", path)
        message = types.PromptMessage(role="user", content=types.TextContent(text=text))
        return types.GetPromptResult(description=template.description, messages=[message])
