"""The host's end of one call: whom progress goes to, who can be asked, where the end is told.

A call has one of two: a legacy host is asked with requests while its own stays open (here), a 2026-07-28 host by
ending its request and waiting for the next (``parking``).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from msgspec import Raw

from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.host_requests import HostRequests
from ostiary.gateway.inquiry import Inquiry, OnReply, Reply, abandoned, can_be_asked, params_for_legacy, unable
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.members import members_of

CALL_OVER: Final = "The call that asked is over"

OnEnd = Callable[[Ended], None]
Withdraw = Callable[[], None]
OnRetry = Callable[[Mapping[str, Any]], None]
"""Told the parameters of the request with which a host comes back."""


class HostEnd(Protocol):
    """Everything belongs to the loop's thread. ``session`` is the number of the host's session."""

    @property
    def session(self) -> int: ...

    @property
    def modern(self) -> bool: ...

    @property
    def capabilities(self) -> Mapping[str, Any]:
        """What the call's server may be told that this host can do."""

    @property
    def log_level(self) -> str | None:
        """The least severe log message that the host wants while this call runs; None for none."""

    @property
    def wants_progress(self) -> bool: ...

    @property
    def is_full(self) -> bool:
        """True while the host does not read what it was sent: more answers would only fill our memory."""

    def progress(self, members: dict[str, Raw]) -> None:
        """The call goes on."""

    def inquire(self, inquiry: Inquiry, on_reply: OnReply) -> Withdraw:
        """Ask the host. ``on_reply`` is called once, unless what is returned is called before."""

    def hand_over(self, result: bytes, state: str | None, on_retry: OnRetry) -> None:
        """Give a 2026-07-28 host what its server needs, as it is, and wait for it to come back."""

    def visited(self, page_id: str) -> None:
        """The page of a URL elicitation, by the id that its server gave it, did its work; also after the end."""

    def end(self, ended: Ended) -> None:
        """The call is over."""

    def close(self) -> None:
        """The call was cancelled: nobody hears its end, and what was asked in it is answered so."""


class LegacyHostEnd:
    """A host that is asked with requests of ours. ``notify`` sends it a notification."""

    modern = False

    def __init__(
        self,
        session: int,
        asked: Asked,
        requests: HostRequests,
        notify: Callable[[str, object], None],
        end: OnEnd,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self.session = session
        self.capabilities = asked.capabilities
        self.log_level = asked.log_level
        self.wants_progress = asked.progress is not None
        self._asked = asked
        self._requests = requests
        self._notify = notify
        self._end = end
        self._is_full = is_full
        self._open: dict[int, tuple[Inquiry, OnReply]] = {}
        self._pages: list[str] = []

    @property
    def is_full(self) -> bool:
        return self._is_full()

    def progress(self, members: dict[str, Raw]) -> None:
        if self._asked.progress is not None:
            self._asked.progress(members)

    def inquire(self, inquiry: Inquiry, on_reply: OnReply) -> Withdraw:
        if not can_be_asked(inquiry, self.capabilities):
            on_reply(unable(inquiry, f"The host does not offer {inquiry.method}"))
            return _nothing_to_withdraw
        if self._requests.is_crowded:
            on_reply(unable(inquiry, "The host does not read what it was sent"))
            return _nothing_to_withdraw
        params = params_for_legacy(inquiry, self._asked.version, self._new_page_id(inquiry))

        number = self._requests.ask(inquiry.method, params, lambda reply: self._replied(number, reply))
        self._open[number] = (inquiry, on_reply)
        return lambda: self._withdraw(number)

    def hand_over(self, result: bytes, state: str | None, on_retry: OnRetry) -> None:
        raise AssertionError("a legacy host never comes back with another request")

    def end(self, ended: Ended) -> None:
        self.close()
        self._end(ended)
        for page_id in self._pages:
            self.visited(page_id)

    def visited(self, page_id: str) -> None:
        self._notify(methods.ELICITATION_COMPLETE, {"elicitationId": page_id})

    def close(self) -> None:
        """The call is over: what the host was asked is taken back, and whoever asked hears so."""
        for number, (inquiry, on_reply) in tuple(self._open.items()):
            self._withdraw(number)
            on_reply(abandoned(inquiry, CALL_OVER))

    def _replied(self, number: int, reply: Reply) -> None:
        _inquiry, on_reply = self._open.pop(number)
        on_reply(reply)

    def _withdraw(self, number: int) -> None:
        self._open.pop(number, None)
        self._requests.cancel(number, CALL_OVER)

    def _new_page_id(self, inquiry: Inquiry) -> str:
        """An id for a page whose server gave none; that its elicitation is complete is told when the call is over."""
        if not inquiry.is_url or "elicitationId" in members_of(inquiry.params):
            return ""
        self._pages.append(str(uuid.uuid4()))
        return self._pages[-1]


def _nothing_to_withdraw() -> None:
    """It was answered at once."""
