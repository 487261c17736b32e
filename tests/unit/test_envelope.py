"""What counts as a message, which error everything else gets, and that nothing hidden in a line gets past."""

import json

import pytest

from ostiary.gateway.wire import envelope
from ostiary.gateway.wire.envelope import INVALID_REQUEST, PARSE_ERROR, MalformedError, decode
from ostiary.gateway.wire.messages import Key, Message, Notification, Request, Response

DEEP = 100_000


def line(members: bytes) -> bytes:
    return b'{"jsonrpc":"2.0",' + members + b"}"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (b'"id":1,"method":"ping"', Request(b"1", 1, "ping", None)),
        (b'"id":"1","method":"ping"', Request(b'"1"', "1", "ping", None)),
        (b'"method":"m","params":{"a":1.0}', Notification("m", b'{"a":1.0}')),
        (b'"id": 2 ,"method":"m","params": {"a" : [1, 2]} ', Request(b"2", 2, "m", b'{"a" : [1, 2]}')),
        (b'"id":3,"result":{"b":2}', Response(3, b'{"b":2}', None)),
        (b'"id":3,"error":{"code":1}', Response(3, None, b'{"code":1}')),
        (b'"id":3,"result":{},"error":null', Response(3, b"{}", None)),
        (b'"id":3,"result":null,"error":{}', Response(3, None, b"{}")),
        (b'"id":1,"method":"m","extra":{"id":9}', Request(b"1", 1, "m", None)),
        (b'"id":1,"method":"m","params":{"a":1e999}', Request(b"1", 1, "m", b'{"a":1e999}')),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
def test_a_message_is_read_and_its_parts_stay_as_written(members: bytes, message: Message) -> None:
    assert decode(line(members)) == message


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b"0", 0),
        (b"-0", 0),
        (b"-7", -7),
        (b'""', ""),
        (b'"1"', "1"),
        (b"18446744073709551616", 2**64),
        (b"9" * 30, int("9" * 30)),
        (b'"a\\u0000\\""', 'a\0"'),
    ],
)
def test_an_id_keeps_its_exact_type_and_its_own_letters(raw: bytes, key: Key) -> None:
    request = decode(line(b'"id":' + raw + b',"method":"m"'))

    assert isinstance(request, Request)
    assert (request.id, request.key, type(request.key)) == (raw, key, type(key))


@pytest.mark.parametrize(
    "raw", [b"null", b"true", b"1.0", b"1.5", b"1e2", b"{}", b"[]", b"9" * 5000], ids=lambda raw: raw[:8].decode()
)
@pytest.mark.parametrize("rest", [b'"method":"m"', b'"result":{}'], ids=["request", "response"])
def test_what_is_neither_string_nor_integer_is_no_id(raw: bytes, rest: bytes) -> None:
    with pytest.raises(MalformedError) as refusal:
        decode(line(b'"id":' + raw + b"," + rest))

    assert (refusal.value.code, refusal.value.id) == (INVALID_REQUEST, None)


