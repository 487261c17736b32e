"""The client keeps replies and events apart, whatever order and pieces they come in, and never waits for ever."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ostiary.control import codec
from ostiary.control.client import ControlClient
from ostiary.control.messages import Done, ListRoots, Quit, RemoveRoot
from ostiary.domain.errors import RefusedError, UnreachableError, UsageError
from ostiary.domain.events import Calls, RaiseWindow

LIMIT_BYTES = 2000


class Wire:
    """Both ends of one connection: the client, and a gateway that the test plays."""

    def __init__(self) -> None:
        ours, self.gateway = socket.socketpair()
        self.gateway.settimeout(20)
        self.client = ControlClient(ours, limit_bytes=LIMIT_BYTES)

    def say(self, *lines: bytes) -> None:
        self.gateway.sendall(b"".join(line + b"\n" for line in lines))

    def heard(self) -> Any:
        return json.loads(self.gateway.recv(65536))

    def close(self) -> None:
        self.client.close()
        self.gateway.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire()
    yield opened
    opened.close()


def test_a_command_goes_out_as_one_line_and_its_result_comes_back(wire: Wire) -> None:
    wire.say(codec.encode_result(1, Done()))

    assert wire.client.ask(RemoveRoot(path="/x")) == Done()
    assert wire.heard() == {"id": 1, "command": {"do": "roots.remove", "path": "/x"}}


def test_the_error_of_a_command_is_raised_as_what_it_is(wire: Wire) -> None:
    wire.say(codec.encode_failure(1, RefusedError("No", "Because.")))

    with pytest.raises(RefusedError, match=r"No\. Because\."):
        wire.client.ask(Quit())


def test_events_that_come_before_a_reply_are_kept_in_order(wire: Wire) -> None:
    wire.say(codec.encode_event(RaiseWindow()), codec.encode_event(Calls(rows=())), codec.encode_result(1, []))

    assert wire.client.ask(ListRoots()) == ()
    events = wire.client.events()
    assert [next(events), next(events)] == [RaiseWindow(), Calls(rows=())]


def test_a_reply_that_comes_too_late_does_not_answer_the_next_command(wire: Wire) -> None:
    with pytest.raises(UnreachableError, match="in time"):
        wire.client.ask(Quit(), timeout_s=0.01)
    wire.say(codec.encode_failure(1, RefusedError("Late")), codec.encode_result(2, []))

    assert wire.client.ask(ListRoots()) == ()


def test_a_reply_in_pieces_is_one_reply(wire: Wire) -> None:
    whole = codec.encode_result(1, []) + b"\n"
    wire.gateway.sendall(whole[:5])
    with pytest.raises(UnreachableError):
        wire.client.ask(ListRoots(), timeout_s=0.01)
    wire.gateway.sendall(whole[5:] + codec.encode_result(2, Done()) + b"\n")

    assert wire.client.ask(Quit()) == Done()


def test_a_gateway_that_hangs_up_ends_the_command(wire: Wire) -> None:
    wire.gateway.close()

    with pytest.raises(UnreachableError, match="ended"):
        wire.client.ask(Quit())


def test_a_gateway_that_hangs_up_ends_the_events(wire: Wire) -> None:
    wire.say(codec.encode_event(RaiseWindow()))
    wire.gateway.close()

    events = wire.client.events()
    assert next(events) == RaiseWindow()
    with pytest.raises(UnreachableError, match="ended"):
        next(events)


def test_events_end_when_their_time_is_over(wire: Wire) -> None:
    wire.say(codec.encode_event(RaiseWindow()))

    assert list(wire.client.events(timeout_s=0.05)) == [RaiseWindow()]


def test_a_command_that_nobody_reads_does_not_wait_for_ever(wire: Wire) -> None:
    with pytest.raises(UnreachableError, match="in time"):
        wire.client.ask(RemoveRoot(path="x" * 20_000_000), timeout_s=0.05)


def test_a_line_without_end_is_given_up(wire: Wire) -> None:
    wire.gateway.sendall(b"x" * (LIMIT_BYTES + 1))

    with pytest.raises(UnreachableError, match="unreadable"):
        wire.client.ask(Quit())


def test_what_is_no_message_is_given_up(wire: Wire) -> None:
    wire.say(b"hello")

    with pytest.raises(UnreachableError, match="unreadable"):
        wire.client.ask(Quit())


def test_text_that_is_not_utf8_is_refused_before_it_is_sent(wire: Wire) -> None:
    with pytest.raises(UsageError, match="not valid text"):
        wire.client.ask(RemoveRoot(path="/\udcff"))


def test_waiting_for_the_end_tells_whether_it_came(wire: Wire) -> None:
    assert not wire.client.wait_for_end(0.01)
    wire.gateway.close()
    assert wire.client.wait_for_end(10)
