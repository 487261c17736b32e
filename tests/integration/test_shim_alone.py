"""The installed shim where there is no gateway to be had: what the host and the person are told."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from ostiary_connect import challenge
from ostiary_connect.endpoint import locate, prepare_folder
from ostiary_connect.private_file import try_lock
from tests.support.shims import DEADLINE_S, SHIM, answer_to, end_input, output_at_end, started_shim

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")

NOBODY = 65534


@pytest.mark.parametrize("method", ["initialize", "server/discover"])
def test_the_first_request_gets_an_error_and_the_person_a_line(tmp_path: Path, method: str) -> None:
    request = json.dumps({"jsonrpc": "2.0", "id": "a-1", "method": method, "params": {}}).encode()

    with started_shim(tmp_path, "--no-start") as shim:
        error = json.loads(answer_to(shim, request + b"\n"))
        code, rest, complaint = output_at_end(shim)

    assert (error["id"], error["error"]["code"]) == ("a-1", -32603)
    assert "not running" in error["error"]["message"]
    assert (code, rest) == (69, b"")
    assert complaint.startswith(b"ostiary-connect: Ostiary is not running.")
    assert complaint.count(b"\n") == 1


@pytest.mark.parametrize("request_id", ["0", "-7", "1e2", "1.0", "123456789012345678901234567890", '"\\u00e9"'])
def test_the_id_comes_back_as_it_was_sent(tmp_path: Path, request_id: str) -> None:
    with started_shim(tmp_path, "--no-start") as shim:
        answer = answer_to(shim, f'{{"id":{request_id},"method":"initialize"}}\n'.encode())

    assert f'"id":{request_id},' in answer.decode()


def test_notifications_and_noise_before_the_first_request_are_passed_over(tmp_path: Path) -> None:
    with started_shim(tmp_path, "--no-start") as shim:
        answer = answer_to(
            shim, b'noise\n[]\n{"method":"hi"}\n{"id":null,"method":"x"}\n{"id":5,"method":"initialize"}\n'
        )

    assert json.loads(answer)["id"] == 5


@pytest.mark.parametrize("said", [b"", b'{"jsonrpc":"2.0","id":1,"meth', b"\n\n"])
def test_a_host_that_leaves_without_a_request_does_not_hang_the_shim(tmp_path: Path, said: bytes) -> None:
    with started_shim(tmp_path, "--no-start") as shim:
        assert shim.stdin is not None
        shim.stdin.write(said)
        end_input(shim)

        code, rest, _ = output_at_end(shim)

    assert (code, rest) == (69, b"")


def test_a_host_that_says_nothing_does_not_hang_the_shim(tmp_path: Path) -> None:
    with started_shim(tmp_path, "--no-start") as shim:
        assert output_at_end(shim)[:2] == (69, b"")


@pytest.mark.parametrize(
    "arguments", [["--what"], ["--host"], ["--host="], ["--servers", ""], ["--no-start=1"], ["run"], ["--version=2"]]
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str]) -> None:
    ended = subprocess.run([SHIM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE_S)

    assert (ended.returncode, ended.stdout) == (64, b"")
    assert b"--help" in ended.stderr


@pytest.mark.parametrize(("argument", "shown"), [("--version", b"ostiary-connect "), ("-h", b"--no-start")])
def test_a_person_can_ask_what_it_is(argument: str, shown: bytes) -> None:
    ended = subprocess.run([SHIM, argument], capture_output=True, timeout=DEADLINE_S)

    assert ended.returncode == 0
    assert shown in ended.stdout


@pytest.mark.parametrize("closed", [0, 1])
def test_a_closed_stdin_or_stdout_is_never_mistaken_for_the_gateways_connection(tmp_path: Path, closed: int) -> None:
    command = ["sh", "-c", f'exec "$0" --home "$1" --no-start {closed}>&-', SHIM, str(tmp_path)]

    ended = subprocess.run(command, capture_output=True, timeout=DEADLINE_S)

    assert ended.returncode == 64
    assert b"open" in ended.stderr


@needs_root
def test_a_folder_of_another_user_is_refused_with_what_to_do(tmp_path: Path) -> None:
    endpoint = locate(str(tmp_path))
    prepare_folder(endpoint)
    os.chown(endpoint.folder, NOBODY, NOBODY)

    with started_shim(tmp_path) as shim:
        end_input(shim)
        code, _, complaint = output_at_end(shim)

    assert code == 69
    assert b"cannot be trusted" in complaint
    assert b"OSTIARY_HOME" in complaint


@needs_root
def test_nothing_is_said_to_a_listener_of_another_user(tmp_path: Path) -> None:
    endpoint = locate(str(tmp_path))
    prepare_folder(endpoint)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(endpoint.socket_path)
        os.seteuid(NOBODY)  # the kernel notes who calls listen
        try:
            door.listen()
        finally:
            os.seteuid(0)
        with started_shim(tmp_path, "--no-start") as shim:
            end_input(shim)
            code, _, complaint = output_at_end(shim)
        connection, _ = door.accept()
        with connection, connection.makefile("rb") as spoken:
            said = spoken.read()

    assert (code, said) == (69, b"")
    assert b"Another user listens" in complaint


def test_nothing_is_said_on_a_port_that_does_not_know_the_key(tmp_path: Path) -> None:
    endpoint = locate(str(tmp_path))
    prepare_folder(endpoint)
    with socket.create_server(("127.0.0.1", 0)) as door:
        challenge.write_key(endpoint.key_path, door.getsockname()[1])
        lock = try_lock(endpoint.lock_path)  # as a gateway that lives
        assert lock is not None
        with (
            closing(os.fdopen(lock)),
            started_shim(tmp_path, "--no-start", environment={"OSTIARY_TRANSPORT": "tcp"}) as shim,
        ):
            end_input(shim)
            connection, _ = door.accept()
            with connection, connection.makefile("rb") as spoken:
                connection.sendall(bytes(challenge.NONCE_BYTES + challenge.PROOF_BYTES))
                said = spoken.read()
            code, _, complaint = output_at_end(shim)

    assert len(said) == challenge.NONCE_BYTES + challenge.PROOF_BYTES
    assert code == 69
    assert b"does not know the key" in complaint
