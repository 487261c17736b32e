"""Messages over stdin and stdout on the event loop itself, without a thread or a queue in between.

The SDK's own streams hand every line to a thread and back, three times a call, and through two queues: half of what a
small call took (mcp 2.3, measured: 0.34 ms; like this 0.19 ms). This reads and writes when the system says that it will
not wait. What cannot be asked for that, such as a regular file, is left to the SDK's streams.
"""

import json
import os
import select
import stat
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

import anyio
import mcp_types as types
from mcp.shared.message import SessionMessage

assert sys.platform != "win32"

READ_BYTES = 64 * 1024

CERTAIN_BYTES = select.PIPE_BUF
"""A pipe that may be written to takes so much without waiting (POSIX, write); a socket takes more (Linux, macOS)."""


class _Stream:
    """What the SDK's dispatcher does with both ends. Their descriptors are closed by ``claimed``."""

    async def aclose(self) -> None:
        """Nothing is held."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class Incoming(_Stream):
    """What the client says. A line that is no message is given as the exception that tells it, as by the SDK."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lines: deque[bytes] = deque()
        self._begun: list[bytes] = []
        self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        while not self._lines:
            if self._ended:
                raise StopAsyncIteration
            await anyio.wait_readable(self._fd)
            self._take(os.read(self._fd, READ_BYTES))
        return _parsed(self._lines.popleft())

    async def receive(self) -> SessionMessage | Exception:
        """The next one. Raises ``EndOfStream``."""
        try:
            return await anext(self)
        except StopAsyncIteration:
            raise anyio.EndOfStream from None

    def _take(self, chunk: bytes) -> None:
        """Lines are put together only at their end, so that one of many megabytes is copied once."""
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            self._lines.append(b"".join((*self._begun, end)))
            self._begun = []
        self._begun.append(rest)
        if not chunk:
            self._ended = True
            last = b"".join(self._begun)
            self._lines.extend([last] if last else [])


class Outgoing(_Stream):
    """What is said to the client, each message a line, never one in another.

    A sender that is cancelled leaves what is not yet written to the next one.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._unwritten = bytearray()
        self._turn = anyio.Lock(fast_acquire=True)
        self._poll = select.poll()
        self._poll.register(fd, select.POLLOUT)

    async def send(self, item: SessionMessage, /) -> None:
        """Returns once it is written. Raises ``BrokenResourceError`` when nobody reads any more."""
        self._unwritten += item.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n"
        async with self._turn:
            while self._unwritten:
                if not self._poll.poll(0):
                    await anyio.wait_writable(self._fd)
                try:
                    written = os.write(self._fd, self._unwritten[:CERTAIN_BYTES])
                except BrokenPipeError as error:
                    raise anyio.BrokenResourceError from error
                del self._unwritten[:written]


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
def claimed() -> Iterator[tuple[Incoming, Outgoing]]:
    """Takes what is at 0 and 1 away from there, so that nothing that a server starts or prints meets the client."""
    own = [os.dup(fd) for fd in (0, 1)]
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        yield Incoming(own[0]), Outgoing(own[1])
    finally:
        for fd, private in enumerate(own):
            os.dup2(private, fd)
        for fd in (nothing, *own):
            os.close(fd)
