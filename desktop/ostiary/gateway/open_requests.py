"""The requests that one server has not answered: whom the answer is for, and who may be spoken to meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ostiary.gateway.answer import Answer, Open
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.wire import envelope, strict

_LOG: Final = logging.getLogger(__name__)

GIVEN_UP_S: Final = 30.0
"""So long a cancelled call may go on and ask; it ends with a late answer, which few servers give (our policy)."""


@dataclass(frozen=True, slots=True)
class _GivenUp:
    """A call of a session that the server was told to stop, remembered until then (the loop's time)."""

    session: int
    until: float


class OpenRequests:
    """By our ids. ``on_left`` is told each id that is open no more."""

    def __init__(self, server: str, on_left: Callable[[int], None]) -> None:
        self._server = server
        self._on_left = on_left
        self._open: dict[int, Open] = {}
        self._given_up: dict[int, _GivenUp] = {}
        """The oldest first."""

    def __contains__(self, number: object) -> bool:
        return number in self._open

    @property
    def numbers(self) -> tuple[int, ...]:
        """All ids, oldest first."""
        return tuple(self._open)

    @property
    def hosts(self) -> list[HostEnd]:
        """Whose calls are under way, oldest first."""
        return [request.host for request in self._open.values() if request.host is not None]

    def numbers_of(self, host: HostEnd) -> tuple[int, ...]:
        """The ids of a call's requests."""
        return tuple(number for number, request in self._open.items() if request.host is host)

    def host(self, number: int) -> HostEnd | None:
        """Whose call this is."""
        request = self._open.get(number)
        return None if request is None else request.host

    def add(self, number: int, request: Open) -> None:
        """It was sent."""
        self._open[number] = request

    @property
    def given_up(self) -> frozenset[int]:
        """Sessions with a call that nobody waits for any more and the server may still be at."""
        self._forget_old()
        return frozenset(call.session for call in self._given_up.values())

    def drop(self, number: int) -> None:
        """Nobody waits for it any more, whether it is open or not."""
        self.give_up(number)
        self._open.pop(number, None)
        self._on_left(number)

    def give_up(self, number: int) -> None:
        """The server was told to stop; what it asks from now on may still be about this call."""
        host = self.host(number)
        if host is not None:
            self._forget_old()
            self._given_up[number] = _GivenUp(host.session, asyncio.get_running_loop().time() + GIVEN_UP_S)

    def answered_late(self, number: int) -> None:
        """The server is done with what was given up."""
        self._given_up.pop(number, None)

    def end(self, number: int, answer: Answer) -> None:
        """It was answered."""
        try:
            self._open.pop(number).on_answer(answer)
        except Exception:  # the border to who asked: a fault there must not cost the answers behind this one
            _LOG.exception("An answer of %s could not be used", self._server)
        self._on_left(number)

    def fail(self, numbers: Iterable[int], reason: str) -> None:
        """These will not be answered; ids that are not open are passed over."""
        error = _error(self._server, reason)
        for number in numbers:
            if number in self._open:
                self.end(number, Answer(None, error))

    def _forget_old(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._given_up and next(iter(self._given_up.values())).until <= now:
            del self._given_up[next(iter(self._given_up))]


def ended_here(server: str, words: str) -> Answer:
    """The end of a call that its server did not end."""
    return Answer(None, _error(server, words), ours=words)


def _error(server: str, message: str) -> bytes:
    return strict.encode({"code": envelope.INTERNAL_ERROR, "message": message, "data": {"server": server}})
