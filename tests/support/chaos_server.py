"""A server process that is played by the test: polite at the handshake, and after it as bad as it is told to be."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from mcp_types import methods as official

from tests.support.chaos_lines import MARK, UNSOUND, LineEnd, Message, joined, read_strictly, settled

MODERN, LEGACY = "2026-07-28", "2025-11-25"
STAMP = "io.modelcontextprotocol/subscriptionId"
FIRST_PID = 2**23
"""Above any real process id."""
BIG_BYTES = 10 * 1024 * 1024 + 1

QUESTIONS: tuple[tuple[str, Message], ...] = (
    ("elicitation/create", {"message": "Sure?", "requestedSchema": {"type": "object", "properties": {}}}),
    (
        "elicitation/create",
        {"mode": "url", "message": "Visit", "url": "https://example.org/x", "elicitationId": "page"},
    ),
    ("sampling/createMessage", {"messages": [], "maxTokens": 5}),
    ("roots/list", {}),
)


class PlayedServer:
    """One process. ``calls`` wait for an answer, ``answered`` had one; a host's cancel changes neither."""

    _pids = itertools.count(FIRST_PID)

    def __init__(self, name: str, *, modern: bool, prelude: tuple[bytes, ...], endless: bool, late_s: float) -> None:
        self.name = name
        self.modern = modern
        self.pid = next(self._pids)
        self.calls: list[Message] = []
        self.answered: list[Message] = []
        self.objections: list[str] = []
        self.heard: list[Message] = []
        loop = asyncio.get_running_loop()
        self.exit_code: asyncio.Future[int] = loop.create_future()
        self.silent: asyncio.Future[None] = loop.create_future()
        self._prelude = prelude
        self._endless = endless
        self._late_s = late_s
        self._pages = 0
        self._hello: Message = {}
        self._asked: dict[Any, str] = {}
        self._numbers = itertools.count(1)
        self._end: LineEnd

    async def start(self) -> PlayedServer:
        self.channel, self._end = await joined(self._hear, self.end)
        return self

    # As a process

    def end(self) -> None:
        """It is gone."""
        self._end.close()
        for future, value in ((self.exit_code, 0), (self.silent, None)):
            if not future.done():
                future.set_result(value)  # type: ignore[arg-type]

    def terminate(self) -> None:
        self.end()

    def kill(self) -> None:
        self.end()

    def release(self) -> None:
        self.channel.close()

    # What it says

    def say(self, message: Message) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def write(self, data: bytes) -> None:
        self._end.write(data)

    def reads(self, reads: bool) -> None:
        """Leave what it is sent where it is, or take it again."""
        self._end.reads(reads)

    def answer(self, call: Message, kind: int = 0) -> None:
        """End a call, in one of several ways."""
        self.calls.remove(call)
        self.answered.append(call)
        ways: tuple[Callable[[], None], ...] = (
            lambda: self.say({"id": call["id"], "result": self._result(call)}),
            lambda: self.say({"id": call["id"], "error": {"code": -32002, "message": mark_of(call)}}),
            lambda: self.say({"id": call["id"], "error": {"code": -32042, "message": UNSOUND, "data": {}}}),
            lambda: self.say({"id": call["id"], "error": UNSOUND}),
            lambda: self.say({"id": call["id"], "result": None}),
            lambda: self.say({"id": call["id"], "result": [UNSOUND]}),
            lambda: self.say({"id": call["id"], "result": {"resultType": 5, UNSOUND: mark_of(call), "_meta": []}}),
            lambda: self.say({"id": call["id"], "result": {UNSOUND: mark_of(call), "deep": _deep(900)}}),
            lambda: self.say({"id": call["id"], "result": self._result(call), "error": None}),
            lambda: self.say({"id": call["id"], "result": self._needed(call)}),
            lambda: self.say({"id": call["id"], "result": {"resultType": "input_required", UNSOUND: mark_of(call)}}),
            lambda: self.say({"id": call["id"], "result": {**self._needed(call), "inputRequests": {UNSOUND: 5}}}),
            lambda: self._say_big(call),
        )
        ways[kind % len(ways)]()

    def answer_strangely(self, call: Message, kind: int) -> None:
        """Say something like an answer that is none; the call still waits."""
        odd_ids = (str(call["id"]), float(call["id"]) + 0.5, None, [call["id"]], call["id"] + 1_000_000, -call["id"])
        self.say({"id": odd_ids[kind % len(odd_ids)], "result": self._result(call)})

    def progress(self, call: Message, kind: int) -> None:
        """About a call that asked for it, or about none."""
        token = call["params"].get("_meta", {}).get("progressToken", 999_999)
        numbers = (1, 0.5, 10**300, -1, 1e300)
        params = {"progressToken": token, "progress": numbers[kind % len(numbers)], "message": mark_of(call)}
        self.say({"method": "notifications/progress", "params": params})

    def ask(self, call: Message, kind: int) -> None:
        """A question of its own within a call, sometimes under an id that is taken, or that is the call's own."""
        method, params = QUESTIONS[kind % len(QUESTIONS)]
        numbers = (f"q{next(self._numbers)}", f"q{next(self._numbers)}", "q1", call["id"])
        number = numbers[kind // len(QUESTIONS) % len(numbers)]
        if self._asked.setdefault(number, mark_of(call)) == mark_of(call):
            self.say({"id": number, "method": method, "params": {**params, "_meta": {"mark": mark_of(call)}}})

    def ask_badly(self, call: Message, kind: int) -> None:
        """A request that cannot be read, under the id of a call."""
        lines: tuple[Message, ...] = (
            {"id": call["id"], "method": "roots/list", "params": None},
            {"id": call["id"], "method": "elicitation/create", "params": [mark_of(call)]},
            {"id": call["id"], "method": "ping", "jsonrpc": "1.0"},
            {"id": call["id"], "level": "info", "jsonrpc": 5},
        )
        self.say(lines[kind % len(lines)])

    def take_back(self, kind: int) -> None:
        """A question, or something that is none."""
        number = f"q{kind}" if kind % 2 else kind
        self.say({"method": "notifications/cancelled", "params": {"requestId": number}})

    def greet_again(self) -> None:
        """A second result of the handshake, under its id."""
        if self._hello:
            self.say({"id": self._hello["id"], "result": self._introduction()})

    def change(self, kind: int) -> None:
        """A list or a resource is different."""
        uri = {"uri": f"{self.name}://x"}
        methods: tuple[tuple[str, Message], ...] = (
            ("notifications/tools/list_changed", {}),
            ("notifications/resources/updated", uri),
            ("notifications/message", {"level": "error", "data": [self.name]}),
        )
        method, params = methods[kind % len(methods)]
        self.say({"method": method, "params": params})

    # What it hears

    def _hear(self, line: bytes) -> None:
        message = read_strictly(line)
        self.heard.append(message)
        self._check(message)
        match message.get("method"):
            case None:
                mark = self._asked.get(message["id"])
                if foreign_marks(line, mark or ""):
                    self.objections.append(f"asked in a call of {mark}, and heard {line!r}")
            case "initialize" | "server/discover" as method:
                self._greet(message, method)
            case "tools/call" | "resources/read" | "prompts/get" | "completion/complete":
                self.calls.append(message)
            case "subscriptions/listen":
                params = {"_meta": {STAMP: message["id"]}, "notifications": message["params"]["notifications"]}
                self.say({"method": "notifications/subscriptions/acknowledged", "params": params})
            case method if "id" in message:
                listed = {"id": message["id"], "result": self._complete(self._list(method))}
                late_s = self._late_s if method == "prompts/list" else 0.0
                asyncio.get_running_loop().call_later(late_s, self.say, listed) if late_s else self.say(listed)

    async def until_asked(self, method: str, times: int = 1) -> None:
        """Until it was asked for this so often."""
        while sum(message.get("method") == method for message in self.heard) < times:
            await settled()

    def _check(self, message: Message) -> None:
        version = MODERN if self.modern else LEGACY
        try:
            if "method" in message and "id" in message:
                official.validate_client_request(message["method"], version, message.get("params"))
            elif "method" in message:
                official.validate_client_notification(message["method"], version, message.get("params"))
        except (KeyError, ValueError) as error:
            if message.get("method") != "server/discover":
                self.objections.append(f"{message} {error!r}")

    def _greet(self, message: Message, method: str) -> None:
        for line in self._prelude:
            self.write(line + b"\n")
        if self.modern != (method == "server/discover"):
            self.say({"id": message["id"], "error": {"code": -32601, "message": "no such method"}})
            return
        self._hello = message
        self.say({"id": message["id"], "result": self._introduction()})

    def _introduction(self) -> Message:
        offered: Message = {"tools": {"listChanged": True}, "resources": {"subscribe": True}, "logging": {}}
        offered |= {"prompts": {}, "completions": {}}
        if self.modern:
            return self._complete({"supportedVersions": [MODERN], "capabilities": offered})
        info = {"name": self.name, "version": "0"}
        return {"protocolVersion": LEGACY, "capabilities": offered, "serverInfo": info}

    def _list(self, method: str) -> Message:
        self._pages += 1
        more = {"nextCursor": f"page {self._pages}"} if self._endless else {}
        match method:
            case "tools/list":
                schema, hints = {"type": "object"}, {"readOnlyHint": True}
                names = [f"{self.name}-echo", *([f"{self.name}-{self._pages}"] if self._endless else ())]
                tools: list[Message] = [{"name": n, "inputSchema": schema, "annotations": hints} for n in names]
                return {"tools": [*tools, {"name": f"{self.name}-write", "inputSchema": schema}], **more}
            case "resources/list":
                return {"resources": [{"uri": f"{self.name}://x", "name": "x"}], **more}
            case "resources/templates/list":
                return {"resourceTemplates": [{"uriTemplate": f"{self.name}://{{rest}}", "name": "any"}], **more}
            case "prompts/list":
                return {"prompts": [{"name": f"{self.name}-prompt"}], **more}
        return {}

    def _complete(self, result: Message) -> Message:
        return {**result, "resultType": "complete", "ttlMs": 0, "cacheScope": "private"} if self.modern else result

    def _result(self, call: Message) -> Message:
        text = {"type": "text", "text": mark_of(call)}
        match call["method"]:
            case "tools/call":
                link = {"type": "resource_link", "uri": "a://b", "name": "b"}
                sound = {"type": "audio", "data": "", "mimeType": "audio/wav"}
                return self._complete({"content": [text, link, sound], "structuredContent": {"n": 1}})
            case "resources/read":
                return self._complete({"contents": [{"uri": call["params"]["uri"], "text": mark_of(call)}]})
            case "prompts/get":
                return self._complete({"messages": [{"role": "user", "content": text}]})
        return self._complete({"completion": {"values": [mark_of(call)]}})

    def _needed(self, call: Message) -> Message:
        """For an old server it is a result like any other, and an odd one."""
        method, params = QUESTIONS[0]
        entry = {"method": method, "params": {**params, "_meta": {"mark": mark_of(call)}}}
        odd = {} if self.modern else {UNSOUND: True}
        return {"resultType": "input_required", "inputRequests": {"q": entry}, "requestState": str(call["id"]), **odd}

    def _say_big(self, call: Message) -> None:
        head = b'{"jsonrpc":"2.0","id":%d,"result":{"x":"' % call["id"]
        self.write(head + b"x" * BIG_BYTES + b'"}}\n')


def mark_of(call: Message) -> str:
    """Of the host whose call it is; it stands in the arguments, the URI or the prompt's argument."""
    text = json.dumps(call["params"])
    place = text.find(MARK)
    return text[place : place + len(MARK) + 3] if place >= 0 else "nobody"


def foreign_marks(line: bytes, own: str) -> bool:
    """Whether a line bears a mark that is not this one."""
    return line.count(MARK.encode()) > (line.count(own.encode()) if own.startswith(MARK) else 0)


def _deep(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value
