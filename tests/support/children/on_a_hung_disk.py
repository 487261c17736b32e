"""A server whose tools wait for a named pipe, as for a disk that does not answer. Usage: on_a_hung_disk.py PIPE

``look`` waits to read it; ``change`` does so too, and then writes a file beside it. ``call`` waits for nothing.
"""

import sys
from pathlib import Path

import anyio

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.plan import Expected
from ostiary_servers.common.stdio import serve_stdio
from ostiary_servers.common.tool_server import CHANGES, READS, Tool, Toolbox, ToolServer
from ostiary_servers.common.wire import Wire

PIPE = Path(sys.argv[1])


class Nothing(Wire):
    """No arguments."""


def look(_: Nothing, __: Expected) -> Answer:
    PIPE.read_bytes()
    return Answer("looked", Nothing())


def change(_: Nothing, __: Expected) -> Answer:
    PIPE.read_bytes()
    PIPE.with_name("changed").write_text("whole")
    return Answer("changed", Nothing())


def call(_: Nothing, __: Expected) -> Answer:
    return Answer("called", Nothing())


if __name__ == "__main__":
    toolbox = Toolbox(
        (
            Tool("look", "Look", "Looks.", READS, Nothing, Nothing, look, budget_s=1.0),
            Tool("change", "Change", "Changes.", CHANGES, Nothing, Nothing, change),
            Tool("call", "Call", "Is called.", READS, Nothing, Nothing, call),
        )
    )
    server = ToolServer("hung", on_list_tools=toolbox.list_tools, on_call_tool=toolbox.call_tool)
    server.direct = toolbox if "direct" in sys.argv else None
    try:
        anyio.run(serve_stdio, server)
    finally:
        toolbox.close()
