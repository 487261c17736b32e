"""Messages over stdin and stdout on the event loop itself, without a thread or a queue in between.

The SDK's own streams hand every line to a thread and back, three times a call, and through two queues: half of what a
small call took (mcp 2.3, measured: 0.34 ms; like this 0.19 ms). What cannot be awaited, such as a regular file, is left
to them. Calls that need nothing of a session do not come to the SDK at all (``direct_calls``).
"""

import asyncio
import json
import os
import stat
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import anyio
import mcp_types as types
from mcp.server import Server
from mcp.shared.message import SessionMessage

from ostiary_servers.common.direct_calls import DirectCalls
from ostiary_servers.common.tool_server import Toolbox

if sys.platform != "win32":
    from ostiary_servers.common.lines_posix import LineReader, LineWriter

assert sys.platform != "win32"

LAST_WORDS_S = 1.0
"""How long a client that has closed its end may take to read what is still said, as in the SDK."""


async def serve(server: Server[Any], direct: Toolbox | None) -> None:
    """Speaks with one client on stdin and stdout until it closes them; ``direct``: what is called past the SDK."""
    with _claimed() as (stdin, stdout), LineWriter(stdout) as writer:
        calls = None if direct is None else DirectCalls(server, direct, writer.put)
        incoming = Incoming(calls)
        with LineReader(stdin, incoming.put, incoming.end):
            await server.run(incoming, Outgoing(writer, calls), server.create_initialization_options())
        if calls:
            calls.end()
        with anyio.move_on_after(LAST_WORDS_S):
            await writer.written()


class _Stream:
    """What the SDK's dispatcher does with both ends. Their descriptors are closed by ``_claimed``."""

    async def aclose(self) -> None:
        """Nothing is held."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class Incoming(_Stream):
    """What the client says to the SDK. A line that is no message is given as the exception that tells it, as by the
    SDK."""

    def __init__(self, calls: DirectCalls | None) -> None:
        self._calls = calls
        self._lines: deque[bytes] = deque()
        self._ended = False
        self._more = asyncio.Event()

    def put(self, line: bytes) -> None:
        """The next line."""
        if not (self._calls and self._calls.take(line)):
            self._lines.append(line)
            self._more.set()

    def end(self) -> None:
        """No line follows."""
        self._ended = True
        self._more.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        while not self._lines:
            if self._ended:
                raise StopAsyncIteration
            self._more.clear()
            await self._more.wait()
        return _parsed(self._lines.popleft())

    async def receive(self) -> SessionMessage | Exception:
        """The next one. Raises ``EndOfStream``."""
        try:
            return await anext(self)
        except StopAsyncIteration:
            raise anyio.EndOfStream from None


class Outgoing(_Stream):
    """What the SDK says to the client."""

    def __init__(self, writer: LineWriter, calls: DirectCalls | None) -> None:
        self._writer = writer
        self._calls = calls

    async def send(self, item: SessionMessage, /) -> None:
        """Returns once it is written. Raises ``BrokenResourceError`` when nobody reads any more."""
        self._writer.put(item.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
        if self._calls:
            self._calls.heard(item.message)
        await self._writer.written()
        if self._writer.is_over:
            raise anyio.BrokenResourceError


def _parsed(line: bytes) -> SessionMessage | Exception:
    text = line.decode(errors="replace")
    try:
        return _message(text)
    except ValueError as error:
        with suppress(ValueError, RecursionError):
            return _message(_without_lone_surrogates(text))
        return error


def _message(text: str) -> SessionMessage:
    return SessionMessage(types.jsonrpc_message_adapter.validate_json(text, by_name=False))


def _without_lone_surrogates(text: str) -> str:
    """Half a character, which JavaScript can send and pydantic refuses, becomes U+FFFD as bytes that are no UTF-8 do: a
    request that is not understood would never be answered."""
    shown = json.dumps(json.loads(text), ensure_ascii=False)
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def can_be_awaited() -> bool:
    """Whether stdin and stdout are pipes or sockets."""
    return all(_kind(fd) in (stat.S_IFIFO, stat.S_IFSOCK) for fd in (0, 1))


def _kind(fd: int) -> int:
    try:
        return stat.S_IFMT(os.fstat(fd).st_mode)
    except OSError:
        return 0


@contextmanager
def _claimed() -> Iterator[tuple[int, int]]:
    """Takes what is at 0 and 1 away from there, so that nothing that a server starts or prints meets the client."""
    own = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        yield own
    finally:
        for fd, private in enumerate(own):
            os.dup2(private, fd)
        for fd in (nothing, *own):
            os.close(fd)
