"""What the gate looks at means one thing to every reader, and is exactly what goes on."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw

from ostiary.gateway.wire import strict
from ostiary.gateway.wire.strict import DEPTH_LIMIT, AmbiguousError, decode_members, decode_object

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))
objects = st.dictionaries(texts, values, max_size=5)
long_texts = st.sampled_from(['"', "\\", "\n", "é", "\u2028", "x", '","text":"', '"}}']).map(lambda part: part * 20_000)

LONG = b'"' + b"x" * 20_000 + b'"'
ESCAPED = b'"' + b'\\"\\\\\\n' * 5_000 + b'"'


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


@settings(max_examples=40)
@given(objects, objects, long_texts, st.booleans(), st.booleans(), st.booleans())
def test_what_stands_around_a_long_text_is_read_as_it_is_without_one(
    params: dict[str, Any], arguments: dict[str, Any], text: str, first: bool, compact: bool, ascii_only: bool
) -> None:
    arguments = {"text": text} | arguments if first else arguments | {"text": text}
    value = params | {"arguments": arguments | {"text": text}}
    separators = (",", ":") if compact else (" , ", " : ")
    raw = json.dumps(value, separators=separators, ensure_ascii=ascii_only).encode()

    decoded, members = decode_members(raw)

    assert decoded == value
    assert {name: json.loads(member) for name, member in members.items()} == value


@settings(max_examples=40)
@given(objects, objects, long_texts)
def test_compact_text_with_a_long_string_goes_out_as_it_came(
    params: dict[str, Any], arguments: dict[str, Any], text: str
) -> None:
    value = params | {"arguments": arguments | {"text": text}}

    _, members = decode_members(msgspec.json.encode(value))

    assert members == {name: msgspec.json.encode(member) for name, member in value.items()}


@pytest.mark.parametrize("text", [LONG, ESCAPED], ids=["plain", "escaped"])
@pytest.mark.parametrize(
    "around",
    [
        b'{"arguments":{"text":%b,"text":%b}}',
        b'{"arguments":{"text":%b,"a":1,"text":%b}}',
        b'{"arguments":{"text":%b},"arguments":{"text":%b}}',
        b'{"arguments":{"b":%b,"text":%b,"a":1,"a":1}}',
        b'{"arguments":{"a":{"c":%b},"text":%b,"a":1}}',
        b'{"arguments":{"a":[{"c":1,"c":%b}],"text":%b}}',
        b'{"arguments":{"\\u0074ext":%b,"text":%b}}',
        b'{"name":%b,"arguments":{"text":%b},"name":"x"}',
    ],
    ids=lambda raw: raw.decode().replace("%b", "…"),
)
def test_equal_keys_around_a_long_text_are_refused(around: bytes, text: bytes) -> None:
    for first in (b"1", b'"short"', text):
        with pytest.raises(AmbiguousError, match="twice"):
            decode_object(around % (first, text))


@pytest.mark.parametrize("step", [1, -1], ids=["behind the text", "before it"])
def test_equal_keys_are_refused_although_they_take_the_place_of_one_as_it_is_encoded(step: int) -> None:
    def with_text(member: bytes) -> bytes:
        return b'{"arguments":{%b}}' % b",".join([b'"text":%b' % LONG, member][::step])

    assert decode_object(with_text(b'"a":1000000000000.0'))
    with pytest.raises(AmbiguousError, match="twice"):
        decode_object(with_text(b'"a":1,"a":1e12     '))


@pytest.mark.parametrize("beside", [b"1e999", b"NaN", b'"\xff"', b"[" * 200 + b"]" * 200], ids=ascii)
def test_what_is_refused_is_refused_beside_a_long_text_too(beside: bytes) -> None:
    with pytest.raises(AmbiguousError):
        decode_object(b'{"arguments":{"text":%b,"a":%b}}' % (LONG, beside))


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
