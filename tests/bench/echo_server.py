"""An MCP server that costs next to nothing: it answers ``echo`` with as many characters as it is asked for.

Without an SDK, over plain pipes, so that what is measured beside it is the relay. Each answer is one write, as with
real servers. Speaks the generations that shake hands.
"""

from __future__ import annotations

import os

import msgspec
from msgspec import Raw, Struct

READ_BYTES = 64 * 1024

_INFO = b'{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"echo","version":"1"}}'
_TOOLS = (
    b'{"tools":[{"name":"echo","description":"Answers with text.","annotations":{"readOnlyHint":true},"inputSchema":'
    b'{"type":"object","properties":{"text":{"type":"string"},"size":{"type":"integer"}}}}]}'
)


class _Arguments(Struct, frozen=True):
    """``text`` may be there too; it is not looked at."""

    size: int = 0


class _Params(Struct, frozen=True):
    arguments: _Arguments = _Arguments()


class _Message(Struct, frozen=True):
    method: str
    id: Raw = Raw(b"")
    params: _Params = _Params()


_decode = msgspec.json.Decoder(_Message).decode


def main() -> None:
    """Answer line after line until the input ends."""
    pending: list[bytes] = []
    while chunk := os.read(0, READ_BYTES):
        pending.append(chunk)
        if b"\n" in chunk:
            *lines, rest = b"".join(pending).split(b"\n")
            pending = [rest] if rest else []
            for line in lines:
                _write(_answer(line))


def _answer(line: bytes) -> bytes:
    message = _decode(line)
    match message.method:
        case _ if not message.id:
            return b""  # a notification
        case "initialize":
            return _result(message.id, _INFO)
        case "tools/list":
            return _result(message.id, _TOOLS)
        case "tools/call":
            text = b"x" * message.params.arguments.size
            return _result(message.id, b'{"content":[{"type":"text","text":"%b"}],"isError":false}' % text)
        case _:
            error = b'{"code":-32601,"message":"Method not found"}'
            return b'{"jsonrpc":"2.0","id":%b,"error":%b}\n' % (message.id, error)


def _result(id_: bytes, result: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}\n' % (id_, result)


def _write(answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(1, left) :]


if __name__ == "__main__":
    main()
