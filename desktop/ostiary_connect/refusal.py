"""What the host is told when no gateway can be had: a JSON-RPC error for its first request."""

import json
from threading import Thread

from ostiary_connect.carry import read_some, write_all

REQUEST_WAIT_S = 3.0
"""How long the first request is waited for; hosts send it at once."""

LINE_LIMIT_BYTES = 10 * 1024 * 1024
INTERNAL_ERROR = -32603  # JSON-RPC 2.0, §5.1


class _Verbatim(str):
    """A number as it stood in the text: 1e2 is not 100 to everyone who compares ids."""

    __slots__ = ()


def refuse_first_request(reason: str) -> None:
    """Answer the host's first request, whichever it is, with ``reason``. Gives up quietly without one."""
    answering = Thread(target=_answer, args=(reason,), daemon=True)  # a thread: Windows has no timeout for pipes
    answering.start()
    answering.join(REQUEST_WAIT_S)


def _answer(reason: str) -> None:
    try:
        request_id = _first_request_id()
        if request_id is not None:
            told = json.dumps({"code": INTERNAL_ERROR, "message": reason})
            write_all(1, f'{{"jsonrpc":"2.0","id":{request_id},"error":{told}}}\n'.encode())
    except OSError:
        pass  # the host has left


def _first_request_id() -> str | None:
    """The id of the first request on stdin as JSON text; None at the end of it."""
    unread = b""
    while len(unread) < LINE_LIMIT_BYTES:
        chunk = read_some(0)
        *lines, unread = (unread + (chunk or b"\n")).split(b"\n")
        for line in lines:
            if (request_id := id_of_request(line)) is not None:
                return request_id
        if not chunk:
            return None
    return None


def id_of_request(line: bytes) -> str | None:
    """The id in a line exactly as the host has to get it back; None when the line is no request."""
    try:
        message = json.loads(line, parse_int=_Verbatim, parse_float=_Verbatim)
    except (ValueError, RecursionError):
        return None
    match message:
        case {"method": str(), "id": _Verbatim() as number}:
            return str(number)
        case {"method": str(), "id": str(text)}:
            return json.dumps(text)
    return None
