"""Requests to bundled servers and others like them, and how long their answers took."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.bench.line_client import AnyOrderClient, BrokenError, LineClient
from tests.bench.table import percentile


def call(tool: str, **arguments: object) -> bytes:
    """The members of a call."""
    return call_with({}, tool, arguments)


def call_with(meta: Mapping[str, object], tool: str, arguments: Mapping[str, object]) -> bytes:
    """The members of a call with this ``_meta``, as every one of 2026-07-28 has it."""
    params = {"name": tool, "arguments": arguments} | ({"_meta": meta} if meta else {})
    return b'"method":"tools/call","params":%b' % json.dumps(params).encode()


def timed(client: LineClient, request: bytes) -> float:
    """Seconds to the answer."""
    began = time.perf_counter()
    answer = client.ask(request)
    spent = time.perf_counter() - began
    if b'"isError":true' in answer:
        raise BrokenError(f"a call failed: {answer[:300]!r}")
    return spent


def alternately(asked: Sequence[tuple[LineClient, bytes]], repeats: int) -> list[float]:
    """The middle times of all, asked in turn: what else the machine does meets all alike."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(repeats + 1):
        for (client, request), taken in zip(asked, times, strict=True):
            taken.append(timed(client, request))
    return [percentile(taken[1:], 0.5) for taken in times]


@contextmanager
def running(command: Sequence[str]) -> Iterator[LineClient]:
    """A server that was shaken hands with."""
    with AnyOrderClient(command, dict(os.environ)) as client:
        client.initialize()
        yield client


def median(measure: Callable[[], float], repeats: int) -> float:
    """The middle of several measurements, the first one set aside."""
    measure()
    return percentile([measure() for _ in range(max(1, repeats))], 0.5)
