"""Servers that others make, as programs, and a conversation with one of them that is written down.

The same script is spoken to a server directly and through the gateway; what is heard is then compared. What differs
by nature (the time of day, the name under which a tool is offered) is put out of the way by ``settled`` alone.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.support.line_host import INFO, LEGACY, LineHost, Message
from tests.support.node_packages import node_packages

NODE_SERVERS: Final = ("everything", "filesystem", "memory")
PYTHON_SERVERS: Final = ("git", "fetch", "time")
CAPABILITIES: Final[Mapping[str, Any]] = {"elicitation": {"form": {}, "url": {}}, "sampling": {}}
"""What the host can do: all that the gateway tells a shared server of, so that both ways it hears the same."""

ANSWERS: Final[Mapping[str, Message]] = {
    "elicitation/create": {"action": "accept", "content": {"name": "Ada", "check": True}},
    "sampling/createMessage": {
        "role": "assistant",
        "content": {"type": "text", "text": "Yes."},
        "model": "none",
        "stopReason": "endTurn",
    },
}
"""What this host answers when it is asked."""

_OWN: Final = frozenset({"resultType", "ttlMs", "cacheScope", "_meta"})
"""What the gateway puts into its own results: lists of many servers are the gateway's, and last as long as it says."""


@dataclass(frozen=True)
class Step:
    """One request of a script. ``params`` is given as it is; a tool's name is the server's own."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)


def tool(name: str, /, **arguments: object) -> Step:
    """A call of a tool."""
    return Step("tools/call", {"name": name, "arguments": arguments})


def command(server: str, *arguments: str) -> tuple[str, ...]:
    """What starts the server. Skips the test where Node or the package cannot be had."""
    if server in PYTHON_SERVERS:
        return (str(Path(sys.executable).with_name(f"mcp-server-{server}")), *arguments)
    package = node_packages() / "node_modules" / "@modelcontextprotocol" / f"server-{server}"
    return ("node", str(package / "dist" / "index.js"), *arguments)


@contextlib.contextmanager
def directly(command: Sequence[str], environment: Mapping[str, str], *, modern: bool) -> Iterator[LineHost]:
    """A host that has said hello to the server itself."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(environment)
    ) as server:
        try:
            yield greeted(LineHost(server, modern=modern))
        finally:
            server.kill()


def greeted(host: LineHost) -> LineHost:
    """The host, after ``initialize`` where its generation has one."""
    if not host.modern:
        host.result("initialize", {"protocolVersion": LEGACY, "capabilities": CAPABILITIES, "clientInfo": INFO})
        host.notify("notifications/initialized")
    return host


def recorded(host: LineHost, script: Sequence[Step], offered_as: Callable[[str], str] = str) -> list[list[Message]]:
    """Speak the script; for each step everything that came, in its order, up to the answer.

    That lists have changed is left out: a server says so while it starts, and the gateway when it has looked.
    """
    return [list(_spoken(host, step, offered_as)) for step in script]


def _spoken(host: LineHost, step: Step, offered_as: Callable[[str], str]) -> Iterator[Message]:
    params = dict(step.params)
    if step.method == "tools/call":
        params["name"] = offered_as(params["name"])
        params["_meta"] = {"progressToken": "mark"}
    number = host.start(step.method, params)
    while True:
        message = host.hear(lambda _: True)
        if "method" in message and "id" in message:
            answer = {"jsonrpc": "2.0", "id": message["id"], "result": ANSWERS[message["method"]]}
            host.write(json.dumps(answer).encode() + b"\n")
        answers = "method" not in message and message.get("id") == number
        if not message.get("method", "").endswith("list_changed"):
            yield {name: value for name, value in message.items() if name not in ("id", "jsonrpc")}
        if answers:
            return


_TIMES: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*|\d{1,2}:\d\d:\d\d [AP]M")


def settled(heard: object, server: str) -> object:
    """What was heard without the time of day, the gateway's prefix, and what is the gateway's own in a list."""
    match heard:
        case dict():
            is_list = any(name in heard for name in ("tools", "prompts", "resources", "resourceTemplates"))
            left_out = _OWN if is_list else _OWN - {"_meta"}
            return {name: settled(value, server) for name, value in heard.items() if name not in left_out}
        case list():
            return [settled(value, server) for value in heard]
        case str():
            return _TIMES.sub("<time>", heard.removeprefix(f"{server}__"))
        case _:
            return heard
