"""A server whose tools ask the host back, in the generation that its first argument names: ``legacy`` or ``modern``.

A tool is a generator: it yields what it asks and is sent the reply. In the old generation each question is a request
of ours; in the new one the tool is played again from the start with all replies, which travel in ``requestState``.
Everything that is heard is checked against the SDK's validators; what they object to is the tool ``objections``.
"""

import json
import os
import sys
from collections.abc import Callable, Generator
from typing import Any

from mcp_types import methods as official

Message = dict[str, Any]
Question = tuple[str, Message]
Tool = Generator[Question, Message, Message]

MODERN = sys.argv[1] == "modern"
VERSION = "2026-07-28" if MODERN else "2025-11-25"
APPS = "io.modelcontextprotocol/ui"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
FORM = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
ASK: Question = ("elicitation/create", {"message": "Sure?", "requestedSchema": FORM})
VISIT: Question = ("elicitation/create", {"mode": "url", "message": "Visit", "url": "https://example.org/x"})
SAMPLE: Question = (
    "sampling/createMessage",
    {"messages": [{"role": "user", "content": {"type": "text", "text": "Say"}}], "maxTokens": 5},
)
ROOTS: Question = ("roots/list", {})

objections: list[str] = []
declared: Message = {}
levels: list[str] = []
cancelled: list[Any] = []
answers: list[Message] = []
roots_changes: list[Message] = []
_waiting: dict[str, tuple[Message, Tool, str]] = {}
_held: list[Message] = []
_tries: dict[str, int] = {}


def say(message: Message) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def text(value: Any) -> Message:
    return {"content": [{"type": "text", "text": json.dumps(value)}]}


# Tools


def ask(_params: Message) -> Tool:
    return text([(yield ASK)])


def ask_twice(_params: Message) -> Tool:
    first = yield ASK
    return text([first, (yield ASK)])


def ask_for_ever(_params: Message) -> Tool:
    while True:
        yield ASK


def visit(_params: Message) -> Tool:
    page = VISIT if MODERN else (VISIT[0], VISIT[1] | {"elicitationId": "page-1"})
    reply = yield page
    if not MODERN:
        say({"method": "notifications/elicitation/complete", "params": {"elicitationId": "page-1"}})
    return text([reply])


def sample(_params: Message) -> Tool:
    return text([(yield SAMPLE)])


def roots(_params: Message) -> Tool:
    return text([(yield ROOTS)])


def at_once(value: Callable[[Message], Any]) -> Callable[[Message], Tool]:
    def tool(params: Message) -> Tool:
        yield from ()
        return text(value(params))

    return tool


def speak(params: Message) -> str:
    for level in ("debug", "info", "error"):
        say({"method": "notifications/message", "params": {"level": level, "logger": "l", "data": {"n": 1}}})
    return str(params.get("_meta", {}).get("io.modelcontextprotocol/logLevel"))


def ask_plainly(_params: Message) -> str:
    """As nothing of 2026-07-28 may."""
    say({"id": "plain", "method": ASK[0], "params": ASK[1]})
    return "asked"


TOOLS: dict[str, Callable[[Message], Tool]] = {
    "ask": ask,
    "ask_twice": ask_twice,
    "ask_for_ever": ask_for_ever,
    "visit": visit,
    "sample": sample,
    "roots": roots,
    "speak": at_once(speak),
    "pid": at_once(lambda _params: os.getpid()),
    "objections": at_once(lambda _params: objections),
    "declared": at_once(
        lambda params: params["_meta"]["io.modelcontextprotocol/clientCapabilities"] if MODERN else declared
    ),
    "levels": at_once(lambda _params: levels),
    "cancelled": at_once(lambda _params: cancelled),
    "ask_plainly": at_once(ask_plainly),
    "answers": at_once(lambda _params: answers),
    "roots_changes": at_once(lambda _params: len(roots_changes)),
    "dotted.name": at_once(lambda params: params["name"]),
}
OTHERS = ("hold", "release", "die", "page_first", "later")


def call(request: Message) -> None:
    params = request["params"]
    name = params["name"].split("_", 1)[1]
    match name:
        case "hold":
            _held.append(request)
        case "release":
            for held in [*_held, request]:
                finish(held, text("released"))
            _held.clear()
        case "die":
            sys.exit(1)
        case "page_first":
            page_first(request)
        case "later":
            later(request)
        case _ if MODERN:
            play(request, TOOLS[name](params))
        case _:
            go_on(request, TOOLS[name](params), None)


