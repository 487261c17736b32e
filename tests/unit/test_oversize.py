"""The id of a message that was too long: found where it is certain, and nowhere else."""

import pytest

from ostiary.gateway.wire.framing import KEPT_BYTES, LineSplitter, Oversize
from ostiary.gateway.wire.messages import Key
from ostiary.gateway.wire.oversize import find_id, find_key

BULK = b'"' + b"x" * 20_000 + b'"'


def oversize(text: bytes) -> Oversize:
    (line,) = LineSplitter(limit_bytes=2 * KEPT_BYTES).feed(text + b"\n")
    assert isinstance(line, Oversize)
    return line


@pytest.mark.parametrize(
    ("text", "raw", "key"),
    [
        (b'{"jsonrpc":"2.0","id":7,"result":{"text":%s}}', b"7", 7),
        (b'{ "id" : "7" , "result":{"text":%s}}', b'"7"', "7"),
        (b'{"jsonrpc":"2.0","result":{"text":%s},"id":-3}', b"-3", -3),
        (b'{"result":{"text":%s} , "id" : "a\\"}" } ', b'"a\\"}"', 'a"}'),
        (b'{"params":{"id":1},"method":"id","id":2,"x":%s}', b"2", 2),
        (b'{"a":[{"id":1}],"id":4,"x":%s}', b"4", 4),
        (b'{"a":"\\"id\\":1,","id":5,"x":%s}', b"5", 5),
    ],
)
def test_the_id_is_found_at_either_end(text: bytes, raw: bytes, key: Key) -> None:
    line = oversize(text % BULK)

    assert (find_id(line), find_key(line)) == (raw, key)


@pytest.mark.parametrize(
    "text",
    [
        b'{"jsonrpc":"2.0","method":"m","params":{"text":%s}}',
        b'{"result":{"id":1,"text":%s}}',
        b'{"result":{"text":%s,"id":1}}',
        b'{"result":[{"text":%s,"id":1}]}',
        b'{"result":%s,"id":1,"more":{}}',
        b'{"result":%s,"text":"\\"id\\":1}"}',
        b'{"id":1.5,"result":%s}',
        b'{"id":null,"result":%s}',
        b'{"id":007,"result":%s}',
        b'{"id":"\\x","result":%s}',
        b'{"id":"\xff","result":%s}',
        b'{"result":%s,"id":"\\ud800"}',
        b"noise %s",
        b'[["id":1, %s',
    ],
)
def test_what_is_not_certain_is_not_found(text: bytes) -> None:
    line = oversize(text.replace(b"%s", BULK))

    assert (find_id(line), find_key(line)) == (None, None)
