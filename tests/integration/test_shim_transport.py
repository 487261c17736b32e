"""A host's lines through the installed shim to a real listener and back, over each transport."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from ostiary.gateway.greeting import Hello, Kind, Transport
from ostiary_connect.endpoint import locate
from ostiary_connect.greeting import PROTOCOL
from tests.support.echo_gateway import EchoGateway, end
from tests.support.shims import (
    DEADLINE_S,
    answer_to,
    end_input,
    output_at_end,
    running_gateway,
    started_shim,
)

LINE = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'


@pytest.fixture(params=["", "tcp"], ids=["handover", "tcp"])
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What makes pipes travel as descriptors, or through a loopback port."""
    chosen = {"OSTIARY_TRANSPORT": str(request.param)}
    monkeypatch.setenv("OSTIARY_TRANSPORT", chosen["OSTIARY_TRANSPORT"])
    return chosen


def test_a_line_of_the_host_comes_back_from_the_gateway(tmp_path: Path, environment: dict[str, str]) -> None:
    with EchoGateway(locate(str(tmp_path))), started_shim(tmp_path, environment=environment) as shim:
        assert answer_to(shim, LINE) == LINE


def test_a_line_of_two_megabytes_comes_back_whole(tmp_path: Path, environment: dict[str, str]) -> None:
    line = b'{"text":"' + b"x" * 2_000_000 + b'"}\n'

    with EchoGateway(locate(str(tmp_path))), started_shim(tmp_path, environment=environment) as shim:
        assert answer_to(shim, line) == line


def test_the_hello_says_which_host_and_servers_and_where(tmp_path: Path, environment: dict[str, str]) -> None:
    arguments = ("--host", "cursor", "--servers=files,code")
    with (
        EchoGateway(locate(str(tmp_path))) as gateway,
        started_shim(tmp_path, *arguments, environment=environment, cwd=tmp_path) as shim,
    ):
        arrival = gateway.arrivals.get(timeout=DEADLINE_S)

        over_tcp = bool(environment["OSTIARY_TRANSPORT"])
        transport = Transport.PUMP if over_tcp else Transport.HANDOVER
        assert arrival.hello == Hello(
            Kind.HOST, "cursor", ("files", "code"), str(tmp_path), "0.1.0", PROTOCOL, transport, None
        )
        assert arrival.peer_pid == (None if over_tcp else shim.pid)


def test_the_shim_ends_when_the_host_closes_stdin(tmp_path: Path, environment: dict[str, str]) -> None:
    with EchoGateway(locate(str(tmp_path))), started_shim(tmp_path, environment=environment) as shim:
        answer_to(shim, LINE)
        end_input(shim)

        assert output_at_end(shim) == (0, b"", b"")


def test_the_shim_ends_with_the_host_though_the_gateway_hangs(tmp_path: Path, environment: dict[str, str]) -> None:
    with running_gateway(tmp_path, environment) as gateway, started_shim(tmp_path, environment=environment) as shim:
        answer_to(shim, LINE)
        gateway.send_signal(signal.SIGSTOP)
        end_input(shim)

        assert shim.wait(DEADLINE_S) == 0


def test_the_host_sees_stdout_end_when_the_gateway_ends_the_session(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with EchoGateway(locate(str(tmp_path))) as gateway, started_shim(tmp_path, environment=environment) as shim:
        answer_to(shim, LINE)
        arrival = gateway.arrivals.get(timeout=DEADLINE_S)
        gateway.call(lambda: end(arrival))

        assert output_at_end(shim) == (0, b"", b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_gateway_sees_that_a_signal_ended_the_shim(
    tmp_path: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    with EchoGateway(locate(str(tmp_path))) as gateway, started_shim(tmp_path, environment=environment) as shim:
        answer_to(shim, LINE)
        shim.send_signal(number)

        assert shim.wait(DEADLINE_S) == -number
        assert gateway.gone.get(timeout=DEADLINE_S) is gateway.arrivals.get(timeout=DEADLINE_S)


def test_the_shim_says_so_when_the_gateway_is_killed(tmp_path: Path, environment: dict[str, str]) -> None:
    with (
        running_gateway(tmp_path, environment) as gateway,
        started_shim(tmp_path, "--no-start", environment=environment) as shim,
    ):
        answer_to(shim, LINE)
        gateway.kill()

        code, _, complaint = output_at_end(shim)
        assert code == 75
        assert b"ended in the middle" in complaint


def test_socket_pairs_are_handed_over(tmp_path: Path) -> None:
    input_, theirs_in = socket.socketpair()
    output, theirs_out = socket.socketpair()
    with (
        EchoGateway(locate(str(tmp_path))) as gateway,
        input_,
        output,
        started_shim(tmp_path, stdin=theirs_in.fileno(), stdout=theirs_out.fileno()) as shim,
        output.makefile("rb") as answers,
    ):
        theirs_in.close()
        theirs_out.close()
        input_.sendall(LINE)
        assert answers.readline() == LINE
        assert gateway.arrivals.get(timeout=DEADLINE_S).hello.transport is Transport.HANDOVER

        input_.shutdown(socket.SHUT_WR)  # as Node ends the stdin of a child
        assert answers.read() == b""
        assert shim.wait(DEADLINE_S) == 0


def test_a_regular_file_is_pumped_and_its_answers_arrive(tmp_path: Path) -> None:
    said, answered = tmp_path / "said", tmp_path / "answered"
    said.write_bytes(LINE * 3)

    with EchoGateway(locate(str(tmp_path))) as gateway, said.open("rb") as stdin, answered.open("wb") as stdout:
        with started_shim(tmp_path, stdin=stdin, stdout=stdout) as shim:
            assert shim.wait(DEADLINE_S) == 0
        assert gateway.arrivals.get(timeout=DEADLINE_S).hello.transport is Transport.PUMP

    assert answered.read_bytes() == LINE * 3


def test_a_home_of_200_characters_works(tmp_path: Path) -> None:
    home = tmp_path / ("h" * 200)
    endpoint = locate(str(home))

    with EchoGateway(endpoint), started_shim(home) as shim:
        assert answer_to(shim, LINE) == LINE

    Path(endpoint.lock_path).unlink()  # it is the one file that this test leaves outside its own folder


def test_another_runtime_folder_in_the_hosts_environment_changes_nothing(tmp_path: Path) -> None:
    elsewhere = {"XDG_RUNTIME_DIR": str(tmp_path / "elsewhere")}

    with EchoGateway(locate(str(tmp_path))), started_shim(tmp_path, environment=elsewhere) as shim:
        assert answer_to(shim, LINE) == LINE
