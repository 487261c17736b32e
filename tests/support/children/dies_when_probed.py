"""A server of 2025-06-18 that ends at a request it does not know. Its argument is a file for what it was asked."""

import json
import sys
from pathlib import Path

ASKED = Path(sys.argv[1])

for line in sys.stdin:
    message = json.loads(line)
    with ASKED.open("a") as file:
        file.write(message["method"] + "\n")
    match message["method"]:
        case "initialize":
            server = {"name": "old", "version": "1"}
            result: object = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": server}
        case "tools/list":
            result = {"tools": []}
        case "notifications/initialized":
            continue
        case _:
            sys.exit(f"what is {message['method']}?")
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
