"""What one legacy server asks by itself: which host each question belongs to, and the answers on their way back.

stdio ties such a request to no call (protocol 2025-11-25), so it is given to the host whose calls are the only ones
under way, within its newest. Where several hosts wait nobody can tell; then it is refused, and the server's calls take
turns from its first question on, so that this does not happen again. A call that was given up counts too: the server
may have asked before it heard so, or go on all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from ostiary.gateway.host_end import HostEnd, Withdraw
from ostiary.gateway.inquiry import Inquiry, Reply, unable
from ostiary.gateway.wire import envelope
from ostiary.gateway.wire.members import members_of, text_of
from ostiary.gateway.wire.messages import Key, Request

OPEN_LIMIT = 100
"""A server that asks more than that without an answer is refused: its questions must not fill our memory."""

PAGES_REMEMBERED = 100


OnAsking = Callable[[HostEnd, bool], None]


@dataclass(slots=True, eq=False)
class _Question:
    """Whom it was given to, and how to take it back."""

    host: HostEnd
    withdraw: Withdraw = lambda: None


def owner(waiting: Sequence[HostEnd], given_up: Set[int] = frozenset()) -> HostEnd | None:
    """Of the calls that are under way, oldest first, the one that a question is asked in; None if it is not certain.

    ``given_up`` are the sessions whose calls the server was told to stop a moment ago.
    """
    return waiting[-1] if waiting and len({host.session for host in waiting} | given_up) == 1 else None


class ServerRequests:
    """The questions that are not answered. ``send`` writes the parts of a line to the server.

    ``on_asking`` is told that a host begins to think about one (True), and that it does so no more (False).
    """

    def __init__(self, send: Callable[..., None], on_asking: OnAsking) -> None:
        self._send = send
        self._on_asking = on_asking
        self._open: dict[Key, _Question] = {}
        self._pages: dict[str, HostEnd] = {}

    def arrived(self, request: Request, waiting: Sequence[HostEnd], given_up: Set[int] = frozenset()) -> None:
        """The server asks; ``waiting`` are the calls that are under way there, oldest first, ``given_up`` as above."""
        if request.key in self._open:
            refusal = "This id belongs to a request that is still open"
            self._send(*envelope.error(request.id, envelope.INVALID_REQUEST, refusal))
            return
        inquiry = Inquiry(request.method, request.params)
        if len(self._open) >= OPEN_LIMIT:
            self._write(request, unable(inquiry, "Too many questions are open"))
            return
        host = owner(waiting, given_up)
        if host is None:
            reason = "several hosts wait for this server" if waiting else "no host waits for this server"
            self._write(request, unable(inquiry, f"Nobody can be asked: {reason}"))
            return
        if inquiry.is_url:
            self.expect_visits((inquiry,), host)
        question = self._open[request.key] = _Question(host)
        self._on_asking(host, True)
        question.withdraw = host.inquire(inquiry, lambda reply: self._reply(request, reply))

    def expect_visits(self, pages: Iterable[Inquiry], host: HostEnd) -> None:
        """A host was sent to these pages; the server may tell when they did their work."""
        for page in pages:
            self._pages[text_of(members_of(page.params).get("elicitationId")) or ""] = host
        while len(self._pages) > PAGES_REMEMBERED:
            del self._pages[next(iter(self._pages))]

    def visited(self, page_id: str) -> None:
        """The server tells that a page did its work."""
        host = self._pages.pop(page_id, None)
        if host is not None:
            host.visited(page_id)

    def cancelled(self, key: Key) -> None:
        """The server wants no answer any more."""
        question = self._open.pop(key, None)
        if question is not None:
            self._on_asking(question.host, False)
            question.withdraw()

    def close(self) -> None:
        """The server is gone."""
        for key in tuple(self._open):
            self.cancelled(key)

    def _reply(self, request: Request, reply: Reply) -> None:
        question = self._open.pop(request.key, None)
        if question is not None:
            self._on_asking(question.host, False)
            self._write(request, reply)

    def _write(self, request: Request, reply: Reply) -> None:
        if reply.result is not None:
            self._send(*envelope.result(request.id, reply.result))
        elif reply.error is not None:
            self._send(*envelope.raw_error(request.id, reply.error))
