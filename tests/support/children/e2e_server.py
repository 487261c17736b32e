"""A small server of 2025-11-25 whose tools are faults: each is called by its name. Standard library only.

Arguments: a file with the list of tools as JSON, read anew for every ``tools/list``; then ``stubborn`` to ignore
SIGTERM and the end of its input.
"""

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path

DEFINITIONS = Path(sys.argv[1])


def say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answer(number: object, result: object) -> None:
    say({"id": number, "result": result})


def text(words: str) -> dict[str, object]:
    return {"content": [{"type": "text", "text": words}]}


def call(number: object, params: dict[str, object]) -> None:
    name, arguments = params["name"], params.get("arguments", {})
    match name:
        case "noise":
            sys.stdout.write("warming up…\n{broken\n\n[1]\n")
        case "die":
            os._exit(3)
        case "never":
            return
        case "twice":
            answer(number, text("first"))
        case "wrong_id":
            for wrong in (f"{number}", -7, None, 10**9):
                answer(wrong, text("not yours"))
        case "flood":
            answer(number, text("x" * 11 * 1024 * 1024))
            return
        case "claim_change":
            answer(number, text("done") | {"structuredContent": {"applied": True, "changeId": "c0ffee"}})
            return
        case "digest":
            answer(number, text(hashlib.sha256(os.environ["TOKEN"].encode()).hexdigest()))
            return
        case "blab":
            sys.stderr.write(f"signing in with {os.environ['TOKEN']}\n")
            sys.stderr.flush()
            sys.stdout.write(f"noise with {os.environ['TOKEN']}\n")
            say({"method": "notifications/message", "params": {"level": "error", "data": os.environ["TOKEN"]}})
            answer(number, text(f"the token is {os.environ['TOKEN']}"))
            return
        case "announce":
            say({"method": "notifications/tools/list_changed"})
        case "progress":
            meta = params["_meta"]
            assert isinstance(meta, dict)
            say({"method": "notifications/progress", "params": {"progressToken": meta["progressToken"], "progress": 1}})
    answer(number, text(f"{os.getpid()} {name} {json.dumps(arguments)}"))


def serve() -> None:
    for line in sys.stdin:
        message = json.loads(line)
        match message.get("method"):
            case "initialize":
                capabilities = {"tools": {"listChanged": True}}
                server = {"name": "e2e", "version": "1"}
                version = message["params"]["protocolVersion"]
                hello = {"protocolVersion": version, "capabilities": capabilities, "serverInfo": server}
                answer(message["id"], hello)
            case "tools/list":
                answer(message["id"], {"tools": json.loads(DEFINITIONS.read_text())})
            case "tools/call":
                call(message["id"], message["params"])
            case _ if "id" in message:
                say({"id": message["id"], "error": {"code": -32601, "message": "no such method"}})


if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
serve()
while "stubborn" in sys.argv:
    time.sleep(60)
