"""What a shim may bring along: a note selects a journal of this endpoint that nobody uses, and nothing else."""

from __future__ import annotations

import base64
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ostiary.gateway.resume.journal import JournalError, Journals
from ostiary.gateway.resume.layout import SIZE_BYTES
from ostiary_connect.dial import dial, greet
from ostiary_connect.endpoint import Endpoint, locate, prepare_folder
from ostiary_connect.greeting import FAREWELL, HANDOVER, HOST, decode_note, encode_hello
from tests.support.echo_gateway import EchoGateway, end
from tests.support.shims import DEADLINE_S

LINE = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    found = locate(str(tmp_path))
    prepare_folder(found)
    return found


class Shim:
    """A shim of the test's own: what the gateway says to it, and the host's two pipes."""

    def __init__(self, endpoint: Endpoint, hello: bytes) -> None:
        self.connection = dial(endpoint)
        self.protocol = greet(self.connection, hello)
        (theirs_in, self.stdin), (self.stdout, theirs_out) = os.pipe(), os.pipe()
        socket.send_fds(self.connection, [b"\n"], [theirs_in, theirs_out])
        os.close(theirs_in)
        os.close(theirs_out)
        self.connection.settimeout(DEADLINE_S)

    def say(self, line: bytes) -> bytes:
        os.write(self.stdin, line)
        return os.read(self.stdout, 1 << 16)

    def told(self) -> bytes:
        return self.connection.recv(1 << 16)

    def close(self) -> None:
        for descriptor in (self.stdin, self.stdout):
            os.close(descriptor)
        self.connection.close()


@contextmanager
def shim(endpoint: Endpoint, resume: str | None = None, hello: bytes | None = None) -> Iterator[Shim]:
    opened = Shim(endpoint, hello or encode_hello(HOST, "0.1.0", transport=HANDOVER, resume=resume))
    try:
        yield opened
    finally:
        opened.close()


def note_of(journal: Path) -> str:
    return json.dumps({"journal": journal.name})


def left_behind(endpoint: Endpoint) -> Path:
    journal = Journals(endpoint).create()
    journal.release()
    return journal.path


def test_the_note_of_a_first_arrival_names_its_journal(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint), shim(endpoint) as arrived:
        name = json.loads(decode_note(arrived.told()))["journal"]
        status = (Path(endpoint.folder) / name).stat()
        assert (status.st_mode & 0o777, status.st_size) == (0o600, SIZE_BYTES)
        assert arrived.say(LINE) == LINE


def test_a_note_brings_back_what_was_read(endpoint: Endpoint) -> None:
    journal = Journals(endpoint).create()
    journal.inbox.room[: len(LINE)] = LINE
    journal.release()  # killed between the read and its note
    with EchoGateway(endpoint), shim(endpoint, note_of(journal.path)) as arrived:
        assert os.read(arrived.stdout, 1 << 16) == LINE


def test_an_old_shim_is_told_nothing_that_it_does_not_know(endpoint: Endpoint) -> None:
    hello = json.loads(encode_hello(HOST, "0.1.0", transport=HANDOVER)) | {"ostiary": [1, 1]}
    with (
        EchoGateway(endpoint) as gateway,
        shim(endpoint, hello=json.dumps(hello).encode() + b"\n") as arrived,
    ):
        assert arrived.protocol == 1
        assert arrived.say(LINE) == LINE
        arrival = gateway.arrivals.get(timeout=DEADLINE_S)
        gateway.call(lambda: end(arrival))
        assert arrived.told() == FAREWELL


@pytest.mark.parametrize(
    "note",
    [
        '{"journal":"gateway-00000000000000000000000000000000.journal"}',
        '{"journal":"../gateway-00000000000000000000000000000000.journal"}',
        '{"journal":"gateway.lock"}',
        '{"journal":5}',
        '{"unread":"*"}',
        '{"conversation":{"legacy_version":"1.0"}}',
        "[]",
        "",
    ],
)
def test_a_note_of_nothing_ends_the_visit(endpoint: Endpoint, note: str) -> None:
    with EchoGateway(endpoint), shim(endpoint, note) as arrived:
        assert arrived.told() == FAREWELL
        assert os.read(arrived.stdout, 1) == b""


def test_a_note_with_more_unread_than_a_shim_keeps_ends_the_visit_and_leaves_nothing(endpoint: Endpoint) -> None:
    note = json.dumps({"unread": base64.b64encode(b" " * 100_000).decode()})
    with EchoGateway(endpoint), shim(endpoint, note) as came:
        assert came.told() == FAREWELL
        assert os.read(came.stdout, 1) == b"", "the gateway let go of the host's pipes"
        assert list(Path(endpoint.folder).glob("*.journal")) == []


def test_a_journal_in_use_is_not_given_to_another_session(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint), shim(endpoint) as first:
        note = decode_note(first.told())
        with shim(endpoint, note) as second:
            assert second.told() == FAREWELL
        assert first.say(LINE) == LINE


def test_a_journal_that_others_may_read_is_not_resumed(endpoint: Endpoint) -> None:
    path = left_behind(endpoint)
    path.chmod(0o644)
    refuse(endpoint, path)


def test_a_link_is_not_resumed(endpoint: Endpoint) -> None:
    path = left_behind(endpoint)
    link = path.with_name("gateway-" + "0" * 32 + ".journal")
    link.symlink_to(path)
    refuse(endpoint, link)


def test_a_journal_with_a_second_name_is_not_resumed(endpoint: Endpoint) -> None:
    path = left_behind(endpoint)
    path.with_name("other").hardlink_to(path)
    refuse(endpoint, path)


def test_a_journal_of_another_size_or_version_is_not_resumed(endpoint: Endpoint) -> None:
    short, other = left_behind(endpoint), left_behind(endpoint)
    os.truncate(short, 4096)
    with other.open("r+b") as file:
        file.write(b"12345678")
    refuse(endpoint, short)
    refuse(endpoint, other)


def test_the_journal_of_another_endpoint_is_not_resumed(endpoint: Endpoint) -> None:
    beside = Endpoint(None, endpoint.folder, "fedcba9876543210")
    refuse(endpoint, left_behind(beside))


def test_sweeping_removes_what_nobody_uses(endpoint: Endpoint) -> None:
    journals = Journals(endpoint)
    used, left = journals.create(), left_behind(endpoint)
    beside = left_behind(Endpoint(None, endpoint.folder, "fedcba9876543210"))
    journals.sweep()
    assert (used.path.exists(), left.exists(), beside.exists()) == (True, False, True)
    used.remove()


def test_sweeping_removes_what_nobody_can_go_on_from(endpoint: Endpoint) -> None:
    unfinished, of_another_version = left_behind(endpoint), left_behind(endpoint)
    os.truncate(unfinished, 4096)
    with of_another_version.open("r+b") as file:
        file.write(b"12345678")
    Journals(endpoint).sweep()
    assert list(Path(endpoint.folder).glob("*.journal")) == []


def test_an_orderly_end_removes_the_journal(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint) as gateway:
        with shim(endpoint) as arrived:
            assert arrived.say(LINE) == LINE
        gateway.gone.get(timeout=DEADLINE_S)
        assert list(Path(endpoint.folder).glob("*.journal")) == []


def refuse(endpoint: Endpoint, path: Path) -> None:
    with pytest.raises(JournalError):
        Journals(endpoint).adopt(path.name)
