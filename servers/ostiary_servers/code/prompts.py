"""The prompts of the ``code`` server: what a person can start from a menu of their host."""

from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.tool_server import Context


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt about one path; ``{path}`` stands for it."""

    name: str
    title: str
    description: str
    argument: str
    text: str


TEMPLATES = (
    Template(
        "onboard_me",
        "Get to know a repository",
        "What it is, where things are, and where to begin.",
        "A repository you approved.",
        "Help me get to know the repository {path}.\n"
        "Use summarize_file_purpose on its README, its manifest and the files a program begins in, "
        "analyze_dependency_tree for what it stands on, and get_recent_commit_activity with days 30 for what moves. "
        "Then tell me in at most fifteen sentences what it is for, how it is arranged, how it is tested, what it "
        "depends on, who works on what, and which three files to read first. Name files by their paths.",
    ),
    Template(
        "explain_file",
        "Explain a file",
        "What a file is for, what is in it, and who needs it.",
        "A file in a repository you approved.",
        "Explain the file {path} to me.\n"
        "Begin with summarize_file_purpose. Look at its main definitions with search_for_function_definition, and at "
        "get_recent_commit_activity with days 365 for why it is as it is. Tell me what it is for, how it works, who "
        "uses it, and what to watch out for when changing it. Give lines for what you say.",
    ),
    Template(
        "upgrade_plan",
        "Plan an upgrade of dependencies",
        "What could be upgraded, in which order, and what speaks against it.",
        "A repository you approved.",
        "Plan how to upgrade the dependencies of {path}.\n"
        "Use analyze_dependency_tree with include_dev true, and with package for each one you are unsure of. List what "
        "is there twice, out of range or out of step with the lock file; propose an order, smallest risk first; name "
        "who asks for what would block a step. You see no newer versions, and advisories only up to a day: "
        "say what I must look up.",
    ),
)


class Prompts:
    """The handlers of ``prompts/list`` and ``prompts/get``."""

    def attach_to(self, server: Server[Any]) -> None:
        """Makes the server offer prompts."""
        server.add_request_handler("prompts/list", types.PaginatedRequestParams, self.list_prompts)
        server.add_request_handler("prompts/get", types.GetPromptRequestParams, self.get_prompt)

    async def list_prompts(self, ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """All prompts, on one page."""
        return types.ListPromptsResult(
            prompts=[
                types.Prompt(
                    name=each.name,
                    title=each.title,
                    description=each.description,
                    arguments=[types.PromptArgument(name="path", description=each.argument, required=True)],
                )
                for each in TEMPLATES
            ]
        )

    async def get_prompt(self, ctx: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        """One prompt, filled in. An unknown one, or one without its path, is the error -32602."""
        template = next((each for each in TEMPLATES if each.name == params.name), None)
        path = (params.arguments or {}).get("path", "").strip()
        if template is None or not path:
            raise MCPError(types.INVALID_PARAMS, f"There is no prompt “{params.name}” that can do without a path.")
        text = template.text.replace("{path}", path)
        message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
        return types.GetPromptResult(description=template.description, messages=[message])
