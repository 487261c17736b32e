"""Calls of 2026-07-28 hosts that wait for their host to come back (MCP 2026-07-28, patterns/mrtr).

What a server asks during such a call ends the host's current request with ``input_required``. The call itself goes on:
it is parked under the state that the host was given and taken up by the request that brings that state again, from
the same session, for the same method, name and arguments, before its time is over. The state of ours is a random
ticket that says nothing; all it stands for is here.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Raw

from ostiary.gateway.asking import Asked, Ended, RefusedRequestError
from ostiary.gateway.host_end import CALL_OVER, OnEnd, OnRetry, Withdraw
from ostiary.gateway.inquiry import Inquiry, OnReply, Reply, abandoned, can_be_asked, declined, input_required
from ostiary.gateway.wire import strict
from ostiary.gateway.wire.envelope import INVALID_PARAMS

PARKED_S = 600.0
"""How long a host may think about a question; long enough for a person, short for a ticket (our policy)."""

PARKED_LIMIT = 1000
"""Calls parked at a time, of all hosts; for one more the oldest of the session with most is given up (our policy)."""

TICKET_PREFIX = "ostiary-ticket."
TICKET_BYTES = 32
RETRY_MEMBERS = ("inputResponses", "requestState")
_NOT_COMPARED = frozenset(("_meta", *RETRY_MEMBERS))

Cancel = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call waits: only the request that fits all of it finds the call again."""

    session: int
    request: bytes
    """A hash of the method, the name and the arguments."""
    state: str | None


@dataclass(slots=True)
class _Parked:
    call: ModernHostEnd
    timer: asyncio.TimerHandle


class Parking:
    """All parked calls. Everything belongs to the loop's thread."""

    def __init__(self, parked_s: float = PARKED_S) -> None:
        self._parked_s = parked_s
        self._calls: dict[_Place, _Parked] = {}

    def park(self, call: ModernHostEnd, state: str | None) -> None:
        """Keep a call until its host comes back with the state, or the time is over."""
        place = _place(call.session, call.asked, state)
        if place in self._calls or len(self._calls) >= PARKED_LIMIT:
            self._give_up(place if place in self._calls else self._oldest_of_most())
        timer = asyncio.get_running_loop().call_later(self._parked_s, self._expire, place)
        self._calls[place] = _Parked(call, timer)

    def take(self, session: int, asked: Asked) -> ModernHostEnd | None:
        """The call that this request takes up; None where it begins a new one.

        Raises ``RefusedRequestError`` for a ticket of ours that does not fit: changed, of another host, for another
        call, used already or too old.
        """
        if not any(member in asked.params for member in RETRY_MEMBERS):
            return None
        state = asked.params.get("requestState")
        if not isinstance(state, str | None):
            raise RefusedRequestError(INVALID_PARAMS, "requestState is not a string")
        parked = self._calls.pop(_place(session, asked, state), None)
        if parked is not None:
            parked.timer.cancel()
            return parked.call
        if state is not None and state.startswith(TICKET_PREFIX):
            raise RefusedRequestError(INVALID_PARAMS, "This requestState belongs to no call that waits")
        return None

    def drop(self, session: int) -> None:
        """A session is over: nobody comes back."""
        for place in [place for place in self._calls if place.session == session]:
            self._give_up(place)

    def _oldest_of_most(self) -> _Place:
        ((most, _count),) = Counter(place.session for place in self._calls).most_common(1)
        return next(place for place in self._calls if place.session == most)

    def _give_up(self, place: _Place) -> None:
        self._calls[place].timer.cancel()
        self._expire(place)

    def _expire(self, place: _Place) -> None:
        self._calls.pop(place).call.expire()


def _place(session: int, asked: Asked, state: str | None) -> _Place:
    params = {name: value for name, value in asked.params.items() if name not in _NOT_COMPARED}
    digest = hashlib.sha256(strict.encode([asked.method, sorted(params.items())])).digest()
    return _Place(session, digest, state)


