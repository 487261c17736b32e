"""The installed shim, through which a host's lines go, and gateways that die on it: what each is told, to the byte.

The gateway here is the test's own: it says what it likes and is gone when it likes.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ostiary_connect.endpoint import locate, prepare_folder
from ostiary_connect.greeting import FAREWELL, PUMP_RESUMING_PROTOCOL, encode_line
from ostiary_connect.remembered import INTERRUPTED
from tests.support.shims import DEADLINE_S, Shim, end_input, output_at_end, started_shim

CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}\n'
LIST = b'{"jsonrpc":"2.0","id":"l","method":"tools/list"}\n'
READY = b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
ANSWER = b'{"jsonrpc":"2.0","id":1,"result":{}}\n'
LOG = b'{"jsonrpc":"2.0","method":"notifications/message","params":{}}\n'


def interrupted(raw_id: str) -> bytes:
    error = json.dumps({"code": -32603, "message": INTERRUPTED})
    return f'{{"jsonrpc":"2.0","id":{raw_id},"error":{error}}}\n'.encode()


def word(heard: int, **more: object) -> bytes:
    return b"\0" + json.dumps({"heard": heard, **more}).encode() + b"\n"


@dataclass(frozen=True)
class Gateway:
    """One of several in a row: ``hello`` is what the shim said to it."""

    hello: dict[str, Any]
    connection: socket.socket

    def says(self, said: bytes) -> None:
        self.connection.sendall(said)

    def hears(self, expected: bytes) -> None:
        """Exactly this, so far."""
        said = b""
        while len(said) < len(expected):
            chunk = self.connection.recv(1 << 20)
            assert chunk, said
            said += chunk
        assert said == expected

    def dies(self) -> None:
        self.connection.close()


class Scene:
    """A host whose stdout is a file, so that nothing can be handed over, and the place where gateways listen."""

    def __init__(self, shim: Shim, heard: Path, door: socket.socket) -> None:
        self.shim = shim
        self._heard = heard
        self._door = door
        self._opened = ExitStack()

    def close(self) -> None:
        self._opened.close()

    def lock_up(self) -> None:
        """No gateway will come any more."""
        self._door.close()

    def gateway(self, protocol: int = PUMP_RESUMING_PROTOCOL) -> Gateway:
        """The next one, once the shim has come."""
        connection = self._opened.enter_context(self._door.accept()[0])
        connection.settimeout(DEADLINE_S)
        hello = b""
        while not hello.endswith(b"\n"):
            hello += connection.recv(1 << 20)
        connection.sendall(encode_line({"ok": True, "protocol": protocol, "version": "0"}))
        return Gateway(json.loads(hello), connection)

    def host_says(self, said: bytes) -> None:
        assert self.shim.stdin is not None
        self.shim.stdin.write(said)
        self.shim.stdin.flush()

    def host_hears(self, expected: bytes) -> None:
        """Exactly this, since the beginning."""
        deadline = time.monotonic() + DEADLINE_S
        while len(self._heard.read_bytes()) < len(expected) and time.monotonic() < deadline:
            os.sched_yield()
        assert self._heard.read_bytes() == expected


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    endpoint = locate(str(tmp_path))
    prepare_folder(endpoint)
    heard = tmp_path / "heard"
    with (
        closing(socket.socket(socket.AF_UNIX)) as door,
        heard.open("wb") as stdout,
    ):
        door.settimeout(DEADLINE_S)
        door.bind(endpoint.socket_path)
        door.listen()
        with started_shim(tmp_path, "--no-start", stdout=stdout) as shim, closing(Scene(shim, heard, door)) as scene:
            yield scene


def test_an_answer_that_came_whole_is_over(scene: Scene) -> None:
    first = scene.gateway()
    scene.host_says(CALL)
    first.hears(CALL)
    first.says(word(1) + ANSWER)
    scene.host_hears(ANSWER)
    first.dies()
    second = scene.gateway()
    scene.host_says(LIST)
    second.hears(LIST)
    scene.host_hears(ANSWER)


def test_an_answer_that_was_cut_never_reaches_the_host_and_its_call_gets_an_error(scene: Scene) -> None:
    first = scene.gateway()
    scene.host_says(CALL)
    first.hears(CALL)
    first.says(LOG + word(1) + ANSWER[:20])
    first.dies()
    scene.gateway()
    scene.host_hears(LOG + interrupted("1"))


def test_a_call_that_a_gateway_may_have_made_gets_one_error_and_is_never_said_again(scene: Scene) -> None:
    first = scene.gateway()
    scene.host_says(CALL)
    first.hears(CALL)
    first.dies()
    scene.gateway().dies()
    third = scene.gateway()
    scene.host_says(LIST)
    third.hears(LIST)
    scene.host_hears(interrupted("1"))


def test_a_call_that_is_known_to_be_open_gets_one_error(scene: Scene) -> None:
    first = scene.gateway()
    scene.host_says(CALL)
    first.hears(CALL)
    first.says(word(1, opened=["1"]) + LOG)
    scene.host_hears(LOG)
    first.dies()
    scene.gateway().dies()
    scene.gateway()
    scene.host_hears(LOG + interrupted("1"))


def test_a_call_that_ended_after_it_was_told_to_be_open_gets_no_error(scene: Scene) -> None:
    first = scene.gateway()
    scene.host_says(CALL)
    first.hears(CALL)
    first.says(word(1, opened=["1"]) + LOG + word(1, ended=["1"]) + ANSWER)
    scene.host_hears(LOG + ANSWER)
    first.dies()
    second = scene.gateway()
    second.says(LOG)
    scene.host_hears(LOG + ANSWER + LOG)


def test_a_call_that_was_cancelled_gets_no_error(scene: Scene) -> None:
    first = scene.gateway()
    cancel = b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n'
    scene.host_says(CALL + cancel)
    first.hears(CALL + cancel)
    first.says(word(2, alone=True) + LOG)
    scene.host_hears(LOG)
    first.dies()
    scene.gateway().says(ANSWER)
    scene.host_hears(LOG + ANSWER)


def test_what_may_be_said_twice_is_said_to_the_next_gateway(scene: Scene) -> None:
    first = scene.gateway()
    begun = LIST[:10]
    scene.host_says(LIST + CALL + b"noise\n" + READY + begun)
    first.hears(LIST + CALL + b"noise\n" + READY + begun)
    first.dies()
    second = scene.gateway()
    second.hears(LIST + READY + begun)
    scene.host_says(LIST[10:] + CALL)
    second.hears(LIST[10:] + CALL)
    scene.host_hears(interrupted("1"))


def test_lines_are_counted_as_the_gateway_counts_them(scene: Scene) -> None:
    first = scene.gateway()
    said = b"\n\r\n" + LIST.replace(b"\n", b"\r\n") + b"\n" + READY + LIST
    scene.host_says(said)
    first.hears(said)
    first.says(word(2) + LOG)
    scene.host_hears(LOG)
    first.dies()
    scene.gateway().hears(LIST)


def test_what_is_said_while_no_gateway_runs_is_for_the_next(scene: Scene) -> None:
    first = scene.gateway()
    scene.host_says(LIST)
    first.hears(LIST)
    first.says(word(1) + LOG)
    scene.host_hears(LOG)
    first.dies()
    scene.gateway().dies()
    third = scene.gateway()
    scene.host_says(CALL)
    third.hears(CALL)
    scene.host_hears(LOG)


def test_the_newest_note_is_said_to_the_next_gateway_however_long_its_escapes_are(scene: Scene) -> None:
    first = scene.gateway()
    assert first.hello["resume"] is None
    note = 'é"' * 21_000
    first.says(word(0, note="old") + LOG + word(0, note=note) + LOG)
    scene.host_hears(LOG + LOG)
    first.dies()
    assert scene.gateway().hello["resume"] == note


def test_a_large_message_survives_the_gateway_that_had_half_of_it(scene: Scene) -> None:
    first = scene.gateway()
    pieces = [LIST[:-2], *[b" " * 50_000] * 20]
    for piece in pieces:
        scene.host_says(piece)
        first.hears(piece)
    first.dies()
    second = scene.gateway()
    second.hears(b"".join(pieces))
    scene.host_says(b"}\n")
    second.hears(b"}\n")


def test_a_gateway_of_an_earlier_protocol_is_served_and_ends_the_shim_with_its_death(scene: Scene) -> None:
    old = scene.gateway(protocol=2)
    scene.host_says(CALL)
    old.hears(CALL)
    old.says(ANSWER)
    scene.host_hears(ANSWER)
    old.dies()
    code, _, complaint = output_at_end(scene.shim)
    assert code == 75
    assert b"ended in the middle" in complaint


def test_a_conversation_does_not_go_on_at_a_gateway_of_an_earlier_protocol(scene: Scene) -> None:
    first = scene.gateway()
    first.says(word(0, note="kept") + LOG)
    scene.host_hears(LOG)
    first.dies()
    scene.gateway(protocol=2).hears(b"")
    assert scene.gateway().hello["resume"] == "kept"


def test_a_farewell_ends_the_shim(scene: Scene) -> None:
    first = scene.gateway()
    first.says(word(0) + LOG + word(0) + FAREWELL)
    assert output_at_end(scene.shim) == (0, b"", b"")
    scene.host_hears(LOG)


def test_a_host_that_leaves_while_no_gateway_runs_ends_the_shim(scene: Scene) -> None:
    last = scene.gateway()
    scene.lock_up()
    last.dies()
    end_input(scene.shim)
    assert scene.shim.wait(DEADLINE_S) == 0
