"""A raw MCP server, one line at a time, with the fault that its first argument names.

Standard library only, so that it starts at once and says exactly what is written here.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]

MODERN = "2026-07-28"
STAMP = "io.modelcontextprotocol/subscriptionId"
BIG = 11 * 1024 * 1024
FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
TOOL = {"name": "echo", "inputSchema": {"type": "object"}, "x-vendor": {"k": 1}}
CAPABILITIES = {
    "tools": {"listChanged": True},
    "resources": {"subscribe": True},
    "prompts": None,
    "completions": {},
}

_listens: list[Any] = []
_asked_for: list[str] = []
_fleeting: list[Any] = []
_pages_asked: list[int] = []


def say(message: Message) -> None:
    """One message as a line."""
    raw(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


def raw(line: bytes) -> None:
    """Bytes as they are, all of them."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def answer(request: Message, result: Message) -> None:
    say({"id": request["id"], "result": result})


def refuse(request: Message, code: int, text: str = "no") -> None:
    say({"id": request["id"], "error": {"code": code, "message": text}})


def discover(request: Message) -> None:
    """The probe, answered in the way of each kind of server."""
    match FAULT:
        case "exits-at-probe":
            sys.exit(1)
        case "ignores-probe" | "late-probe" | "late-modern-only" | "takes-both":
            return
        case "odd-error":
            raw(b'{"jsonrpc":"2.0","id":%d,"error":"what?"}\n' % request["id"])
        case "unknown-version":
            say(
                {"id": request["id"], "error": {"code": -32022, "message": "no", "data": {"supported": ["2031-01-01"]}}}
            )
        case "other-versions":
            answer(request, {"resultType": "complete", "supportedVersions": ["2031-01-01"], "capabilities": {}})
        case fault if fault.startswith("modern"):
            modern_hello(request)
        case _:
            refuse(request, -32601)


def modern_hello(request: Message) -> None:
    answer(
        request,
        {
            "resultType": "complete",
            "supportedVersions": [MODERN],
            "capabilities": CAPABILITIES,
            "instructions": "modern",
            "ttlMs": 0,
            "cacheScope": "private",
        },
    )


def initialize(request: Message) -> None:
    """The handshake; two kinds of server answer the probe only now."""
    versions = {"legacy-2024": "2024-11-05", "strange-version": "1999-01-01"}
    refusals = {"late-probe": -32022, "late-modern-only": -32601, "legacy-refused": -32000}
    if FAULT == "late-modern-only":
        refuse(request, refusals[FAULT])
    if FAULT in ("late-probe", "late-modern-only", "takes-both"):
        modern_hello({"id": request["id"] - 1})
    if FAULT in ("late-probe", "legacy-refused"):
        refuse(request, refusals[FAULT], "not in this way")
    if FAULT in refusals:
        return
    version = versions.get(FAULT, "2025-11-25")
    info = {"name": "scripted", "version": "0"}
    answer(
        request,
        {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": info, "instructions": "legacy"},
    )


def initialized(_note: Message) -> None:
    if FAULT == "noise":
        raw(b"Server ready!\n\n\x1b[32mlistening\xff\n[1,2]\n")
    if FAULT == "dies-at-lists":
        sys.exit(3)


def list_tools(request: Message) -> None:
    cursor = request.get("params", {}).get("cursor")
    page = int(cursor or 0)
    match FAULT:
        case "mute-lists":
            return
        case "no-lists":
            refuse(request, -32603)
        case "three-pages" if page < 2:
            answer(request, {"tools": [{**TOOL, "name": f"t{page}"}], "nextCursor": str(page + 1)})
        case "three-pages":
            answer(request, {"tools": [{**TOOL, "name": f"t{page}"}], "nextCursor": None})
        case "empty-cursor" if cursor is None:
            answer(request, {"tools": [{**TOOL, "name": "first"}], "nextCursor": ""})
        case "outdated-cursor":
            _pages_asked.append(page)
            if _pages_asked == [0, 1]:
                refuse(request, -32602, "the list is another by now")
            elif page == 0:
                answer(request, {"tools": [{**TOOL, "name": f"new{len(_pages_asked)}"}], "nextCursor": "1"})
            else:
                answer(request, {"tools": [{**TOOL, "name": "last"}]})
        case "large-pages":
            long = {**TOOL, "description": "x" * 1_000_000}
            answer(request, {"tools": [{**long, "name": f"t{page}"}], "nextCursor": str(page + 1)})
        case "endless":
            answer(request, {"tools": [{**TOOL, "name": f"t{page}"}], "nextCursor": str(page + 1)})
        case "circle":
            answer(request, {"tools": [{**TOOL, "name": f"t{page}"}], "nextCursor": str((page + 1) % 2)})
        case "huge-page":
            answer(
                request,
                {"tools": [{**TOOL, "name": f"t{page * 4000 + n}"} for n in range(4000)], "nextCursor": str(page + 1)},
            )
        case "half-emoji":
            raw(
                b'{"jsonrpc":"2.0","id":%d,"result":{"tools":[{"name":"cut","description":"\\ud83d"}]}}\n'
                % request["id"]
            )
        case _:
            answer(request, {"tools": [{**TOOL, "name": name} for name in ("echo", *_asked_for)]})


def call(request: Message) -> None:
    """Does what the tool's name says."""
    id_, name = request["id"], request["params"]["name"]
    token = request["params"].get("_meta", {}).get("progressToken")
    text = {"content": [{"type": "text", "text": json.dumps(request["params"])}]}
    big = b'"' + b"x" * BIG + b'"'
    match name:
        case "die":
            sys.exit(9)
        case "answer-and-die":
            answer(request, text)
            os._exit(0)
        case "never":
            return
        case "twice":
            answer(request, text)
            answer(request, {"content": []})
        case "wrong-id":
            say({"id": id_ + 1000, "result": {}})
            say({"id": str(id_), "result": {}})
            answer(request, text)
        case "id-in-front":
            raw(b'{"jsonrpc":"2.0","id":%d,"result":{"x":%s}}\n' % (id_, big))
        case "id-at-end":
            raw(b'{"jsonrpc":"2.0","result":{"x":%s},"id":%d}\n' % (big, id_))
        case "id-nowhere":
            raw(b'{"x":%s}\n' % big)
        case "malformed":
            say({"id": id_})
        case "no-object":
            raw(b'{"jsonrpc":"2.0","id":%d,"result":[1]}\n' % id_)
        case "progress":
            for done in (b"0.50", b"1"):
                note = (
                    b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%d,"progress":%s}}\n'
                )
                raw(note % (token, done))
            for other in (b'"%d"' % token, b"null", b"9" * 5000, b"424242"):
                raw(b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s}}\n' % other)
            answer(request, text)
            raw(note % (token, b"2"))
        case "asks-for-ever":
            for number in range(200_000):
                say({"id": f"p{number}", "method": "ping"})
            answer(request, {"content": []})
        case "asks-us":
            say({"id": "s1", "method": "ping"})
            say({"id": "s2", "method": "sampling/createMessage", "params": {}})
            _waiting.append(request)
        case "new-tool":
            _asked_for.append("second")
            announce("notifications/tools/list_changed", {})
            answer(request, text)
        case "touch":
            announce("notifications/resources/updated", {"uri": "a://x"})
            answer(request, text)
        case "end-listen":
            for listen in _listens:
                say({"id": listen, "result": {"resultType": "complete"}})
            _listens.clear()
            answer(request, text)
        case "cancel-listen":
            for listen in _listens:
                say({"method": "notifications/cancelled", "params": {"requestId": listen}})
            _listens.clear()
            answer(request, text)
        case "listens":
            answer(request, {"open": _listens, "asked": _asked_for})
        case _:
            answer(request, text)