class ModernHostEnd:
    """A host that is asked by ending its request. What ends while no request of it is open waits for the next."""

    modern = True

    def __init__(
        self,
        parking: Parking,
        session: int,
        asked: Asked,
        end: OnEnd,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self.session = session
        self.asked = asked
        self.cancel: Cancel = _nothing_to_cancel
        """Stops the whole call. Set by who sends it on its way, and given up at its end: it holds this host's end."""
        self.is_over = False
        """True once the host heard the end of the call."""
        self._parking = parking
        self._end: OnEnd | None = end
        self._is_full = is_full
        self._keys = itertools.count(1)
        self._open: dict[str, tuple[Inquiry, OnReply]] = {}
        self._on_retry: OnRetry | None = None
        self._ended: Ended | None = None

    @property
    def capabilities(self) -> Mapping[str, Any]:
        return self.asked.capabilities

    @property
    def log_level(self) -> str | None:
        return self.asked.log_level if self._end is not None else None

    @property
    def is_full(self) -> bool:
        return self._is_full()

    @property
    def wants_progress(self) -> bool:
        return self.asked.progress is not None

    def progress(self, members: dict[str, Raw]) -> None:
        if self._end is not None and self.asked.progress is not None:
            self.asked.progress(members)

    def inquire(self, inquiry: Inquiry, on_reply: OnReply) -> Withdraw:
        if not can_be_asked(inquiry, self.capabilities):
            on_reply(declined(inquiry, f"The host does not offer {inquiry.method}"))
            return lambda: None
        key = f"q{next(self._keys)}"
        self._open[key] = (inquiry, on_reply)
        self._ask()
        return lambda: self._forget(key)

    def hand_over(self, result: bytes, state: str | None, on_retry: OnRetry) -> None:
        self._on_retry = on_retry
        self._leave(result, state)

    def visited(self, page_id: str) -> None:
        """2026-07-28 has no such notice."""

    def end(self, ended: Ended) -> None:
        if self._end is None:
            self._ended = ended
        else:
            end, self._end = self._end, None
            self.is_over, self.cancel = True, _nothing_to_cancel
            end(ended)

    def resume(self, asked: Asked, end: OnEnd) -> None:
        """The host came back, perhaps with answers."""
        self.asked, self._end = asked, end
        if self._on_retry is not None:
            on_retry, self._on_retry = self._on_retry, None
            on_retry(asked.params)
            return
        given = asked.params.get("inputResponses")
        responses = given if isinstance(given, dict) else {}
        for key in [key for key in self._open if isinstance(responses.get(key), dict)]:
            self._open.pop(key)[1](Reply(msgspec.json.encode(responses[key]), None))
        if self._ended is not None:
            self.end(self._ended)
        else:
            self._ask()

    def expire(self) -> None:
        """The host does not come back: whoever waits for its answers hears so, and the call is given up."""
        self._abandon("The host did not answer")
        self.cancel("the host did not come back")

    def close(self) -> None:
        self._end = None
        self.cancel = _nothing_to_cancel
        self._abandon(CALL_OVER)

    def _ask(self) -> None:
        """End the open request with all that is asked now; what comes later waits for the next."""
        if self._open and self._end is not None:
            ticket = TICKET_PREFIX + secrets.token_urlsafe(TICKET_BYTES)
            self._leave(input_required({key: inquiry for key, (inquiry, _) in self._open.items()}, ticket), ticket)

    def _leave(self, result: bytes, state: str | None) -> None:
        end, self._end = self._end, None
        if end is not None:
            self._parking.park(self, state)
            end(Ended(result, None, modern=True))

    def _abandon(self, reason: str) -> None:
        open_, self._open = self._open, {}
        for inquiry, on_reply in open_.values():
            on_reply(abandoned(inquiry, reason))

    def _forget(self, key: str) -> None:
        self._open.pop(key, None)


def _nothing_to_cancel(_reason: str) -> None:
    """The call is not on its way yet, or over."""
