"""The gateway's door: how it is bound, whom it lets in, and whom it drops."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest

from ostiary.gateway.arrival import ControlArrival
from ostiary.gateway.listener import GREETING_LIMIT, AlreadyRunningError, EndpointError, Listener
from ostiary_connect import challenge
from ostiary_connect.dial import dial, greet
from ostiary_connect.endpoint import ConnectError, Endpoint, locate, prepare_folder
from ostiary_connect.greeting import CONTROL, FAREWELL, HANDOVER, HOST, LINE_LIMIT_BYTES, PROTOCOL, encode_hello
from tests.support.echo_gateway import EchoGateway
from tests.support.shims import DEADLINE_S, end_input, output_at_end, running_gateway, started_shim

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")

NOBODY = 65534
LINE = b'{"hello":"there"}\n'


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    place = locate(str(tmp_path))
    prepare_folder(place)
    return place


def connected(endpoint: Endpoint) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(DEADLINE_S)
    connection.connect(endpoint.socket_path)
    return connection


def is_served(endpoint: Endpoint) -> bool:
    with dial(endpoint) as connection:
        return greet(connection, encode_hello(CONTROL, "0.1.0")) == PROTOCOL[1]


def all_that_comes(connection: socket.socket) -> bytes:
    """What is said until the other side closes, however it closes."""
    said = b""
    try:
        while chunk := connection.recv(65536):
            said += chunk
    except ConnectionResetError:
        pass  # it closed with words of ours unread
    return said


def test_the_socket_is_this_users_alone_and_goes_with_the_listener(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint):
        assert stat.S_IMODE(Path(endpoint.socket_path).stat().st_mode) == 0o600

    assert not Path(endpoint.socket_path).exists()


def test_a_second_gateway_is_told_that_one_runs(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint):
        with pytest.raises(AlreadyRunningError):
            EchoGateway(endpoint).__enter__()

        assert is_served(endpoint)


def test_the_socket_of_a_killed_gateway_is_replaced(endpoint: Endpoint, tmp_path: Path) -> None:
    with running_gateway(tmp_path, {}) as killed:
        killed.kill()
    assert Path(endpoint.socket_path).exists()

    with EchoGateway(endpoint):
        assert is_served(endpoint)


def in_the_way_as_file(path: Path) -> None:
    path.write_text("mine")


def in_the_way_as_socket_of_another_user(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
    os.chown(path, NOBODY, NOBODY)


@pytest.mark.parametrize(
    "put_in_the_way",
    [in_the_way_as_file, pytest.param(in_the_way_as_socket_of_another_user, marks=needs_root)],
)
def test_what_is_not_ours_is_never_replaced(endpoint: Endpoint, put_in_the_way: Callable[[Path], None]) -> None:
    path = Path(endpoint.socket_path)
    put_in_the_way(path)

    with pytest.raises(EndpointError, match="Remove it"):
        EchoGateway(endpoint).__enter__()

    assert path.exists()
    path.unlink()
    with EchoGateway(endpoint):  # the lock was let go of
        assert is_served(endpoint)


@needs_root
def test_a_folder_of_another_user_is_refused_with_what_to_do(endpoint: Endpoint) -> None:
    os.chown(endpoint.folder, NOBODY, NOBODY)

    with pytest.raises(EndpointError, match="OSTIARY_HOME"):
        EchoGateway(endpoint).__enter__()


def test_a_lock_that_cannot_be_taken_is_an_error_for_the_person(endpoint: Endpoint) -> None:
    Path(endpoint.lock_path).mkdir()

    with pytest.raises(EndpointError, match="cannot be used"):
        EchoGateway(endpoint).__enter__()


def test_a_command_is_welcomed_and_its_lines_flow(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint) as gateway, dial(endpoint) as connection:
        assert greet(connection, encode_hello(CONTROL, "0.1.0")) == PROTOCOL[1]
        arrival = gateway.arrivals.get(timeout=DEADLINE_S)
        assert isinstance(arrival, ControlArrival)
        assert arrival.peer_pid == os.getpid()

        connection.sendall(LINE)
        assert connection.makefile("rb").readline() == LINE


def test_a_caller_that_says_nothing_is_dropped(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint, hello_timeout_s=0.05), connected(endpoint) as connection:
        assert all_that_comes(connection) == b""


def test_silent_callers_keep_nobody_out(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint, hello_timeout_s=0.2), ExitStack() as silent:
        for _ in range(GREETING_LIMIT + 1):
            silent.enter_context(connected(endpoint))

        assert is_served(endpoint)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"{}\n",
        encode_hello(CONTROL, "0.1.0") + b"too early\n",
        encode_hello(HOST, "0.1.0")[:20],
    ],
    ids=["http", "empty", "impatient", "half"],
)
def test_a_caller_that_says_something_else_is_dropped_and_the_next_is_served(endpoint: Endpoint, said: bytes) -> None:
    with EchoGateway(endpoint) as gateway:
        with connected(endpoint) as connection:
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            assert all_that_comes(connection) == b""
        assert gateway.arrivals.empty()

        assert is_served(endpoint)


def test_a_first_line_without_end_is_not_read_on(endpoint: Endpoint) -> None:
    with EchoGateway(endpoint, hello_timeout_s=10 * DEADLINE_S), connected(endpoint) as connection:
        connection.sendall(b"x" * (LINE_LIMIT_BYTES + 1))

        assert all_that_comes(connection) == b""


@pytest.mark.parametrize("protocols", [[0, 0], [4, 9]])
def test_a_caller_of_another_protocol_is_told_so(endpoint: Endpoint, protocols: list[int]) -> None:
    hello = json.dumps({**json.loads(encode_hello(HOST, "9.0")), "ostiary": protocols}).encode() + b"\n"

    with EchoGateway(endpoint) as gateway, dial(endpoint) as connection:
        with pytest.raises(ConnectError, match="do not fit together"):
            greet(connection, hello)
        assert gateway.arrivals.empty()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_anything_but_two_descriptors_is_refused(endpoint: Endpoint, count: int) -> None:
    with EchoGateway(endpoint) as gateway, dial(endpoint) as connection, socket.socket() as spare:
        greet(connection, encode_hello(HOST, "0.1.0", transport=HANDOVER))
        socket.send_fds(connection, [b"\n"], [spare.fileno()] * count)

        assert all_that_comes(connection) == b""
        assert gateway.arrivals.empty()


def test_descriptors_that_cannot_be_watched_are_refused(endpoint: Endpoint, tmp_path: Path) -> None:
    with EchoGateway(endpoint) as gateway, dial(endpoint) as connection, (tmp_path / "f").open("wb") as file:
        greet(connection, encode_hello(HOST, "0.1.0", transport=HANDOVER))
        socket.send_fds(connection, [b"\n"], [file.fileno()] * 2)

        assert all_that_comes(connection) == b""
        assert gateway.arrivals.empty()


def test_handed_over_descriptors_are_closed_before_the_shim_is_told_to_exit(endpoint: Endpoint) -> None:
    (ours, theirs) = socket.socketpair()
    with EchoGateway(endpoint) as gateway, dial(endpoint) as connection, ours:
        greet(connection, encode_hello(HOST, "0.1.0", transport=HANDOVER))
        with theirs:
            socket.send_fds(connection, [b"\n"], [theirs.fileno()] * 2)
        arrival = gateway.arrivals.get(timeout=DEADLINE_S)
        gateway.call(arrival.end)  # type: ignore[union-attr]

        assert all_that_comes(connection).endswith(FAREWELL)
        ours.setblocking(False)
        assert ours.recv(1) == b"", "the gateway still held its copy when it said farewell"


def open_in_a_child() -> int:
    """How many descriptors a child that is not careful would get."""
    listing = "import os; print(len(os.listdir('/proc/self/fd')))"
    return int(subprocess.check_output([sys.executable, "-c", listing], close_fds=False, timeout=DEADLINE_S))


def test_handed_over_descriptors_are_not_inherited_by_children(endpoint: Endpoint) -> None:
    (ours, theirs) = socket.socketpair()
    before = open_in_a_child()
    with EchoGateway(endpoint, mute=True) as gateway, dial(endpoint) as connection, ours:
        greet(connection, encode_hello(HOST, "0.1.0", transport=HANDOVER))
        with theirs:
            socket.send_fds(connection, [b"\n"], [theirs.fileno()] * 2)
        gateway.arrivals.get(timeout=DEADLINE_S)

        assert open_in_a_child() == before


@needs_root
def test_a_caller_of_another_user_is_dropped(endpoint: Endpoint, tmp_path: Path) -> None:
    with running_gateway(tmp_path, {}), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(DEADLINE_S)
        Path(endpoint.folder).chmod(0o711)
        Path(endpoint.socket_path).chmod(0o666)
        here = Path.cwd()
        os.chdir(endpoint.folder)  # the folders above let no one else through
        os.seteuid(NOBODY)
        try:
            connection.connect(Path(endpoint.socket_path).name)
        finally:
            os.seteuid(0)
            os.chdir(here)
        with suppress(BrokenPipeError):  # it may be dropped before it says a word
            connection.sendall(encode_hello(CONTROL, "0.1.0"))
        assert all_that_comes(connection) == b""


def test_a_caller_without_the_key_is_dropped(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSTIARY_TRANSPORT", "tcp")
    with EchoGateway(endpoint) as gateway:
        port, _ = challenge.read_key(endpoint.key_path)
        challenge.write_key(endpoint.key_path, port)
        with started_shim(Path(str(endpoint.home)), "--no-start", environment={"OSTIARY_TRANSPORT": "tcp"}) as shim:
            end_input(shim)
            code, _, complaint = output_at_end(shim)
        assert gateway.arrivals.empty()

    assert code == 69
    assert b"not this user's Ostiary" in complaint


def test_neither_end_of_a_loopback_connection_waits_to_send_what_is_small(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSTIARY_TRANSPORT", "tcp")
    with EchoGateway(endpoint) as gateway, dial(endpoint) as connection:
        greet(connection, encode_hello(CONTROL, "0.1.0"))
        gateway.arrivals.get(timeout=DEADLINE_S)
        found = psutil.Process().net_connections("tcp")
        met = [one for one in found if one.status == psutil.CONN_ESTABLISHED and one.laddr[1] in ports_of(connection)]
        ends = [os.dup(one.fd) for one in met]
        assert len(ends) == 2
        for end in ends:
            with socket.socket(fileno=end) as copy:
                assert copy.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def ports_of(connection: socket.socket) -> set[int]:
    """Of both ends, which are both in this process."""
    return {connection.getsockname()[1], connection.getpeername()[1]}


def test_who_comes_in_the_moment_of_the_end_is_hung_up_on(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> socket.socket:
        listener = Listener(endpoint, "1", lambda _arrival: None, lambda _arrival: None)
        await listener.start()
        await asyncio.sleep(0)  # it waits for callers now
        caller = connected(endpoint)
        await asyncio.sleep(0)  # the loop has looked, and has not told the listener yet
        await listener.stop()
        return caller

    with asyncio.run(scenario()) as caller:
        assert all_that_comes(caller) == b""
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
