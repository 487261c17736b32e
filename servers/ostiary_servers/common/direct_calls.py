"""Calls of tools that need nothing of a session, done beside the SDK: from the line that asks to the line that answers.

For each request the SDK starts a task, hands the message through queues and checks it in three forms; with the thread
that a disk needs, and the way back from there, a small call took four times as long as its work (measured: 0.40 ms of
processor time for 0.05 ms). Here a line is checked on the event loop by the SDK's own models, then one thread does the
call, gives the result the form of the client's generation by the SDK's own function, and writes it.

No client can tell the difference. Whatever is not exactly a call that can be done here is the SDK's to answer: any
other request, any fault in one, a tool that is not known, all that comes before the SDK has accepted the client. Which
generation the connection speaks is read off the SDK's answers. What a call does, and in which time, stands in
``tool_server``.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.shared.dispatcher import coerce_request_id
from mcp.shared.inbound import InboundModernRoute, classify_inbound_request
from mcp_types.methods import serialize_server_result, validate_client_request
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic_core import from_json, to_json

from ostiary_servers.common.threads import TooMuchWaitsError, took_too_long, workers
from ostiary_servers.common.tool_server import Call, Toolbox, failed

METHOD = "tools/call"

LOOK_INTERVAL_S = 0.1
"""How late a call may be told that it took too long. Nothing looks while no call is open."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A call that was not answered yet, until its deadline on the loop's clock."""

    id: types.RequestId
    version: str
    call: Call
    deadline_s: float


class DirectCalls:
    """The calls of one connection. All but the work itself is for the event loop's thread.

    ``say`` takes a line for the client on any thread, and never waits.
    """

    def __init__(self, server: Server[Any], toolbox: Toolbox, say: Callable[[bytes], None]) -> None:
        self._server = server
        self._toolbox = toolbox
        self._say = say
        self._loop = asyncio.get_running_loop()
        self._negotiated: str | None = None
        """What a client of the older generation agreed on with the SDK."""
        self._modern = False
        self._open: dict[types.RequestId, _Open] = {}
        self._claims = Lock()
        self._look: asyncio.TimerHandle | None = None

    def take(self, line: bytes) -> bool:
        """Whether this line needs nothing more of the SDK."""
        try:
            said = from_json(line)
        except ValueError:
            return False
        match said:
            case {"jsonrpc": "2.0", "id": int() | str() as id_, "method": "tools/call", "params": dict() as params}:
                return len(said) == 4 and not isinstance(id_, bool) and self._begin(id_, params)
            case {"method": "notifications/cancelled", "params": {"requestId": int() | str() as id_}}:
                return self._leave(id_)
            case _:
                return False

    def heard(self, answer: types.JSONRPCMessage) -> None:
        """What the SDK answers tells what it made of the client: a handshake, or that it needs none."""
        if isinstance(answer, types.JSONRPCResponse):
            if "resultType" in answer.result:
                self._modern = True
            elif isinstance(version := answer.result.get("protocolVersion"), str):
                self._negotiated = version

    def end(self) -> None:
        """The client has gone. What is open is answered as the SDK does it, whatever becomes of it."""
        if self._look:
            self._look.cancel()
        for each in self._all_open():
            self._fail(each, types.CONNECTION_CLOSED, "Connection closed")

    def _begin(self, id_: types.RequestId, params: dict[str, Any]) -> bool:
        understood = self._understood(params)
        key = coerce_request_id(id_)
        if understood is None or key in self._open:
            return False
        version, call = understood
        opened = self._open[key] = _Open(id_, version, call, self._loop.time() + call.budget_s)
        try:
            workers.take(partial(self._do, opened))
        except TooMuchWaitsError:
            self._answer(opened, failed(took_too_long(call.budget_s, writes=False)))
        if self._look is None:
            self._look = self._loop.call_later(LOOK_INTERVAL_S, self._look_for_late)
        return True

    def _understood(self, params: dict[str, Any]) -> tuple[str, Call] | None:
        """In which version, and which call; None for all that the SDK would answer with an error."""
        version = self._version(params)
        if version is None:
            return None
        try:
            validate_client_request(METHOD, version, params)
            request = types.CallToolRequestParams.model_validate(params, by_name=False)
        except (ValueError, KeyError):
            return None
        call = self._toolbox.call(request)
        return None if call is None else (version, call)

    def _version(self, params: Mapping[str, Any]) -> str | None:
        if self._modern:
            route = classify_inbound_request({"method": METHOD, "params": params})
            return route.protocol_version if isinstance(route, InboundModernRoute) else None
        meta = params.get("_meta")
        mixed = isinstance(meta, dict) and types.PROTOCOL_VERSION_META_KEY in meta
        return None if mixed else self._negotiated

    def _do(self, opened: _Open) -> None:
        """On a thread. What nobody waits for any more is not begun."""
        if self._open.get(coerce_request_id(opened.id)) is opened:
            self._answer(opened, opened.call.work())

    def _answer(self, opened: _Open, result: types.CallToolResult) -> None:
        try:
            said = {"jsonrpc": "2.0", "id": opened.id, "result": self._shaped(result, opened.version)}
            line = to_json(said) + b"\n"
        except ValueError:
            _log.exception("a result is none of the protocol's")
            self._fail(opened, types.INTERNAL_ERROR, "Handler returned an invalid result")
            return
        if self._claim(opened):
            self._say(line)

    def _shaped(self, result: types.CallToolResult, version: str) -> dict[str, Any]:
        dumped = result.model_dump(by_alias=True, mode="json", exclude_none=True)
        shaped = serialize_server_result(METHOD, version, dumped)
        if version in MODERN_PROTOCOL_VERSIONS:
            shaped["_meta"] = {types.SERVER_INFO_META_KEY: self._server.server_info_stamp}
        return shaped

    def _fail(self, opened: _Open, code: int, message: str) -> None:
        error = {"code": code, "message": message}
        if self._claim(opened):
            self._say(to_json({"jsonrpc": "2.0", "id": opened.id, "error": error}) + b"\n")

    def _leave(self, id_: types.RequestId) -> bool:
        """A call that its client gave up is not answered (MCP 2026-07-28, cancellation)."""
        opened = self._open.get(coerce_request_id(id_))
        return opened is not None and self._claim(opened)

    def _look_for_late(self) -> None:
        now = self._loop.time()
        for each in self._all_open():
            if each.deadline_s <= now:
                self._answer(each, failed(took_too_long(each.call.budget_s, writes=each.call.writes)))
        self._look = self._loop.call_later(LOOK_INTERVAL_S, self._look_for_late) if self._open else None

    def _all_open(self) -> list[_Open]:
        with self._claims:
            return list(self._open.values())

    def _claim(self, opened: _Open) -> bool:
        """Whoever has this first answers the call, or leaves it unanswered; nobody else does."""
        key = coerce_request_id(opened.id)
        with self._claims:
            if self._open.get(key) is not opened:
                return False
            del self._open[key]
            return True
