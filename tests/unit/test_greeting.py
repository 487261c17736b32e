"""What is said first: hellos that are understood, and those that are not."""

import json
import os

import pytest

from ostiary.gateway.greeting import Hello, Kind, Transport, agree, decode_hello, refusal, welcome
from ostiary_connect import challenge
from ostiary_connect.greeting import LINE_LIMIT_BYTES, GreetingError, RefusedError, decode_welcome, encode_hello

PLAIN = {
    "ostiary": [1, 1],
    "kind": "host",
    "host": "cursor",
    "servers": None,
    "cwd": "/",
    "version": "0.1.0",
    "transport": "pump",
    "resume": None,
}


def test_a_hello_arrives_as_it_was_said() -> None:
    line = encode_hello("host", "0.1.0", host="cursor", servers=["a", "b"], cwd="/ü", transport="handover")

    expected = Hello(Kind.HOST, "cursor", ("a", "b"), "/ü", "0.1.0", (1, 3), Transport.HANDOVER, None)
    assert decode_hello(line) == expected


def test_a_hello_of_a_newer_caller_may_say_more() -> None:
    assert decode_hello(json.dumps({**PLAIN, "ostiary": [1, 7], "mood": "good"}).encode()).protocols == (1, 7)


@pytest.mark.parametrize(
    "change",
    [
        {"ostiary": 1},
        {"ostiary": ["1", "1"]},
        {"kind": "root"},
        {"host": 7},
        {"servers": "files"},
        {"servers": [{"command": "sh"}]},
        {"cwd": None},
        {"transport": "post"},
        {"resume": {"allow": True}},
    ],
)
def test_a_hello_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(GreetingError):
        decode_hello(json.dumps({**PLAIN, **change}).encode())


@pytest.mark.parametrize("line", [b"", b"GET / HTTP/1.1\r\n", b"[]\n", b"\xff\xfe\n", b"[" * 60_000 + b"\n"])
def test_what_is_no_hello_is_refused(line: bytes) -> None:
    with pytest.raises(GreetingError):
        decode_hello(line)


def test_a_hello_that_the_gateway_would_not_read_is_not_sent() -> None:
    with pytest.raises(GreetingError, match="longer"):
        encode_hello("host", "0.1.0", servers=["x" * LINE_LIMIT_BYTES])


@pytest.mark.parametrize(
    ("theirs", "agreed"), [((1, 1), 1), ((1, 9), 3), ((1, 2), 2), ((0, 1), 1), ((4, 9), None), ((0, 0), None)]
)
def test_the_newest_protocol_that_both_speak_is_taken(theirs: tuple[int, int], agreed: int | None) -> None:
    assert agree(theirs) == agreed


def test_a_welcome_gives_the_agreed_protocol() -> None:
    assert decode_welcome(welcome(1, "0.1.0")) == 1


def test_a_refusal_reaches_the_caller_with_its_reason() -> None:
    with pytest.raises(RefusedError) as refused:
        decode_welcome(refusal("Too old", "Update it.", "0.1.0"))

    assert (refused.value.title, refused.value.detail) == ("Too old", "Update it.")


@pytest.mark.parametrize(
    "changed", [("gateway", 9, b"a", b"b"), ("shim", 8, b"a", b"b"), ("shim", 9, b"b", b"a"), ("shim", 9, b"a", b"c")]
)
def test_a_proof_holds_for_one_side_one_port_and_one_pair_of_nonces(changed: tuple[str, int, bytes, bytes]) -> None:
    key = os.urandom(32)
    shown = challenge.proof(key, "shim", 9, b"a", b"b")
    challenge.check(shown, key, "shim", 9, b"a", b"b")

    with pytest.raises(PermissionError):
        challenge.check(shown, key, *changed)
