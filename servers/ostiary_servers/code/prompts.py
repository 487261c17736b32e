"""The prompts of the ``code`` server: what a person can start from a menu of their host."""

import mcp_types as types
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.prompts import Prompts, Template, path_argument
from ostiary_servers.common.tool_server import Context

_REPOSITORY = path_argument("A repository you approved.")
_FILE = path_argument("A file in a repository you approved.")

TEMPLATES = (
    Template(
        "onboard_me",
        "Get to know a repository",
        "What it is, where things are, and where to begin.",
        _REPOSITORY,
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
        _FILE,
        "Explain the file {path} to me.\n"
        "Begin with summarize_file_purpose. Look at its main definitions with search_for_function_definition, and at "
        "get_recent_commit_activity with days 365 for why it is as it is. Tell me what it is for, how it works, who "
        "uses it, and what to watch out for when changing it. Give lines for what you say.",
    ),
    Template(
        "upgrade_plan",
        "Plan an upgrade of dependencies",
        "What could be upgraded, in which order, and what speaks against it.",
        _REPOSITORY,
        "Plan how to upgrade the dependencies of {path}.\n"
        "Use analyze_dependency_tree with include_dev true, and with package for each one you are unsure of. List what "
        "is there twice, out of range or out of step with the lock file; propose an order, smallest risk first; name "
        "who asks for what would block a step. You see no newer versions, and advisories only up to a day: "
        "say what I must look up.",
    ),
)


class CodePrompts(Prompts):
    """Any path will do: the tools that the prompt names look at it."""

    def __init__(self) -> None:
        super().__init__(TEMPLATES)

    async def get_prompt(self, ctx: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        template = self._named(params.name)
        path = (params.arguments or {}).get("path", "").strip()
        if template is None or not path:
            raise MCPError(types.INVALID_PARAMS, f"There is no prompt “{params.name}” that can do without a path.")
        return template.filled(path)
