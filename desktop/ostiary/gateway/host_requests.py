"""Requests of ours to one legacy host: their ids, and whom the answer is for."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable

from ostiary.gateway.inquiry import OnReply, Reply
from ostiary.gateway.translate import error_for
from ostiary.gateway.wire import envelope, methods, strict
from ostiary.gateway.wire.envelope import INTERNAL_ERROR
from ostiary.gateway.wire.messages import Key, Response

MOST_QUEUED_BYTES = 16 * 1024 * 1024
"""A host that has left so much unread is asked nothing more: servers may ask, take back, and ask (our policy)."""

FIRST_ID_LIMIT = 2**40
"""Ids start anywhere below: a host that outlived a gateway may still answer what that one asked."""

_UNREADABLE = Reply(
    None, strict.encode({"code": INTERNAL_ERROR, "message": "The host gave an answer that cannot be read"})
)


class HostRequests:
    """What a host was asked and has not answered. ``send`` writes the parts of a line.

    ``queued_bytes`` tells how much the host has not read.
    """

    def __init__(self, send: Callable[..., None], queued_bytes: Callable[[], int] = lambda: 0) -> None:
        self._send = send
        self._queued_bytes = queued_bytes
        self._numbers = itertools.count(secrets.randbelow(FIRST_ID_LIMIT))
        self._open: dict[int, OnReply] = {}

    @property
    def is_crowded(self) -> bool:
        """True while the host has left too much unread to be asked anything."""
        return self._queued_bytes() > MOST_QUEUED_BYTES

    def ask(self, method: str, params: bytes | None, on_reply: OnReply) -> int:
        """Send a request. ``on_reply`` is called exactly once, unless it is cancelled before. Returns our id."""
        number = next(self._numbers)
        self._open[number] = on_reply
        self._send(*envelope.request(number, method, *(() if params is None else (params,))))
        return number

    def cancel(self, number: int, reason: str) -> None:
        """Nobody waits for the answer any more: tell the host."""
        if self._open.pop(number, None) is not None:
            params = strict.encode({"requestId": number, "reason": reason})
            self._send(*envelope.notification(methods.CANCELLED, params))

    def answered(self, response: Response) -> None:
        """The host answered; an answer to nothing that is open is dropped."""
        on_reply = self._open.pop(response.key, None) if isinstance(response.key, int) else None
        if on_reply is not None:
            on_reply(_sound(response))

    def unreadable(self, key: Key | None) -> bool:
        """The host gave an answer that cannot be read. False where it is to nothing that is open."""
        on_reply = self._open.pop(key, None) if isinstance(key, int) else None
        if on_reply is not None:
            on_reply(_UNREADABLE)
        return on_reply is not None


def _sound(response: Response) -> Reply:
    """What goes on to a server is an object, whatever the host wrote."""
    if response.error is not None:
        return Reply(None, error_for(response.error, to_modern=False))
    is_object = response.result is not None and response.result[:1] == b"{"
    return Reply(response.result, None) if is_object else _UNREADABLE
