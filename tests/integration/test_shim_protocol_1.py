"""Shims and gateways of different ages meet: over an update, a host keeps the shim that it started."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import Quit
from ostiary_connect.endpoint import locate, prepare_folder
from ostiary_connect.greeting import encode_line
from ostiary_connect.launch import record_launch
from ostiary_connect.private_file import write_private
from tests.support import shim_protocol_1
from tests.support.line_host import INFO, LEGACY, LineHost
from tests.support.mortal_gateway import MortalGateway, mortal_gateway
from tests.support.shims import DEADLINE_S, answer_to, end_input, output_at_end, started_shim

HELLO = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": INFO}


@pytest.fixture(scope="module")
def gateway() -> Iterator[MortalGateway]:
    with mortal_gateway() as running:
        yield running


@pytest.fixture(params=["handover", "pump"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def host_of_old(gateway: MortalGateway, way: str) -> Iterator[LineHost]:
    """A host that has shaken hands through the old shim."""
    command = [sys.executable, shim_protocol_1.__file__, str(gateway.place.ostiary), way]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as shim:
        try:
            host = LineHost(shim, modern=False)
            host.result("initialize", HELLO)
            host.notify("notifications/initialized")
            yield host
        finally:
            shim.kill()


def works(host: LineHost) -> bool:
    return host.ended("echo", say="hello") == (False, '{"say": "hello"}')


def test_an_old_shim_is_served_until_its_host_leaves(gateway: MortalGateway, way: str) -> None:
    with host_of_old(gateway, way) as host:
        assert works(host)
        end_input(host.shim)
        assert output_at_end(host.shim) == (0, b"", b"")


def test_an_old_shim_ends_in_order_at_an_update_and_its_successor_works(gateway: MortalGateway, way: str) -> None:
    with host_of_old(gateway, way) as host:
        assert works(host)
        with connect(str(gateway.place.ostiary)) as control:
            control.ask(Quit(keep_hosts=True))
            assert control.wait_for_end(DEADLINE_S)
        assert output_at_end(host.shim) == (0, b"", b"")
    gateway.kill()
    gateway.start()
    with host_of_old(gateway, way) as host:
        assert works(host)


def test_an_old_shim_says_that_its_gateway_died(gateway: MortalGateway, way: str) -> None:
    with host_of_old(gateway, way) as host:
        assert works(host)
        gateway.restart()
        assert output_at_end(host.shim) == (75, b"", b"")


def test_an_old_gateway_cannot_go_on_where_the_shim_began_and_the_host_is_told(tmp_path: Path) -> None:
    endpoint = locate(str(tmp_path))
    prepare_folder(endpoint)
    Path(endpoint.answers_path).parent.mkdir(mode=0o700)
    answers = {"format": 2, "tag": "", "legacy": {}, "modern": {}, "initialize": {LEGACY: "{}"}, "narrowed": []}
    write_private(endpoint.answers_path, json.dumps(answers).encode())
    program = tmp_path / "application"
    program.write_text("#!/bin/sh\nexec sleep 9\n")
    program.chmod(0o700)
    record_launch(endpoint, [str(program)], {})
    with started_shim(tmp_path) as shim, closing(socket.socket(socket.AF_UNIX)) as door:
        initialize = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}
        assert "result" in json.loads(answer_to(shim, json.dumps(initialize).encode() + b"\n"))
        door.bind(endpoint.socket_path)
        door.listen()
        with closing(door.accept()[0]) as connection:
            connection.recv(1 << 16)
            connection.sendall(encode_line({"ok": True, "protocol": 1, "version": "0"}))
            refused = json.loads(answer_to(shim, b'{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n'))
            assert "older than this ostiary-connect" in refused["error"]["message"]
            code, _, complaint = output_at_end(shim)
    assert code == 69
    assert b"older than this ostiary-connect" in complaint
