"""Joins the ``code`` server together: folders, index, tools, resources and prompts on one SDK server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
from mcp.server import Server

from ostiary_servers.code.advisories.book import AdvisoryBook
from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.definitions import INSTRUCTIONS, tools
from ostiary_servers.code.index.folder import index_folder
from ostiary_servers.code.index.outlines import Outlines
from ostiary_servers.code.index.store import OutlineStore
from ostiary_servers.code.prompts import CodePrompts
from ostiary_servers.code.resources import CodeResources
from ostiary_servers.code.syntax.parsers import Parsers
from ostiary_servers.code.watchable import WatchableCode
from ostiary_servers.code.work import ReportingToolbox
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import RootsSource
from ostiary_servers.common.subscriptions import Subscriptions
from ostiary_servers.common.tool_server import Transport


def build(analysis: Analysis, version: str, *, alone: bool) -> Server[Any]:
    """The server, ready to be run on any transport. It offers subscriptions only when it runs ``alone``."""
    toolbox = ReportingToolbox(tools(analysis))
    resources = CodeResources(analysis)
    server: Server[Any] = Server(
        "ostiary-code",
        version=version,
        title="Code",
        instructions=INSTRUCTIONS,
        on_list_tools=toolbox.list_tools,
        on_call_tool=toolbox.call_tool,
        on_list_resources=resources.list_resources,
        on_list_resource_templates=resources.list_templates,
        on_read_resource=resources.read_resource,
    )
    CodePrompts().attach_to(server)
    if alone:
        Subscriptions(WatchableCode(analysis)).attach_to(server)
    return server


def serve(
    roots: RootsSource,
    version: str,
    *,
    alone: bool,
    state_dir: Path | None = None,
    advisories: Sequence[Path] = (),
    transport: Transport,
) -> None:
    """Serves on this transport until that ends.

    ``state_dir``: for the index; None: the person's cache. ``advisories``: files in place of the bundled selection.
    """
    outlines = Outlines(OutlineStore(_folder(state_dir)), Parsers())
    analysis = Analysis(PathGate(roots), outlines, AdvisoryBook(advisories))
    try:
        anyio.run(transport, build(analysis, version, alone=alone))
    finally:
        outlines.close()


def _folder(state_dir: Path | None) -> Path | None:
    """Without a place to keep it, the index lives as long as the server."""
    try:
        return index_folder(state_dir)
    except (OSError, RuntimeError):
        return None
