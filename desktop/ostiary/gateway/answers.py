"""A host's open requests, and the one answer that each of them gets.

Owns which ids are open, here and in the record that outlives the gateway; what the answers say is ``session``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from ostiary.gateway.asking import RefusedRequestError
from ostiary.gateway.record import Record
from ostiary.gateway.wire import envelope
from ostiary.gateway.wire.envelope import INTERNAL_ERROR
from ostiary.gateway.wire.framing import LINE_LIMIT_BYTES
from ostiary.gateway.wire.messages import Key, Request

TOO_LONG: Final = "The answer is longer than 10 MiB"
STILL_OPEN: Final = "This id belongs to a request that is still open"

Cancel = Callable[[str], None]


class _Open(Struct):
    """A request of the host that has no answer yet."""

    request: Request
    cancel: Cancel | None = None


class Answers:
    """Of one host. ``send`` takes the parts of a line."""

    def __init__(self, send: Callable[..., None], record: Record) -> None:
        self._send = send
        self._record = record
        self._open: dict[Key, _Open] = {}

    def open(self, request: Request) -> str | None:
        """From now on it waits for its answer. Gives the reason where it cannot be taken."""
        if request.key in self._open:
            return STILL_OPEN
        refusal = self._record.open(request.key, request.id)
        if refusal is None:
            self._open[request.key] = _Open(request)
        return refusal

    def cancel_by(self, request: Request, cancel: Cancel) -> None:
        """How to stop the work on it, where it is still open."""
        if self.is_open(request):
            self._open[request.key].cancel = cancel

    def is_open(self, request: Request) -> bool:
        """True until this very request is answered or cancelled; its id may belong to a later one then."""
        open_ = self._open.get(request.key)
        return open_ is not None and open_.request is request

    def take(self, request: Request) -> bool:
        """It is answered now, or needs no answer any more. False when that was so before."""
        is_open = self.is_open(request)
        if is_open:
            del self._open[request.key]
            self._record.answer(request.key)
        return is_open

    def give(self, request: Request, parts: tuple[bytes, ...]) -> None:
        """Answer an open request; one that was cancelled in between gets nothing."""
        if self.take(request):
            too_long = sum(map(len, parts)) > LINE_LIMIT_BYTES
            self._send(*(envelope.error(request.id, INTERNAL_ERROR, TOO_LONG) if too_long else parts))

    def refuse(self, request: Request, refusal: RefusedRequestError) -> None:
        """Answer with an error."""
        self.give(request, envelope.error(request.id, refusal.code, refusal.message, refusal.data))

    def cancelled(self, key: Key, reason: str) -> None:
        """The host wants no answer to this one; it may have got it already."""
        open_ = self._open.pop(key, None)
        self._record.close(key)
        if open_ is not None and open_.cancel is not None:
            open_.cancel(reason)

    def cancel_all(self, reason: str) -> None:
        """Nobody waits for any."""
        open_requests = list(self._open.values())
        for open_ in open_requests:
            if open_.cancel is not None:
                open_.cancel(reason)
        self._open.clear()