_waiting: list[Message] = []
_heard: list[Message] = []


def announce(method: str, params: Message) -> None:
    """To every stream in the new generation, plainly in the old one."""
    if not FAULT.startswith("modern"):
        say({"method": method, "params": params})
    for listen in _listens:
        say({"method": method, "params": {"_meta": {STAMP: listen}, **params}})


def listen(request: Message) -> None:
    if FAULT == "modern-deaf":
        refuse(request, -32601)
        return
    wanted = request["params"]["notifications"]
    if FAULT == "modern-stubborn" and wanted["resourceSubscriptions"]:
        refuse(request, -32602)
        return
    if FAULT == "modern-silent" and wanted["resourceSubscriptions"]:
        return
    _listens.append(request["id"])
    granted = [uri for uri in wanted["resourceSubscriptions"] if uri.startswith("a:")]
    honoured = wanted | {"resourceSubscriptions": granted}
    params = {"_meta": {STAMP: request["id"]}, "notifications": honoured}
    acknowledged = {"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": params}
    if FAULT == "modern-fleeting" and granted and not _fleeting:
        _fleeting.append(_listens.pop())
        over = {"jsonrpc": "2.0", "id": request["id"], "result": {"resultType": "complete"}}
        raw(json.dumps(acknowledged).encode() + b"\n" + json.dumps(over).encode() + b"\n")
    else:
        say(acknowledged)


def cancelled(note: Message) -> None:
    if note["params"]["requestId"] in _listens:
        _listens.remove(note["params"]["requestId"])


def subscribe(request: Message) -> None:
    uri = request["params"]["uri"]
    if FAULT == "mute-subscribe":
        return
    if uri.startswith("a:"):
        answer(request, {})
    else:
        refuse(request, -32002)


def empty(member: str) -> Callable[[Message], None]:
    return lambda request: answer(request, {member: []})


def on_answer(message: Message) -> None:
    """What we were answered is given back as the result of the call that asked."""
    _heard.append(message)
    if len(_heard) == 2:
        answer(_waiting.pop(), {"heard": _heard})


METHODS: dict[str, Callable[[Message], None]] = {
    "server/discover": discover,
    "initialize": initialize,
    "notifications/initialized": initialized,
    "notifications/cancelled": cancelled,
    "tools/list": list_tools,
    "tools/call": call,
    "resources/list": empty("resources"),
    "resources/templates/list": empty("resourceTemplates"),
    "subscriptions/listen": listen,
    "resources/subscribe": subscribe,
    "resources/unsubscribe": subscribe,
}

for line in sys.stdin.buffer:
    message = json.loads(line)
    if "method" in message:
        METHODS[message["method"]](message)
    else:
        on_answer(message)
