"""Joins the ``files`` server together: folders, gate, tools and resources on one SDK server."""

from pathlib import Path

import anyio

from ostiary_servers.common.confirming import toolbox_alone
from ostiary_servers.common.journal import Journal
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import RootsSource
from ostiary_servers.common.subscriptions import Subscriptions
from ostiary_servers.common.tool_server import Toolbox, ToolServer, Transport
from ostiary_servers.common.writes import Writes
from ostiary_servers.files.definitions import instructions, tools
from ostiary_servers.files.prompts import FilePrompts
from ostiary_servers.files.resources import FileResources
from ostiary_servers.files.watchable import WatchableFiles


def build(
    roots: RootsSource,
    version: str,
    *,
    alone: bool,
    state_dir: Path | None = None,
    allow_sensitive: bool = False,
    writes: Writes = Writes.ASK,
) -> ToolServer:
    """The server, ready to be run on any transport.

    Changes can be undone when ``state_dir``, a folder of its own, is given. It offers subscriptions only when it runs
    ``alone``: Ostiary's gateway watches files itself, for all servers. The gateway also asks the person before what may
    hold secrets is read, and before every write; alone the former is not read, unless ``allow_sensitive`` says that the
    person wants it, and ``writes`` says what becomes of the latter.
    """
    writes = writes if alone else Writes.ASK
    gate = PathGate(roots, withholds_secrets=alone and not allow_sensitive)
    journal = Journal(state_dir / "journal") if state_dir else None
    offered = tools(gate, journal, writes)
    toolbox = toolbox_alone(offered, writes) if alone else Toolbox(offered)
    resources = FileResources(gate, journal)
    server = ToolServer(
        "ostiary-files",
        version=version,
        title="Files",
        instructions=instructions(writes),
        on_list_tools=toolbox.list_tools,
        on_call_tool=toolbox.call_tool,
        on_list_resources=resources.list_resources,
        on_list_resource_templates=resources.list_templates,
        on_read_resource=resources.read_resource,
    )
    server.direct = toolbox
    FilePrompts(gate).attach_to(server)
    if alone:
        Subscriptions(WatchableFiles(gate)).attach_to(server)
    return server


def serve(server: ToolServer, transport: Transport) -> None:
    """Serves on this transport until that ends."""
    try:
        anyio.run(transport, server)
    finally:
        if server.direct:
            server.direct.close()
