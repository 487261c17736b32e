"""Joins the ``code`` server together: folders, index, tools on one SDK server."""

from pathlib import Path
from typing import Any

import anyio
from mcp.server import Server

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.definitions import INSTRUCTIONS, tools
from ostiary_servers.code.index.folder import index_folder
from ostiary_servers.code.index.outlines import Outlines
from ostiary_servers.code.index.store import OutlineStore
from ostiary_servers.code.syntax.parsers import Parsers
from ostiary_servers.code.work import ReportingToolbox
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import RootsSource
from ostiary_servers.common.tool_server import Transport


def build(analysis: Analysis, version: str, *, alone: bool) -> Server[Any]:
    """The server, ready to be run on any transport."""
    toolbox = ReportingToolbox(tools(analysis))
    return Server(
        "ostiary-code",
        version=version,
        title="Code",
        instructions=INSTRUCTIONS,
        on_list_tools=toolbox.list_tools,
        on_call_tool=toolbox.call_tool,
    )


def serve(roots: RootsSource, version: str, *, alone: bool, state_dir: Path | None, transport: Transport) -> None:
    """Serves on this transport until that ends. ``state_dir``: for the index; None: the cache."""
    outlines = Outlines(OutlineStore(_folder(state_dir)), Parsers())
    try:
        anyio.run(transport, build(Analysis(PathGate(roots), outlines), version, alone=alone))
    finally:
        outlines.close()


def _folder(state_dir: Path | None) -> Path | None:
    """Without a place to keep it, the index lives as long as the server."""
    try:
        return index_folder(state_dir)
    except (OSError, RuntimeError):
        return None
