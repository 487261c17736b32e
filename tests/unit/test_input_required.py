"""A server's result that asks for more is told from one that only speaks of it, however long it is."""

from __future__ import annotations

import pytest

from ostiary.gateway.inquiry import read_input_required

LONG = b"x" * 100_000


@pytest.mark.parametrize("text", [b"", LONG], ids=["short", "long"])
def test_what_a_server_needs_is_read_with_its_state(text: bytes) -> None:
    needed = read_input_required(b'{"requestState":"%b","resultType":"input_required"}' % text)

    assert needed is not None
    assert (needed.inquiries, needed.state) == ({}, text.decode())


@pytest.mark.parametrize("text", [b"", LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    "result",
    [
        b'{"content":[{"type":"text","text":"%b"}]}',
        b'{"resultType":"complete","content":["%b","input_required"]}',
        b'{"resultType":"input_required","resultType":"complete","content":["%b"]}',
        b'{"resultType":"input_required","inputRequests":"%b"}',
    ],
)
def test_another_result_needs_nothing(result: bytes, text: bytes) -> None:
    assert read_input_required(result % text) is None
