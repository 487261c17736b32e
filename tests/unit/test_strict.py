"""What the gate looks at means one thing to every reader, and is exactly what goes on."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from ostiary.gateway.wire import strict
from ostiary.gateway.wire.strict import DEPTH_LIMIT, AmbiguousError, decode_object

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))
objects = st.dictionaries(texts, values, max_size=5)


@given(objects, st.booleans(), st.booleans())
def test_what_goes_out_is_what_was_decoded(value: dict[str, Any], compact: bool, ascii_only: bool) -> None:
    separators = (",", ":") if compact else (" , ", " : ")
    raw = json.dumps(value, separators=separators, ensure_ascii=ascii_only).encode()

    decoded = decode_object(raw)

    assert decoded == value
    assert json.loads(strict.encode(decoded)) == value


@given(objects)
def test_compact_text_goes_out_as_it_came(value: dict[str, Any]) -> None:
    raw = msgspec.json.encode(value)

    assert strict.encode(decode_object(raw)) == raw


@given(objects, st.sampled_from([10, 100_000]))
def test_parts_together_are_the_object_and_long_json_is_not_copied(value: dict[str, Any], length: int) -> None:
    arguments = Raw(msgspec.json.encode({"text": "x" * length}))

    parts = strict.encode_parts(value | {"arguments": arguments})

    assert json.loads(b"".join(parts)) == value | {"arguments": {"text": "x" * length}}
    assert any(part is arguments for part in parts) == (length > 10)


def test_nothing_is_an_empty_object() -> None:
    assert decode_object(None) == {}


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":{"a":1,"a":2}}',
        b'{"x":[[{"a":1, "b":2, "a":3}]]}',
        b'{"":1,"":2}',
    ],
)
def test_equal_keys_are_refused_at_any_depth(raw: bytes) -> None:
    with pytest.raises(AmbiguousError, match="twice"):
        decode_object(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"null",
        b"5",
        b"",
        b"{",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":-1e999}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":%s}' % (b"9" * 5000),
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda raw: ascii(raw)[:20],
)
def test_what_readers_could_take_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(AmbiguousError):
        decode_object(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":18446744073709551616}', 2**64),
        (b'{"a":-123456789012345678901234567890}', -123456789012345678901234567890),
        (b'{"a":1.0}', 1.0),
        (b'{"a":1E2}', 100.0),
        (b'{"a":0.1000000000000000055511151231257827}', 0.1),
        (b'{"a":"\\/\\u00e9\\ud83d\\ude00"}', "/é😀"),
    ],
)
def test_numbers_and_escapes_keep_their_value_and_type(raw: bytes, value: object) -> None:
    decoded = decode_object(raw)["a"]

    assert (decoded, type(decoded)) == (value, type(value))
    again = json.loads(strict.encode({"a": decoded}))["a"]
    assert (again, type(again)) == (value, type(value))


@pytest.mark.parametrize("opening", [(b'{"a":', b"}"), (b"[", b"]")], ids=["objects", "arrays"])
def test_nesting_has_a_limit(opening: tuple[bytes, bytes]) -> None:
    begin, end = opening
    deepest = DEPTH_LIMIT - 1  # the object around it is the first level

    assert decode_object(b'{"x":' + begin * (deepest - 1) + b"1" + end * (deepest - 1) + b"}")
    with pytest.raises(AmbiguousError, match="deeper"):
        decode_object(b'{"x":' + begin * (deepest + 1) + b"1" + end * (deepest + 1) + b"}")
