"""A host that answers what servers ask, in either generation. Every line it hears is held against the protocol."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import INFO, LEGACY, MODERN, LineHost, Message, transport
from tests.support.official_schema import check_line, check_result
from tests.support.shims import started_shim

CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
ALL: dict[str, Any] = {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {"listChanged": True}}


@dataclass(frozen=True)
class Talk:
    """A call from its request to its answer: what was asked in between, and the last message."""

    asked: list[Message]
    answer: Message

    @property
    def said(self) -> Any:
        """The JSON in the first text of the result."""
        return json.loads(self.text)

    @property
    def text(self) -> str:
        assert "result" in self.answer, self.answer
        text = self.answer["result"]["content"][0]["text"]
        assert isinstance(text, str)
        return text


class CheckedHost(LineHost):
    """``capabilities`` are declared in each request of the new generation; in the old one at the handshake."""

    capabilities: Mapping[str, Any] = ALL
    version = LEGACY

    def start(self, method: str, params: Mapping[str, Any] | None = None) -> int:
        given = dict(params or {})
        if self.modern:
            given["_meta"] = {CAPABILITIES_KEY: dict(self.capabilities), **given.get("_meta", {})}
        number = super().start(method, given)
        self._methods()[number] = method
        return number

    def shake_hands(self) -> None:
        hello = {"protocolVersion": self.version, "capabilities": dict(self.capabilities), "clientInfo": INFO}
        self.result("initialize", hello)
        self.notify("notifications/initialized")

    def talk(self, tool: str, *replies: Message, meta: Message | None = None, **arguments: Any) -> Talk:
        """Call a tool and give these replies, one for each question: ``{"result": …}`` or ``{"error": …}``."""
        params: Message = {"name": tool, "arguments": arguments} | ({"_meta": meta} if meta else {})
        number = self.start("tools/call", params)
        asked: list[Message] = []
        for reply in replies:
            if self.modern:
                needed = self.needed(number)
                asked.extend(needed["inputRequests"].values())
                number = self.come_back(params, needed, reply["result"])
            else:
                asked.append(self.question())
                self.reply(asked[-1], reply)
        return Talk(asked, self.answer(number))

    def needed(self, number: int) -> Message:
        """The ``input_required`` that a request ended with."""
        message = self.answer(number)
        assert message["result"]["resultType"] == "input_required", message
        result: Message = message["result"]
        return result

    def come_back(self, params: Message, needed: Message, response: Message) -> int:
        """The same request again, with the same response to each question."""
        more: Message = {"inputResponses": dict.fromkeys(needed.get("inputRequests", {}), response)}
        if "requestState" in needed:
            more["requestState"] = needed["requestState"]
        return self.start("tools/call", {**params, **more})

    def question(self) -> Message:
        """The next request of the gateway."""
        return self.hear(lambda message: "method" in message and "id" in message)

    def reply(self, question: Message, reply: Message) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", "id": question["id"], **reply}).encode() + b"\n")

    def _methods(self) -> dict[int, str]:
        methods: dict[int, str] = self.__dict__.setdefault("_asked_methods", {})
        return methods

    def _line(self, deadline: float) -> bytes:
        line = super()._line(deadline)
        message = json.loads(line)
        version = MODERN if self.modern else self.version
        check_line(message, version)
        if "result" in message:
            check_result(self._methods()[message["id"]], version, message["result"])
        return line


@contextlib.contextmanager
def checked_host(
    gateway: GatewayProcess,
    era: str,
    capabilities: Mapping[str, Any] = ALL,
    version: str = LEGACY,
    servers: tuple[str, ...] = (),
) -> Iterator[CheckedHost]:
    """A host of an era, ``legacy`` or ``modern``, that has said hello where its generation does."""
    selection = ("--servers", ",".join(servers)) if servers else ()
    options = ("--no-start", "--host", "cursor", *selection)
    with started_shim(gateway.home, *options, environment=transport()) as shim:
        host = CheckedHost(shim, modern=era == "modern")
        host.capabilities, host.version = capabilities, version
        if not host.modern:
            host.shake_hands()
        yield host
