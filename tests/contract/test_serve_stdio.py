"""What a bundled server keeps to on stdin and stdout, whatever a client does with its ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.support.server_client import SERVE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there the SDK's own streams are used")

DEADLINE_S = 20
INITIALIZE = {
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}},
}


def line(number: int | None, said: dict[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **({} if number is None else {"id": number}), **said}).encode() + b"\n"


GREETING = line(0, INITIALIZE) + line(None, {"method": "notifications/initialized"})


@contextmanager
def server(folder: Path, stdin: int | IO[bytes] = subprocess.PIPE) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([SERVE, "files", "--root", folder], stdin=stdin, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def answers(said: bytes) -> dict[int, dict[str, Any]]:
    """Every line is one message, whole."""
    messages = [json.loads(each) for each in said.splitlines()]
    return {message["id"]: message for message in messages if "id" in message}


def ask(process: "subprocess.Popen[bytes]", said: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(said)
    process.stdin.flush()


def answer(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert process.stdout is not None
    message: dict[str, Any] = json.loads(process.stdout.readline())
    return message


def test_requests_that_come_at_once_and_in_pieces_are_all_answered(tmp_path: Path) -> None:
    with server(tmp_path) as process:
        ask(process, GREETING)
        assert answer(process)["id"] == 0
        said = b"".join(line(number, {"method": "ping"}) for number in range(1, 200))
        for start in range(0, len(said), 1_009):
            ask(process, said[start : start + 1_009])
        assert {answer(process)["id"] for _ in range(1, 200)} == set(range(1, 200))


def test_large_answers_arrive_whole_though_the_client_reads_nothing_for_long(tmp_path: Path) -> None:
    (tmp_path / "large.bin").write_bytes(os.urandom(2_000_000))
    read = {"method": "resources/read", "params": {"uri": (tmp_path / "large.bin").as_uri()}}
    with server(tmp_path) as process:
        ask(process, GREETING)
        assert answer(process)["id"] == 0
        ask(process, b"".join(line(number, read if number % 2 else {"method": "ping"}) for number in range(1, 7)))
        found = answers(b"".join(process.stdout.readline() for _ in range(6)) if process.stdout else b"")
        assert set(found) == set(range(1, 7))
        assert {len(found[number]["result"]["contents"][0]["blob"]) for number in (1, 3, 5)} == {2_666_668}


def test_what_is_no_message_is_passed_over(tmp_path: Path) -> None:
    with server(tmp_path) as process:
        ask(process, b"\n\xff\xfe garbage\n[1]\n{}\n\r\n" + GREETING + b"[[[[" * 5_000 + b"\n")
        ask(process, line(1, {"method": "ping"})[:-1])  # ended by the end of input, not of the line
        said, _ = process.communicate(timeout=DEADLINE_S)
    assert 0 in answers(said)
    assert process.returncode == 0


def test_it_ends_in_order_when_nobody_reads_its_answers_any_more(tmp_path: Path) -> None:
    with server(tmp_path) as process:
        ask(process, GREETING)
        assert answer(process)["id"] == 0
        assert process.stdout is not None
        process.stdout.close()
        ask(process, line(1, {"method": "ping"}))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(DEADLINE_S) == 0


def test_a_file_can_stand_for_the_client(tmp_path: Path) -> None:
    said = tmp_path / "said"
    said.write_bytes(GREETING)
    with said.open("rb") as file, server(tmp_path, file) as process:
        assert answer(process)["id"] == 0
        assert process.wait(DEADLINE_S) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_what_a_server_starts_cannot_speak_to_the_client(tmp_path: Path) -> None:
    with server(tmp_path) as process:
        ask(process, GREETING)
        assert answer(process)["id"] == 0
        opened = Path(f"/proc/{process.pid}/fd")
        assert (opened / "0").readlink() == Path(os.devnull)
        assert (opened / "1").readlink() == (opened / "2").readlink()
