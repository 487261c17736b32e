"""What a tool's result says of itself, read from its bytes."""

from __future__ import annotations

import pytest

from ostiary.gateway.planning import says_error

LONG = b"x" * 100_000


@pytest.mark.parametrize(
    "result",
    [
        b'{"content":[],"isError":true}',
        b'{"isError":true,"structuredContent":{"a":1,"isError":false}}',
        b'{"isError":true,"content":[{"type":"text","text":"a,\\"isError\\":false}"}]}',
        b'{"content":[], "isError": true}',
        b'{"isError":false,"content":[],"isError":true}',
        b'{"content":[{"type":"text","text":"%b"}],"isError":true}' % LONG,
    ],
    ids=lambda result: ascii(result)[:80],
)
def test_a_result_that_failed_is_seen_to_have_failed_whatever_else_is_written_in_it(result: bytes) -> None:
    assert says_error(result)


@pytest.mark.parametrize(
    "result",
    [
        None,
        b"{}",
        b'{"content":[],"isError":false}',
        b'{"isError":true,"content":[],"isError":false}',
        b'{"content":[{"type":"text","text":"\\"isError\\":true"}]}',
        b'{"structuredContent":{"isError":true}}',
        b'{"content":[{"type":"text","text":"%b"}]}' % LONG,
        b'{"isError":true,"content":[{"type":"text","text":"%b"}],"isError":false}' % LONG,
    ],
    ids=lambda result: ascii(result)[:80],
)
def test_a_result_that_did_not_fail_is_not_taken_for_one(result: bytes | None) -> None:
    assert not says_error(result)