def page_first(request: Message) -> None:
    """2025-11-25: the call works once the person was on the page."""
    _tries["page"] = _tries.get("page", 0) + 1
    if _tries["page"] % 2 == 0:
        finish(request, text("visited"))
        say({"method": "notifications/elicitation/complete", "params": {"elicitationId": "page-2"}})
        return
    pages = [VISIT[1] | {"elicitationId": "page-2"}]
    error = {"code": -32042, "message": "Visit a page first", "data": {"elicitations": pages}}
    say({"id": request["id"], "error": error})


def later(request: Message) -> None:
    """2026-07-28: nothing is asked but to come again, three times."""
    count = int(request["params"].get("requestState", "0"))
    if count == 3:
        finish(request, text("now"))
    else:
        say({"id": request["id"], "result": {"resultType": "input_required", "requestState": str(count + 1)}})


def go_on(request: Message, tool: Tool, reply: Message | None) -> None:
    """The old generation: the tool stays where it is while its question is open."""
    try:
        method, params = next(tool) if reply is None else tool.send(reply)
    except StopIteration as end:
        finish(request, end.value)
        return
    number = f"q{len(_waiting)}"
    _waiting[number] = (request, tool, method)
    say({"id": number, "method": method, **({"params": params} if params else {})})


def play(request: Message, tool: Tool) -> None:
    """The new generation: all replies so far are in the state, the newest beside it."""
    params = request["params"]
    state = json.loads(params.get("requestState", "null")) or {"pid": os.getpid(), "replies": []}
    if state["pid"] != os.getpid():
        say({"id": request["id"], "error": {"code": -32602, "message": "this state is of another process"}})
        return
    replies = [*state["replies"], *({"result": reply} for reply in params.get("inputResponses", {}).values())]
    try:
        question = next(tool)
        for reply in replies:
            question = tool.send(reply)
    except StopIteration as end:
        finish(request, end.value)
        return
    method, asked = question
    entry = {"method": method, **({"params": asked} if asked else {})}
    kept = json.dumps({"pid": os.getpid(), "replies": replies})
    say(
        {
            "id": request["id"],
            "result": {"resultType": "input_required", "inputRequests": {"q": entry}, "requestState": kept},
        }
    )


def finish(request: Message, result: Message) -> None:
    say({"id": request["id"], "result": result | ({"resultType": "complete"} if MODERN else {})})


# What is heard


def check(message: Message) -> None:
    try:
        if "method" not in message:
            if "result" in message and message["id"] in _waiting:
                official.validate_client_result(_waiting[message["id"]][2], VERSION, message["result"])
        elif "id" in message:
            official.validate_client_request(message["method"], VERSION, message.get("params"))
        else:
            official.validate_client_notification(message["method"], VERSION, message.get("params"))
    except (KeyError, ValueError) as error:
        objections.append(f"{message} {error!r}")


def hello() -> Message:
    capabilities: Message = {"tools": {"listChanged": True}, "logging": {}, "extensions": {APPS: {}, "other/x": {}}}
    if not MODERN:
        info = {"name": "asking", "version": "0"}
        return {"protocolVersion": VERSION, "capabilities": capabilities, "serverInfo": info}
    return {"supportedVersions": [VERSION], "capabilities": capabilities, "ttlMs": 0, "cacheScope": "private"}


def hear(message: Message) -> None:
    method = message.get("method")
    if method == "server/discover" and not MODERN:
        say({"id": message["id"], "error": {"code": -32601, "message": "no such method"}})
        return
    check(message)
    match method:
        case None if message["id"] not in _waiting:
            answers.append(message)
        case None:
            request, tool, _method = _waiting.pop(message["id"])
            go_on(request, tool, {key: message[key] for key in ("result", "error") if key in message})
        case "initialize":
            declared.update(message["params"]["capabilities"])
            say({"id": message["id"], "result": hello()})
        case "server/discover":
            finish(message, hello())
        case "tools/list":
            names = [*TOOLS, *OTHERS]
            tools = [
                {
                    "name": f"{sys.argv[1]}_{name}",
                    "inputSchema": {"type": "object"},
                    "annotations": {"readOnlyHint": True},
                    "_meta": {"ui": {"resourceUri": "ui://x"}},
                }
                for name in names
            ]
            finish(message, {"tools": tools} | ({"ttlMs": 0, "cacheScope": "private"} if MODERN else {}))
        case "logging/setLevel":
            levels.append(message["params"]["level"])
            finish(message, {})
        case "subscriptions/listen":
            stamp = {"io.modelcontextprotocol/subscriptionId": message["id"]}
            params = {"_meta": stamp, "notifications": {"toolsListChanged": True}}
            say({"method": "notifications/subscriptions/acknowledged", "params": params})
        case "notifications/roots/list_changed":
            roots_changes.append(message)
        case "notifications/cancelled":
            cancelled.append(message["params"]["reason"])
        case "tools/call":
            call(message)


for line in sys.stdin:
    hear(json.loads(line))
