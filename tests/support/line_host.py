"""A host that speaks in lines through the installed shim: every byte it says and hears is the test's."""

from __future__ import annotations

import contextlib
import json
import os
import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.support.gateway_process import GatewayProcess
from tests.support.shims import DEADLINE_S, Shim, started_shim

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
INFO = {"name": "line-host", "version": "1"}
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": INFO,
    "io.modelcontextprotocol/clientCapabilities": {},
}

Message = dict[str, Any]


class LineHost:
    """One host. ``modern`` decides what ``start`` sends, not what is understood."""

    def __init__(self, shim: Shim, *, modern: bool) -> None:
        assert shim.stdout is not None
        self.shim = shim
        self.modern = modern
        self._stdout = shim.stdout.fileno()
        self._rest = b""
        self._heard: list[Message] = []
        self._next = 1

    # Speaking

    def write(self, line: bytes) -> None:
        """Exactly these bytes."""
        assert self.shim.stdin is not None
        self.shim.stdin.write(line)
        self.shim.stdin.flush()

    def start(self, method: str, params: Mapping[str, Any] | None = None) -> int:
        """Send a request and give its id."""
        number, self._next = self._next, self._next + 1
        given = dict(params or {})
        if self.modern:
            given["_meta"] = ENVELOPE | given.get("_meta", {})
        self.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": given}).encode() + b"\n")
        return number

    def call(self, tool: str, /, **arguments: Any) -> int:
        return self.start("tools/call", {"name": tool, "arguments": arguments})

    def notify(self, method: str, params: Mapping[str, Any] | None = None) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", "method": method, "params": dict(params or {})}).encode() + b"\n")

    def cancel(self, number: int) -> None:
        self.notify("notifications/cancelled", {"requestId": number, "reason": "no longer wanted"})

    # Hearing

    def answer(self, number: object) -> Message:
        """The answer to a request: a message with ``result`` or ``error``."""
        return self.hear(lambda message: "method" not in message and message.get("id") == number)

    def told(self, method: str) -> Message:
        """The parameters of the next notification of that method."""
        params = self.hear(lambda message: message.get("method") == method).get("params", {})
        assert isinstance(params, dict)
        return params

    def result(self, method: str, params: Mapping[str, Any] | None = None) -> Message:
        """Ask and wait for the result."""
        message = self.answer(self.start(method, params))
        assert "result" in message, message
        result = message["result"]
        assert isinstance(result, dict)
        return result

    def ended(self, tool: str, /, **arguments: Any) -> tuple[bool, str]:
        """Call a tool: whether it says ``isError``, and its first text."""
        return ending(self.answer(self.call(tool, **arguments)))

    def tools(self) -> list[str]:
        return [tool["name"] for tool in self.result("tools/list")["tools"]]

    def meanwhile(self) -> list[Message]:
        """All that was said without being waited for, up to the answer to a request made now."""
        self.result("tools/list")
        heard, self._heard = self._heard, []
        return heard

    def hear(self, fits: Callable[[Message], bool]) -> Message:
        """The first message that fits, among those that came already too."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            for place, message in enumerate(self._heard):
                if fits(message):
                    return self._heard.pop(place)
            self._heard.append(json.loads(self._line(deadline)))

    def raw(self) -> bytes:
        """The next line, as it came."""
        return self._line(time.monotonic() + DEADLINE_S)

    def peek(self, size_bytes: int) -> None:
        """Wait until so much of what comes next is there; nothing is taken away."""
        deadline = time.monotonic() + DEADLINE_S
        while len(self._rest) < size_bytes:
            self._rest += self._read(deadline)

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._rest:
            chunk = self._read(deadline)
            assert chunk, f"the gateway closed; heard so far: {self._heard}"
            self._rest += chunk
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def _read(self, deadline: float) -> bytes:
        ready, _, _ = select.select([self._stdout], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing came in time; heard so far: {self._heard}"
        return os.read(self._stdout, 1 << 20)


@contextlib.contextmanager
def line_host(
    gateway: GatewayProcess,
    *arguments: str,
    modern: bool = False,
    host: str = "cursor",
    through: Sequence[str] = (),
) -> Iterator[LineHost]:
    """A host that has said hello: by ``initialize``, or nothing at all where it is modern."""
    options = ("--no-start", "--host", host, *arguments)
    with started_shim(gateway.home, *options, environment=transport(), through=through) as shim:
        speaker = LineHost(shim, modern=modern)
        if not modern:
            hello = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": INFO}
            speaker.result("initialize", hello)
            speaker.notify("notifications/initialized")
        yield speaker


def transport() -> dict[str, str]:
    """What a shim needs in its environment, else next to empty, to come the way the test's own gateway listens."""
    return {name: value for name, value in os.environ.items() if name == "OSTIARY_TRANSPORT"}


def ending(message: Message) -> tuple[bool, str]:
    """Of the answer to a call: whether it says ``isError``, and its first text."""
    assert "result" in message, message
    result = message["result"]
    return result.get("isError", False), result["content"][0]["text"]
