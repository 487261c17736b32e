"""A server of 2025-11-25 for tests of restarts. Each call of a tool is noted in the file that is the first argument.

``echo`` answers at once, ``never`` not at all, ``big`` with so many bytes; ``touch`` says that ``lasting://x`` changed.
"""

import json
import sys
from pathlib import Path
from typing import Any

CALLS = Path(sys.argv[1])
TOOLS = [
    {"name": name, "title": name.title(), "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}
    for name in ("echo", "never", "big", "touch")
]
RESOURCE = {"uri": "lasting://x", "name": "x"}


def say(**message: object) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def call(number: object, name: str, arguments: dict[str, Any]) -> None:
    with CALLS.open("a") as calls:
        calls.write(json.dumps([name, arguments]) + "\n")
    if name == "never":
        return
    if name == "touch":
        say(method="notifications/resources/updated", params={"uri": RESOURCE["uri"]})
    text = "x" * arguments["size"] if name == "big" else json.dumps(arguments)
    say(id=number, result={"content": [{"type": "text", "text": text}]})


def result(method: str, params: dict[str, Any]) -> dict[str, object]:
    match method:
        case "initialize":
            capabilities = {"tools": {}, "resources": {"subscribe": True}}
            server = {"name": "lasting", "version": "1"}
            return {"protocolVersion": params["protocolVersion"], "capabilities": capabilities, "serverInfo": server}
        case "tools/list":
            return {"tools": TOOLS}
        case "resources/list":
            return {"resources": [RESOURCE]}
        case "resources/templates/list":
            return {"resourceTemplates": []}
        case _:
            return {}


for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "tools/call":
        call(message["id"], message["params"]["name"], message["params"].get("arguments", {}))
    elif "id" in message:
        say(id=message["id"], result=result(message["method"], message.get("params", {})))
