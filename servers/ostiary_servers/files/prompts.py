"""The prompts of the ``files`` server: what a person can start from a menu of their host."""

from functools import partial

import mcp_types as types
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.prompts import Prompts, Template, path_argument
from ostiary_servers.common.threads import READ_BUDGET_S, on_thread
from ostiary_servers.common.tool_server import Context

FOLDER = path_argument("A folder you approved.", "Folder")

TEMPLATES = (
    Template(
        "summarise_folder",
        "Summarise a folder",
        "What a folder holds and what it is for.",
        FOLDER,
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
        FOLDER,
        "Plan how to tidy the folder {path}.\n"
        "Look at it with directory_tree and list_directory_with_sizes. Propose a table of moves, each with its source, "
        "its destination and the reason; then what could go to the trash, and why. Try each move with dryRun so that I "
        "see that it is possible. This is a plan only: change nothing until I say so.",
    ),
)


class FilePrompts(Prompts):
    """Only a path in an approved folder will do."""

    def __init__(self, gate: PathGate) -> None:
        super().__init__(TEMPLATES)
        self._gate = gate

    async def get_prompt(self, ctx: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        template = self._named(params.name)
        path = (params.arguments or {}).get("path")
        if template is None or path is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown prompt, or one without its folder: {params.name}")
        try:
            await on_thread(partial(self._gate.locate, path), READ_BUDGET_S)
        except ToolError as error:
            raise MCPError(types.INVALID_PARAMS, f"{error.message} {error.hint}", {"code": error.code}) from error
        return template.filled(path)
