"""A server of 2025-11-25 by hand: a tool, a prompt with completion, a resource that changes, a template."""

import json
import sys
from typing import Any

touched = 0
subscribed: set[str] = set()

OFFERS: dict[str, dict[str, object]] = {
    "tools/list": {"tools": [{"name": "touch", "inputSchema": {"type": "object"}}]},
    "prompts/list": {"prompts": [{"name": "greet", "arguments": [{"name": "name", "required": True}]}]},
    "resources/list": {"resources": [{"uri": "board://x", "name": "board"}]},
    "resources/templates/list": {"resourceTemplates": [{"uriTemplate": "board://of/{name}", "name": "board_of"}]},
}
CAPABILITIES = {"tools": {}, "prompts": {}, "resources": {"subscribe": True}, "completions": {}}
INFO = {"name": "e2e-legacy", "version": "1"}
HELLO = {"capabilities": CAPABILITIES, "serverInfo": INFO, "instructions": "Use it well."}


def say(message: dict[str, object]) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def result(method: str, params: dict[str, Any]) -> dict[str, object] | None:
    global touched
    match method:
        case "initialize":
            return {**HELLO, "protocolVersion": params["protocolVersion"]}
        case "tools/call":
            touched += 1
            if "board://x" in subscribed:
                say({"method": "notifications/resources/updated", "params": {"uri": "board://x"}})
            return {"content": [{"type": "text", "text": "touched"}]}
        case "prompts/get":
            text = {"type": "text", "text": f"Hello {params['arguments']['name']}"}
            return {"messages": [{"role": "user", "content": text}]}
        case "resources/read":
            uri = params["uri"]
            text_of = f"touched {touched}" if uri == "board://x" else f"of {uri.removeprefix('board://of/')}"
            return {"contents": [{"uri": uri, "text": text_of}]}
        case "resources/subscribe" | "resources/unsubscribe":
            (subscribed.add if method.endswith("/subscribe") else subscribed.discard)(params["uri"])
            return {}
        case "completion/complete":
            begin = params["argument"]["value"]
            return {"completion": {"values": [name for name in ("ada", "alan", "grace") if name.startswith(begin)]}}
    return OFFERS.get(method)


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        found = result(message["method"], message.get("params", {}))
        error = {"error": {"code": -32601, "message": "no such method"}}
        say({"id": message["id"], **(error if found is None else {"result": found})})
