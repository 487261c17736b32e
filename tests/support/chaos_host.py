"""A host of a chaotic conversation: what it hears is checked line by line, what is its own bears its mark."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from ostiary.gateway.arrival import HostArrival
from ostiary.gateway.greeting import Hello, Kind, Transport
from ostiary.gateway.reception import Reception
from ostiary_connect.greeting import FAREWELL
from tests.support.chaos_lines import MARK, UNSOUND, LineEnd, Message, joined, read_strictly
from tests.support.chaos_server import LEGACY, MODERN, foreign_marks
from tests.support.official_schema import check_line, check_result

INFO = {"name": "chaos", "version": "1"}
CAPABILITIES: Message = {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}}
ENVELOPE: Message = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": INFO,
    "io.modelcontextprotocol/clientCapabilities": CAPABILITIES,
}
FIRST_ID = 1_000_000
"""Nonsense names smaller ones."""


class ChaosHost:
    """``version`` is the revision it speaks. ``faults`` is what was wrong with what it heard."""

    def __init__(self, number: int, version: str) -> None:
        self.mark = f"{MARK}{number:03}"
        self.version = version
        self.modern = version == MODERN
        self.faults: list[str] = []
        self.asked: dict[int, tuple[str, Message]] = {}
        self.cancelled: set[int] = set()
        self.answers: Counter[int] = Counter()
        self.questions: list[Message] = []
        """Requests of the gateway that it has not answered."""
        self.needed: list[tuple[str, Message, Message]] = []
        """Requests of its own that ended with ``input_required``: method, parameters, result."""
        self.gone = False
        self._next = FIRST_ID
        self._end: LineEnd

    async def arrive(self, reception: Reception, host: str = "cursor", pid: int | None = None) -> None:
        channel, self._end = await joined(self._hear, lambda: None)
        hello = Hello(Kind.HOST, host, None, "/", "1", (1, 2), Transport.PUMP, None)
        reception.arrive(HostArrival(hello, pid, channel, None))
        if not self.modern:
            hi = {"protocolVersion": self.version, "capabilities": CAPABILITIES, "clientInfo": INFO}
            self.ask("initialize", hi)
            self.say({"method": "notifications/initialized"})

    # What it says

    def say(self, message: Message) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def write(self, data: bytes) -> None:
        self._end.write(data)

    def reads(self, reads: bool) -> None:
        """Leave what it is sent where it is, or take it again."""
        self._end.reads(reads)

    def leave(self) -> None:
        self.gone = True
        self._end.close()

    def ask(self, method: str, params: Message) -> None:
        number, self._next = self._next, self._next + 1
        self.asked[number] = (method, params)
        meta = {**(ENVELOPE if self.modern else {}), **params.get("_meta", {})}
        self.say({"id": number, "method": method, "params": {**params, **({"_meta": meta} if meta else {})}})

    def call(self, server: str, kind: int) -> None:
        """One of the requests that go on to a server, with a progress token or without."""
        meta = {"_meta": {"progressToken": self._next if kind % 3 else f"t{self._next}"}} if kind % 4 else {}
        match kind % 5:
            case 0:
                self.ask("resources/read", {"uri": f"{server}://{self.mark}", **meta})
            case 1:
                self.ask("prompts/get", {"name": f"{server}-prompt", "arguments": {"mark": self.mark}, **meta})
            case 4:
                self.ask("tools/call", {"name": f"{server}-write", "arguments": {"mark": self.mark}, **meta})
            case _:
                self.ask("tools/call", {"name": f"{server}-echo", "arguments": {"mark": self.mark}, **meta})

    def listen(self, params: Message) -> None:
        """It stays open; its id is never answered before the end."""
        self.cancelled.add(self._next)
        self.ask("subscriptions/listen", params)

    def cancel(self, number: int) -> None:
        self.cancelled.add(number)
        self.say({"method": "notifications/cancelled", "params": {"requestId": number, "reason": self.mark}})

    def reply(self, question: Message, kind: int) -> None:
        """Once, twice, as an error, as nonsense, or under another id."""
        self.questions.remove(question)
        number = question["id"]
        accepted = {"action": "accept", "content": {"mark": self.mark}}
        answers: dict[str, Message] = {
            "elicitation/create": accepted,
            "sampling/createMessage": {"role": "user", "model": "m", "content": {"type": "text", "text": self.mark}},
            "roots/list": {"roots": [{"uri": f"file:///{self.mark}"}]},
        }
        good = answers[question["method"]]
        replies: tuple[tuple[Message, ...], ...] = (
            ({"id": number, "result": good},),
            ({"id": number, "result": good},) * 2,
            ({"id": number, "error": {"code": -32000, "message": self.mark}},),
            ({"id": str(number), "result": good}, {"id": number, "result": [self.mark]}),
            ({"id": number + 1_000_000, "result": good}, {"id": number, "error": 5}),
        )
        for reply in replies[kind % len(replies)]:
            self.say(reply)

    def come_back(self, place: int, kind: int, foreign: list[Message]) -> None:
        """With its own state, a state of nobody, or that of another host."""
        method, params, result = self.needed.pop(place)
        accepted = {"action": "accept", "content": {"mark": self.mark}}
        responses = dict.fromkeys(result.get("inputRequests", {}), accepted)
        states = (result.get("requestState"), "ostiary-ticket.none", *(other.get("requestState") for other in foreign))
        state = states[kind % len(states)]
        if state is not None:
            self.ask(method, {**params, "inputResponses": responses, "requestState": state})

    # What it hears

    def _hear(self, line: bytes) -> None:
        if line == FAREWELL.removesuffix(b"\n"):
            return
        try:
            self._check(line, read_strictly(line))
        except (AssertionError, ValueError, KeyError) as error:
            self.faults.append(f"{line[:500]!r}: {error!r}")

    def _check(self, line: bytes, message: Message) -> None:
        assert not foreign_marks(line, self.mark), "it belongs to another host"
        is_sound = UNSOUND.encode() not in line
        match message:
            case {"method": _, "id": _}:
                assert not self.modern, "a 2026-07-28 host is asked nothing"
                self.questions.append(message)
                check_line(message, self.version)
            case {"method": "notifications/cancelled", "params": {"requestId": number}}:
                self.questions = [question for question in self.questions if question["id"] != number]
            case {"method": _}:
                check_line(message, self.version)
            case {"id": int(number), **answer} if number >= FIRST_ID:
                if is_sound:
                    check_line(message, self.version)
                self._take(number, answer, is_sound=is_sound)
            case {"error": {"code": int(), "message": str()}}:
                check_line(message, self.version)  # of nonsense
            case {"id": _, "result": dict()}:
                check_line(message, LEGACY)  # of a ping among it, which is of that generation whoever sends it
            case _:
                raise AssertionError("no message")

    def _take(self, number: int, answer: dict[Any, Any], *, is_sound: bool) -> None:
        assert number not in self.cancelled or self.answers[number] == 0
        self.answers[number] += 1
        method, params = self.asked[number]
        if "error" in answer:
            assert isinstance(answer["error"]["code"], int)
            assert isinstance(answer["error"]["message"], str)
            return
        result = answer["result"]
        if is_sound:
            check_result(method, self.version, result)
        if (
            self.modern
            and result.get("resultType") == "input_required"
            and isinstance(result.get("inputRequests"), dict)
        ):
            kept = {name: value for name, value in params.items() if name not in ("inputResponses", "requestState")}
            self.needed.append((method, kept, result))


LEGACY_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", LEGACY)
