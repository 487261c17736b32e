"""What the host is told when no gateway can be had: a JSON-RPC error for its first request."""

import json
from collections.abc import Callable
from threading import Thread

from ostiary_connect.carry import write_all
from ostiary_connect.ids import Verbatim, raw_id

REQUEST_WAIT_S = 3.0
"""How long the first request is waited for; hosts send it at once."""

LINE_LIMIT_BYTES = 10 * 1024 * 1024
INTERNAL_ERROR = -32603  # JSON-RPC 2.0, §5.1


def refuse_first_request(reason: str, hear: Callable[[], bytes]) -> None:
    """Answer the host's first request, whichever it is, with ``reason``. Gives up quietly without one.

    ``hear`` waits for what the host says next; it gives nothing at the end.
    """
    answering = Thread(target=_answer, args=(reason, hear), daemon=True)  # a thread: Windows has no timeout for pipes
    answering.start()
    answering.join(REQUEST_WAIT_S)


def _answer(reason: str, hear: Callable[[], bytes]) -> None:
    try:
        request_id = _first_request_id(hear)
        if request_id is not None:
            told = json.dumps({"code": INTERNAL_ERROR, "message": reason})
            write_all(1, f'{{"jsonrpc":"2.0","id":{request_id},"error":{told}}}\n'.encode())
    except OSError:
        pass  # the host has left


def _first_request_id(hear: Callable[[], bytes]) -> str | None:
    """The id of the first request as JSON text; None at the end."""
    unread = b""
    while len(unread) < LINE_LIMIT_BYTES:
        chunk = hear()
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
        message = json.loads(line, parse_int=Verbatim, parse_float=Verbatim)
    except (ValueError, RecursionError):
        return None
    match message:
        case {"method": str(), "id": given}:
            return raw_id(given)
    return None
