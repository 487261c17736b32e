"""A client without an SDK: starts a process and speaks in lines over its pipes, on blocking descriptors."""

from __future__ import annotations

import itertools
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

READ_BYTES: Final = 64 * 1024
DEADLINE_S: Final = 20.0
END_TIMEOUT_S: Final = 5.0

INITIALIZE: Final = (
    b'"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},'
    b'"clientInfo":{"name":"bench","version":"1"}}'
)
_NEAR: Final = 60
"""How far from either end of an answer its id stands."""

LIST_TOOLS: Final = b'"method":"tools/list","params":{}'


def echo(request_characters: int, answer_characters: int, *, path: bytes = b"") -> bytes:
    """The members of a call of the echo server's tool with so much text in it, and in its answer.

    With a ``path`` the gateway looks where it leads, as for every call of a tool for files.
    """
    about = b'"path":"%b",' % path if path else b""
    arguments = b'{%b"size":%d,"text":"%b"}' % (about, answer_characters, b"x" * request_characters)
    return b'"method":"tools/call","params":{"name":"echo","arguments":%b}' % arguments


class BrokenError(Exception):
    """What should be measured does not work."""


class LineClient:
    """A host as far as its pipes go. Requests are given by their members, without ``jsonrpc`` and ``id``.

    What the process says on stderr goes to ``errors``, or where this one's goes.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], errors: BinaryIO | None = None) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=0, env=dict(environment)
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._write_fd, self.read_fd = self.process.stdin.fileno(), self.process.stdout.fileno()
        self._ids = itertools.count(1)
        self._chunks: list[bytes] = []
        self._lines: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self.process.pid

    def initialize(self) -> None:
        """Shake hands."""
        self.ask(INITIALIZE)
        self._write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    def ask(self, members: bytes) -> bytes:
        """Send a request and give its answer. Raises ``BrokenError`` when that is none."""
        id_ = self.send(members)
        expected = b'{"jsonrpc":"2.0","id":%d,' % id_
        while not (line := self.read_line()).startswith(expected):
            pass  # a notification
        if not line.startswith(b'"result"', len(expected)):
            raise BrokenError(f"not a result: {line[:300]!r}")
        return line

    def send(self, members: bytes) -> int:
        """Send a request without waiting. Gives its id."""
        id_ = next(self._ids)
        self._write(b'{"jsonrpc":"2.0","id":%d,%b}\n' % (id_, members))
        return id_

    def flood(self, members: bytes, count: int, in_flight: int) -> float:
        """``count`` requests with so many on their way all the time, each a write of its own. Gives the seconds."""
        lines = iter([b'{"jsonrpc":"2.0","id":%d,%b}\n' % (next(self._ids), members) for _ in range(count)])
        answered, free = 0, in_flight
        began = time.perf_counter()
        while answered < count:
            for line in itertools.islice(lines, free):
                self._write(line)
            self._await()
            free = _read(self.read_fd).count(b"\n")
            answered += free
        return time.perf_counter() - began

    def read_line(self) -> bytes:
        """The next line, whatever it is."""
        while not self._lines:
            chunk = _read(self.read_fd)
            self._chunks.append(chunk)
            if b"\n" in chunk:
                *self._lines, rest = b"".join(self._chunks).split(b"\n")
                self._chunks = [rest] if rest else []
        return self._lines.pop(0)

    def close(self) -> None:
        """End as hosts do: close its input, wait, kill."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def _await(self) -> None:
        if not select.select([self.read_fd], [], [], DEADLINE_S)[0]:
            raise BrokenError(f"no answer within {DEADLINE_S:.0f} s")

    def _write(self, lines: bytes) -> None:
        left = memoryview(lines)
        while left:
            left = left[os.write(self._write_fd, left) :]


class AnyOrderClient(LineClient):
    """Takes an answer's members in any order: some servers put the result first."""

    def ask(self, members: bytes) -> bytes:
        """Send a request and give its answer."""
        id_ = b'"id":%d' % self.send(members)
        while True:
            line = self.read_line()
            ends = line[:_NEAR] + line[-_NEAR:]
            if id_ + b"," in ends or id_ + b"}" in ends:
                return line


def _read(descriptor: int) -> bytes:
    if not (chunk := os.read(descriptor, READ_BYTES)):
        raise BrokenError("the process ended")
    return chunk


def program(name: str) -> str:
    """An installed program beside this interpreter."""
    return str(Path(sys.executable).with_name(name))
