"""A legacy MCP server whose calls last, fail or flood as their tool says. It writes down what it is sent.

Standard library only. ``mcp_flow.py TOOL`` offers one tool more, by that name.
"""

import json
import os
import sys
from typing import Any

Message = dict[str, Any]

NAMES = ("echo", "hold", "report", "flood", "beat", "ask", "late", "die", *sys.argv[1:])
TOOLS = [{"name": name, "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}} for name in NAMES]
CAPABILITIES = {"tools": {"listChanged": True}, "resources": {"subscribe": True}, "logging": {}}
URI = "flow://x"

held: dict[int, str] = {}
seen: list[str] = []
cancelled: list[str] = []
most = 0
beats: dict[int, int] = {}
asking: dict[str, int] = {}


def say(message: Message) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answer(id_: int, text: str) -> None:
    say({"id": id_, "result": {"content": [{"type": "text", "text": text}]}})


def flood(kind: str, count: int, token: Any) -> None:
    """So many notifications, written as fast as they are taken."""
    notes: dict[str, tuple[str, Any]] = {
        "log": ("notifications/message", lambda n: {"level": "error", "data": f"line {n}"}),
        "progress": ("notifications/progress", lambda n: {"progressToken": token, "progress": n}),
        "list": ("notifications/tools/list_changed", lambda _n: {}),
        "resource": ("notifications/resources/updated", lambda _n: {"uri": URI}),
    }
    method, params = notes[kind]
    for number in range(1, count + 1):
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", "method": method, "params": params(number)}) + "\n")
    sys.stdout.flush()


def call(id_: int, params: Message) -> None:
    global most
    name, arguments = params["name"], params.get("arguments", {})
    token = params.get("_meta", {}).get("progressToken")
    tag = str(arguments.get("tag", ""))
    match name:
        case "hold" | "late":
            held[id_] = tag
            seen.append(tag)
            most = max(most, len(held))
        case "report":
            answer(id_, json.dumps({"seen": seen, "cancelled": cancelled, "most": most, "pid": os.getpid()}))
        case "flood":
            flood(arguments["kind"], arguments["count"], token)
            answer(id_, "flooded")
        case "beat":  # progress each time another call comes
            beats[id_] = token
        case "ask":
            asking[f"q{id_}"] = id_
            form = {"type": "object", "properties": {}}
            say(
                {
                    "id": f"q{id_}",
                    "method": "elicitation/create",
                    "params": {"message": "Well?", "requestedSchema": form},
                }
            )
        case "die":
            os._exit(1)
        case _:
            for beating, beat in beats.items():
                say({"method": "notifications/progress", "params": {"progressToken": beat, "progress": beating}})
            size = arguments.get("size", 0)
            answer(id_, "x" * size if size else json.dumps(arguments)[:200])


def on_cancelled(params: Message) -> None:
    tag = held.pop(params["requestId"], "")
    cancelled.append(tag)
    if tag.startswith("late"):
        answer(params["requestId"], "too late")


def result(method: str, params: Message) -> Message | None:
    match method:
        case "initialize":
            hello = {"capabilities": CAPABILITIES, "serverInfo": {"name": "flow", "version": "1"}}
            return {**hello, "protocolVersion": params["protocolVersion"]}
        case "tools/list":
            return {"tools": TOOLS}
        case "resources/list":
            return {"resources": [{"uri": URI, "name": "x"}]}
        case "resources/templates/list":
            return {"resourceTemplates": []}
        case "resources/subscribe" | "resources/unsubscribe" | "logging/setLevel" | "ping":
            return {}
    return None


for line in sys.stdin:
    message = json.loads(line)
    if "method" not in message:
        answer(asking.pop(message["id"]), json.dumps(message.get("result")))
    elif message["method"] == "tools/call":
        call(message["id"], message["params"])
    elif message["method"] == "notifications/cancelled":
        on_cancelled(message["params"])
    elif "id" in message:
        found = result(message["method"], message.get("params", {}))
        error = {"error": {"code": -32601, "message": "no such method"}}
        say({"id": message["id"], **(error if found is None else {"result": found})})