@pytest.mark.parametrize(
    ("text", "code", "answerable"),
    [
        (b"", PARSE_ERROR, None),
        (b"hello", PARSE_ERROR, None),
        (b'{"jsonrpc":"2.0","id":1,"method":"m"', PARSE_ERROR, None),
        (line(b'"id":1,"method":"m"') + b" x", PARSE_ERROR, None),
        (line(b'"id":01,"method":"m"'), PARSE_ERROR, None),
        (line(b'"id":1,"method":"m","params":{"a":NaN}'), PARSE_ERROR, None),
        (line(b'"id":1,"method":"m","params":{"a":"\\ud800","b":NaN}'), PARSE_ERROR, None),
        (line(b'"id":1,"method":"m","params":{"a":"\xff"}'), PARSE_ERROR, None),
        (line(b'"id":1,"method":"m","params":{"a":"\xed\xa0\x80"}'), PARSE_ERROR, None),
        (line(b'"id":1,"method":"m"').decode().encode("utf-16-le"), PARSE_ERROR, None),
        (line(b'"id":1,"method":"m"').decode().encode("utf-16"), PARSE_ERROR, None),
        (b"[" * DEEP, INVALID_REQUEST, None),
        (line(b'"id":1,"method":"m","params":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP), PARSE_ERROR, None),
        (line(b'"id":1,"x":' + b"[" * DEEP + b"]" * DEEP), PARSE_ERROR, None),
        (b'"text"', INVALID_REQUEST, None),
        (b"[" + line(b'"id":1,"method":"m"') + b"]", INVALID_REQUEST, None),
        (b'{"id":1,"method":"m"}', INVALID_REQUEST, b"1"),
        (b'{"jsonrpc":"1.0","id":"a","method":"m"}', INVALID_REQUEST, b'"a"'),
        (b'{"jsonrpc":2.0,"id":1,"method":"m"}', INVALID_REQUEST, b"1"),
        (line(b'"id":1,"method":5'), INVALID_REQUEST, b"1"),
        (line(b'"id":1.5,"method":5'), INVALID_REQUEST, None),
        (line(b'"id":1,"method":"m","params":[]'), INVALID_REQUEST, b"1"),
        (line(b'"id":1,"method":"m","params":null'), INVALID_REQUEST, b"1"),
        (line(b'"id":1'), INVALID_REQUEST, b"1"),
        (line(b'"id":1,"result":null'), INVALID_REQUEST, b"1"),
        (line(b'"id":1,"result":{},"error":{}'), INVALID_REQUEST, b"1"),
        (line(b'"error":{"code":1}'), INVALID_REQUEST, None),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, bytes) else "",
)
def test_what_is_no_message_gets_its_error(text: bytes, code: int, answerable: bytes | None) -> None:
    with pytest.raises(MalformedError) as refusal:
        decode(text)

    assert (refusal.value.code, refusal.value.id) == (code, answerable)


@pytest.mark.parametrize("shift", range(4))
@pytest.mark.parametrize("sign", ["é", "—", "😀"])
def test_a_long_line_is_checked_to_its_last_letter(sign: str, shift: int) -> None:
    text = b"x" * shift + sign.encode() * 50_000
    result = b'{"text":"%b"}'

    assert decode(line(b'"id":1,"result":' + result % text)) == Response(1, result % text, None)
    for broken in (text[:-1], text[:65_536] + b"\xff" + text[65_536:], b"\xff" + text, text + b"\xff"):
        with pytest.raises(MalformedError, match="UTF-8"):
            decode(line(b'"id":1,"result":' + result % broken))
    with pytest.raises(MalformedError, match="UTF-8"):
        decode(line(b'"id":1,"result":{}') + sign.encode()[:-1])


def test_of_two_equal_members_only_the_one_that_was_read_goes_on() -> None:
    request = decode(line(b'"id":1,"id":2,"method":"a","method":"b","params":{"x":1},"params":{"y":1}'))

    assert request == Request(b"2", 2, "b", b'{"y":1}')
    sent = b"".join(envelope.request(7, request.method, request.params or b""))
    assert sent == b'{"jsonrpc":"2.0","id":7,"method":"b","params":{"y":1}}'


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"\\ud83d", b"\\ufffd"),
        (b"\\uDE00", b"\\ufffd"),
        (b"\\ud83d\\ud83d\\ude00", b"\\ufffd\\ud83d\\ude00"),
        (b"\\\\ud83d\\ud83d", b"\\\\ud83d\\ufffd"),
        (b"\\ud83dx\\ude00", b"\\ufffdx\\ufffd"),
    ],
)
def test_half_a_surrogate_pair_becomes_the_replacement_character(sent: bytes, read: bytes) -> None:
    """JavaScript that cuts a text in the middle of an emoji sends one; the rest of the message must not be lost."""
    message = decode(line(b'"id":1,"result":{"text":"' + sent + b'", "a" : 1, "a" : 2}'))

    assert message == Response(1, b'{"text":"' + read + b'", "a" : 1, "a" : 2}', None)


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (envelope.request(5, "m"), {"jsonrpc": "2.0", "id": 5, "method": "m"}),
        (envelope.notification('a"\n', b"{}"), {"jsonrpc": "2.0", "method": 'a"\n', "params": {}}),
        (envelope.result(b'"x"', b"{}"), {"jsonrpc": "2.0", "id": "x", "result": {}}),
        (envelope.raw_error(b"-0", b"{}"), {"jsonrpc": "2.0", "id": 0, "error": {}}),
        (envelope.error(None, 1, "no"), {"jsonrpc": "2.0", "error": {"code": 1, "message": "no"}}),
        (
            envelope.error(b"1", 1, "n", [2]),
            {"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "n", "data": [2]}},
        ),
    ],
)
def test_what_is_written_is_one_line_of_json(parts: tuple[bytes, ...], value: object) -> None:
    text = b"".join(parts)

    assert json.loads(text) == value
    assert b"\n" not in text
