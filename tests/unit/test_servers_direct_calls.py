"""Calls done beside the SDK: which are taken, and who may answer them."""

import asyncio
import json
import logging
from functools import partial
from threading import Barrier, Event
from typing import Any

import anyio
import mcp_types as types
import pytest

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.direct_calls import DirectCalls
from ostiary_servers.common.plan import Expected
from ostiary_servers.common.threads import THREAD_LIMIT, WAITING_LIMIT, workers
from ostiary_servers.common.tool_server import READS, Tool, Toolbox, ToolServer
from ostiary_servers.common.wire import Wire

DEADLINE_S = 30.0
HANDSHAKE = types.JSONRPCResponse(jsonrpc="2.0", id=0, result={"protocolVersion": "2025-11-25"})
DISCOVERY = types.JSONRPCResponse(jsonrpc="2.0", id=0, result={"resultType": "complete"})
ENVELOPE = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}

pytestmark = pytest.mark.anyio


class Nothing(Wire):
    """No arguments, and no answer."""


class Odd(Nothing):
    """Its form is none that a result may have before 2026-07-28."""

    def to_wire(self) -> Any:
        return "no object"


class Connection:
    """Direct calls of ``wait``, which waits for ``release``, and of ``odd``; and all that was said."""

    def __init__(self, budget_s: float = DEADLINE_S) -> None:
        self.release, self.begun = Event(), 0
        wait = Tool("wait", "Wait", "Waits.", READS, Nothing, Nothing, self._wait, budget_s=budget_s)
        odd = Tool("odd", "Odd", "Is odd.", READS, Nothing, Odd, lambda _, __: Answer("", Odd()))
        self._loop = asyncio.get_running_loop()
        self._said: asyncio.Queue[bytes] = asyncio.Queue()
        self.calls = DirectCalls(ToolServer("test"), Toolbox((wait, odd)), self._say)

    def _say(self, line: bytes) -> None:
        self._loop.call_soon_threadsafe(self._said.put_nowait, line)

    def _wait(self, _: Nothing, __: Expected) -> Answer:
        self.begun += 1
        self.release.wait(DEADLINE_S)
        return Answer("waited", Nothing())

    def call(self, id_: object, meta: dict[str, Any] | None = None, name: str = "wait") -> bool:
        params = {"name": name, "arguments": {}} | ({} if meta is None else {"_meta": meta})
        return self.calls.take(
            json.dumps({"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": params}).encode()
        )

    def cancel(self, id_: object) -> bool:
        method, params = "notifications/cancelled", {"requestId": id_}
        return self.calls.take(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    async def said(self) -> dict[str, Any]:
        with anyio.fail_after(DEADLINE_S):
            line = await self._said.get()
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def all_said(self) -> list[dict[str, Any]]:
        """What was said by the time that every thread has come to the end of what it was given."""
        self.release.set()
        all_free = Barrier(THREAD_LIMIT + 1)
        for _ in range(THREAD_LIMIT):
            workers.take(partial(all_free.wait, DEADLINE_S))
        await asyncio.to_thread(all_free.wait, DEADLINE_S)
        return [await self.said() for _ in range(self._said.qsize())]


async def test_before_the_sdk_has_accepted_the_client_nothing_is_taken() -> None:
    connection = Connection()
    assert not connection.call(1)
    assert not connection.call(1, ENVELOPE)
    connection.calls.heard(types.JSONRPCError(jsonrpc="2.0", id=0, error=types.ErrorData(code=-32602, message="no")))
    assert not connection.call(1)
    connection.calls.heard(HANDSHAKE)
    assert connection.call(1)
    assert [answer["id"] for answer in await connection.all_said()] == [1]


async def test_an_envelope_is_taken_where_the_sdk_has_answered_one_and_nowhere_else() -> None:
    legacy, modern = Connection(), Connection()
    legacy.calls.heard(HANDSHAKE)
    modern.calls.heard(DISCOVERY)
    assert (legacy.call(1, ENVELOPE), legacy.call(1)) == (False, True)
    assert (modern.call(1, ENVELOPE), modern.call(2)) == (True, False)
    modern.release.set()
    assert [answer["result"].get("resultType") for answer in await legacy.all_said()] == [None]
    assert [answer["result"].get("resultType") for answer in await modern.all_said()] == ["complete"]


async def test_a_second_call_of_an_id_that_is_open_is_left_to_the_sdk() -> None:
    connection = Connection()
    connection.calls.heard(HANDSHAKE)
    assert connection.call(7)
    assert not connection.call("7")
    assert [answer["id"] for answer in await connection.all_said()] == [7]


async def test_a_late_call_is_told_once_and_its_late_result_is_dropped() -> None:
    connection = Connection(budget_s=0.01)
    connection.calls.heard(HANDSHAKE)
    assert connection.call(1)
    assert (await connection.said())["result"]["structuredContent"]["code"] == "timeout"
    assert await connection.all_said() == []


async def test_a_call_that_was_cancelled_before_it_began_is_never_begun() -> None:
    connection, others = Connection(), Event()
    connection.calls.heard(HANDSHAKE)
    for _ in range(THREAD_LIMIT):
        workers.take(lambda: others.wait(DEADLINE_S))
    assert connection.call(1)
    assert connection.cancel("1")
    assert not connection.cancel(1)  # it may be one of the SDK's
    others.set()
    assert await connection.all_said() == []
    assert connection.begun == 0


async def test_while_too_much_waits_a_call_is_answered_at_once() -> None:
    connection = Connection()
    connection.calls.heard(HANDSHAKE)
    for number in range(THREAD_LIMIT + WAITING_LIMIT):
        assert connection.call(number)
    assert connection.call("refused")
    refused = await connection.said()
    assert (refused["id"], refused["result"]["structuredContent"]["code"]) == ("refused", "timeout")
    connection.release.set()
    answered = {(await connection.said())["id"] for _ in range(THREAD_LIMIT + WAITING_LIMIT)}
    assert answered == set(range(THREAD_LIMIT + WAITING_LIMIT))
    assert await connection.all_said() == []


async def test_at_the_end_each_open_call_is_told_that_the_connection_closed() -> None:
    connection = Connection()
    connection.calls.heard(HANDSHAKE)
    assert connection.call(1)
    assert connection.call(2)
    connection.calls.end()
    assert [answer["error"]["code"] for answer in await connection.all_said()] == [-32000, -32000]


async def test_a_result_that_is_none_of_the_protocols_is_an_error_and_told_on_stderr(
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection = Connection()
    connection.calls.heard(HANDSHAKE)
    assert connection.call(1, name="odd")
    assert (await connection.said())["error"]["code"] == types.INTERNAL_ERROR
    assert [record.levelno for record in caplog.records if record.name.startswith("ostiary")] == [logging.ERROR]
