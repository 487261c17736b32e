"""A server of 2025-11-25 that is worked hard: its two tools answer with its name and the mark they were given.

The first argument is its name, which its tools' names begin with. What ``NAME_write`` is given is first noted in the
file that is the second, one mark a line; what is noted outlives a kill.
"""

import json
import os
import sys
from typing import Any

NAME = sys.argv[1]
NOTED = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
TOOLS = [
    {"name": f"{NAME}_read", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}},
    {"name": f"{NAME}_write", "inputSchema": {"type": "object"}, "annotations": {"destructiveHint": False}},
]


def result(method: str, params: dict[str, object]) -> dict[str, object]:
    match method:
        case "initialize":
            server = {"name": NAME, "version": "1"}
            return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": server}
        case "tools/list":
            return {"tools": TOOLS}
        case _:
            return {}


def call(params: dict[str, Any]) -> dict[str, object]:
    mark: str = params["arguments"]["mark"]
    if params["name"] == f"{NAME}_write":
        os.write(NOTED, mark.encode() + b"\n")
    return {"content": [{"type": "text", "text": f"{NAME} {mark}"}]}


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    params = message.get("params", {})
    done = call(params) if message["method"] == "tools/call" else result(message["method"], params)
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": done}) + "\n")
    sys.stdout.flush()
