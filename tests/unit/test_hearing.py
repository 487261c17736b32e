"""What one server says, line by line, and when it is not listened to for a moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from ostiary.gateway.channel import LowWater, OnBurst, OnClosed, OnLine
from ostiary.gateway.client import Client
from tests.support.virtual_time import run

MANY = 50_000


class Pipe:
    """A channel without another side: what is read is said by the test, as long as it is read."""

    queued_bytes = 0
    is_full = False
    on_drained: LowWater | None = None
    on_burst: OnBurst | None = None

    def __init__(self) -> None:
        self.is_read = True
        self._on_line: OnLine = lambda _line: None

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        self._on_line = on_line

    def send(self, *parts: bytes) -> None: ...

    def hold(self, is_held: bool) -> None: ...

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def close(self) -> None: ...

    def close_writing(self) -> None: ...

    def says(self, message: dict[str, Any]) -> None:
        self._on_line(json.dumps({"jsonrpc": "2.0", **message}).encode())


class Nobody:
    """Is told, and does nothing."""

    def lists_changed(self, _client: Client) -> None: ...

    def resource_updated(self, _client: Client, _uri: str) -> None: ...

    def logged(self, _client: Client, _level: str, _params: bytes, _sessions: frozenset[int]) -> None: ...

    def troubled(self, _client: Client, _text: str) -> None: ...

    def remarked(self, _client: Client, _text: str) -> None: ...


@pytest.mark.parametrize(
    "message",
    [{"method": "notifications/of/nothing"}, {"id": 77, "result": {}}],
    ids=["notifications", "answers to nothing"],
)
def test_who_says_too_much_that_nobody_asked_for_is_not_read_for_a_moment(message: dict[str, Any]) -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        pipe = Pipe()
        Client("s", pipe, Nobody(), {})
        said = 0
        while pipe.is_read and said < MANY:
            pipe.says(message)
            said += 1
        assert said < MANY
        await asyncio.sleep(2)
        assert pipe.is_read

    run(scenario)
