"""The installed shim and gateways that die on it: when it comes back, what it says then, and when it gives up."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from ostiary_connect.endpoint import locate, prepare_folder
from ostiary_connect.greeting import encode_line, encode_note
from ostiary_connect.visit import MOST_RETURNS
from tests.support.shims import DEADLINE_S, end_input, output_at_end, started_shim


class FleetingGateway:
    """Greets every shim in ``protocol``, takes its descriptors, says ``words`` and is gone, so many times.

    ``hellos`` are kept; the last shim is not left.
    """

    def __init__(self, home: Path, protocol: int, words: Callable[[int], bytes], deaths: int) -> None:
        endpoint = locate(str(home))
        prepare_folder(endpoint)
        self.hellos: Queue[dict[str, Any]] = Queue()
        self._protocol, self._words, self._deaths = protocol, words, deaths
        self._last = ExitStack()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(endpoint.socket_path)
        self._door.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join(DEADLINE_S)
        self._door.close()
        self._last.close()

    def _serve(self) -> None:
        for number in range(self._deaths + 1):
            try:
                connection, _ = self._door.accept()
            except OSError:
                return
            self._greet(connection, number)
            if number < self._deaths:
                connection.close()
            else:
                self._last.enter_context(connection)

    def _greet(self, connection: socket.socket, number: int) -> None:
        self.hellos.put(json.loads(connection.recv(1 << 16)))
        connection.sendall(encode_line({"ok": True, "protocol": self._protocol, "version": "0"}))
        _, descriptors, _, _ = socket.recv_fds(connection, 1, 2)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(self._words(number))


@contextmanager
def fleeting(
    home: Path, protocol: int, words: Callable[[int], bytes], deaths: int = 10 * MOST_RETURNS
) -> Iterator[FleetingGateway]:
    gateway = FleetingGateway(home, protocol, words, deaths)
    try:
        yield gateway
    finally:
        gateway.close()


def test_the_shim_says_the_newest_note_to_the_next_gateway(tmp_path: Path) -> None:
    with (
        fleeting(tmp_path, 2, lambda number: encode_note(f"note {number}"), deaths=2) as gateway,
        started_shim(tmp_path, "--no-start") as shim,
    ):
        said = [gateway.hellos.get(timeout=DEADLINE_S)["resume"] for _ in range(3)]
        end_input(shim)
        assert shim.wait(DEADLINE_S) == 0
    assert said == [None, "note 0", "note 1"]


def test_a_gateway_that_gave_no_note_has_read_nothing_and_is_replaced(tmp_path: Path) -> None:
    with (
        fleeting(tmp_path, 2, lambda number: b"" if number else encode_note("kept"), deaths=2) as gateway,
        started_shim(tmp_path, "--no-start") as shim,
    ):
        said = [gateway.hellos.get(timeout=DEADLINE_S)["resume"] for _ in range(3)]
        end_input(shim)
        assert shim.wait(DEADLINE_S) == 0
    assert said == [None, "kept", "kept"]


@pytest.mark.parametrize(("protocol", "words"), [(1, b""), (2, encode_note(""))], ids=["protocol 1", "no journal"])
def test_a_session_that_ends_with_its_gateway_ends_the_shim(tmp_path: Path, protocol: int, words: bytes) -> None:
    with (
        fleeting(tmp_path, protocol, lambda _: words) as gateway,
        started_shim(tmp_path, "--no-start") as shim,
    ):
        code, rest, complaint = output_at_end(shim)
        assert gateway.hellos.qsize() == 1
    assert (code, rest) == (75, b"")
    assert b"ended in the middle" in complaint


def test_a_gateway_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    with (
        fleeting(tmp_path, 2, lambda _: encode_note("kept")) as gateway,
        started_shim(tmp_path, "--no-start") as shim,
    ):
        code, _, complaint = output_at_end(shim)
        assert gateway.hellos.qsize() == MOST_RETURNS + 1
    assert code == 75
    assert b"30 times" in complaint
