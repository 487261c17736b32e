"""A blocking client of the control protocol, over the gateway's socket: for the commands and for tests.

The greeting and the checks of the other side are ``ostiary_connect.dial``; what may be asked is decided by the gateway.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections import deque
from collections.abc import Iterator
from itertools import count
from types import TracebackType
from typing import TypeVar

from ostiary import __version__
from ostiary.control import codec
from ostiary.control.messages import Command
from ostiary.domain.errors import UnreachableError, UsageError
from ostiary.domain.events import AnyEvent
from ostiary_connect.dial import dial, greet
from ostiary_connect.endpoint import ConnectError, locate
from ostiary_connect.greeting import CONTROL, encode_hello

R = TypeVar("R")

ANSWER_TIMEOUT_S = 20.0
"""For commands that wait for no person. The slowest are bounded by the gateway itself, well below this."""

CHUNK_BYTES = 64 * 1024
LINE_LIMIT_BYTES = 64 * 1024 * 1024
"""Far above the longest result (some thousands of calls); what is longer is not the gateway's."""


def connect(home: str | None = None) -> ControlClient:
    """A greeted connection to the gateway of ``home``, of OSTIARY_HOME or of the usual places, in this order.

    UnreachableError when none runs there, when what listens cannot be trusted, or when it does not answer.
    """
    try:
        connection = dial(locate(home))
        with contextlib.ExitStack() as undone:
            undone.callback(connection.close)
            greet(connection, encode_hello(CONTROL, __version__))
            undone.pop_all()
    except ConnectError as error:
        raise UnreachableError(error.title, error.detail) from error
    return ControlClient(connection)


class ControlClient:
    """One connection, for one thread. Commands go out one after the other; events are kept until they are asked for."""

    def __init__(self, connection: socket.socket, *, limit_bytes: int = LINE_LIMIT_BYTES) -> None:
        """Takes over a connection that has been greeted. Lines longer than ``limit_bytes`` are not waited for."""
        self._connection = connection
        self._limit_bytes = limit_bytes
        self._numbers = count(1)
        self._rest = bytearray()
        self._events: deque[AnyEvent] = deque()

    def __enter__(self) -> ControlClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up: a question that a command raised is withdrawn."""
        self._connection.close()

    def ask(self, command: Command[R], timeout_s: float = ANSWER_TIMEOUT_S) -> R:
        """The command's result. Raises the gateway's error, or UnreachableError when no answer comes in time."""
        deadline = time.monotonic() + timeout_s
        number = next(self._numbers)
        self._send(_encoded(number, command), deadline)
        while True:
            message = self._receive(deadline)
            if not isinstance(message, codec.Reply):
                self._events.append(message)
            elif message.id == number:  # another id answers a command whose time was over
                return codec.result_of(command, message)

    def events(self, timeout_s: float | None = None) -> Iterator[AnyEvent]:
        """Events since they were asked for, then each as it comes; ends after ``timeout_s``, by default never.

        UnreachableError when the connection ends.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            while self._events:
                yield self._events.popleft()
            try:
                message = self._receive(deadline)
            except _TooLateError:
                return
            if not isinstance(message, codec.Reply):
                self._events.append(message)

    def wait_for_end(self, timeout_s: float) -> bool:
        """Whether the gateway closes the connection within this time."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                self._receive(deadline)
            except _TooLateError:
                return False
            except UnreachableError:
                return True

    def _send(self, line: bytes, deadline: float) -> None:
        try:
            self._connection.settimeout(_time_left(deadline))
            self._connection.sendall(line)
        except TimeoutError as error:
            raise _TooLateError from error
        except OSError as error:
            raise _EndedError from error

    def _receive(self, deadline: float | None) -> codec.Reply | AnyEvent:
        while (end := self._rest.find(b"\n")) < 0:
            self._rest += self._read(deadline)
            if len(self._rest) > self._limit_bytes:
                raise UnreachableError("The gateway sent something unreadable", "It was far too long.")
        line = bytes(self._rest[:end])
        del self._rest[: end + 1]
        return codec.decode_from_gateway(line)

    def _read(self, deadline: float | None) -> bytes:
        try:
            self._connection.settimeout(None if deadline is None else _time_left(deadline))
            chunk = self._connection.recv(CHUNK_BYTES)
        except TimeoutError as error:
            raise _TooLateError from error
        except OSError as error:
            raise _EndedError from error
        if not chunk:
            raise _EndedError
        return chunk


class _TooLateError(UnreachableError):
    def __init__(self) -> None:
        super().__init__(
            "Ostiary did not answer in time", "What you asked for may still be done; see `ostiary status`."
        )


class _EndedError(UnreachableError):
    def __init__(self) -> None:
        super().__init__("Ostiary ended", "It closed the connection; what you asked for may not have been done.")


def _time_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _encoded(number: int, command: Command[R]) -> bytes:
    """One line with its end. UsageError for text that no JSON can hold: arguments need not be UTF-8."""
    try:
        return codec.encode_command(number, command) + b"\n"
    except UnicodeEncodeError as error:
        raise UsageError("A name or a path is not valid text", "Only UTF-8 can be passed on.") from error
