"""A host's call sets out: a parked one is taken up, a new one goes at once or as a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from ostiary.domain.approval import Caller
from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.host_end import HostEnd, LegacyHostEnd
from ostiary.gateway.house import House
from ostiary.gateway.parking import ModernHostEnd, Parking
from ostiary.gateway.passage import Passage
from ostiary.gateway.session import Session
from ostiary.gateway.standing import Standings
from ostiary.gateway.wire import strict
from ostiary.gateway.wire.envelope import INTERNAL_ERROR

_LOG: Final = logging.getLogger(__name__)
_FAULT: Final = Ended(None, strict.encode({"code": INTERNAL_ERROR, "message": "Ostiary met an error of its own"}))


class Departure:
    """Of all sessions. ``caller`` is done once it is known who is behind a session."""

    def __init__(self, house: House, caller: Callable[[Session], asyncio.Future[Caller]]) -> None:
        self._house = house
        self._caller = caller
        self._parking = Parking()
        self._standings = Standings(house)
        self._tasks: set[asyncio.Task[None]] = set()

    def pass_on(self, session: Session, asked: Asked, end: Callable[[Ended], None]) -> Callable[[str], None]:
        """Take up the parked call that this request is about, or send a new one on its way."""

        def is_full() -> bool:
            return session.channel.is_full

        if not asked.modern:
            legacy = LegacyHostEnd(session.number, asked, session.requests, session.notify, end, is_full)
            return self._set_out(session, asked, legacy)
        parked = self._parking.take(session.number, asked)
        if parked is not None:
            parked.resume(asked, end)
            return parked.cancel
        modern = ModernHostEnd(self._parking, session.number, asked, end, is_full)
        cancel = self._set_out(session, asked, modern)
        if not modern.is_over:  # it may have been refused at once
            modern.cancel = cancel
        return cancel

    def drop(self, session: int) -> None:
        """A session is over: nobody comes back for what it parked, and what was looked up for it is not needed."""
        self._parking.drop(session)
        self._standings.drop(session)

    def _set_out(self, session: Session, asked: Asked, host: HostEnd) -> Callable[[str], None]:
        """At once when the call waits for nothing but its answer, as a task otherwise. Returns how to cancel it."""
        stop = self._at_once(session, asked, host)
        task = None if stop is not None else self._start(session, asked, host)

        def cancel(_reason: str) -> None:
            """The call stops first: what its host was asked in it must not take it further."""
            if task is not None and not task.done():
                task.cancel()
                task.add_done_callback(lambda _task: host.close())
                return
            if stop is not None:
                stop()
            host.close()

        return cancel

    async def _travel(self, session: Session, asked: Asked, host: HostEnd) -> None:
        try:
            caller = await asyncio.shield(self._caller(session))
            ended = await self._passage(session, asked, caller, host).travel()
        except Exception:  # the border of a call: a fault of ours must not leave a host waiting
            _LOG.exception("A call failed")
            ended = _FAULT
        host.end(ended)

    def _at_once(self, session: Session, asked: Asked, host: HostEnd) -> Callable[[], None] | None:
        caller = self._caller(session)
        if not caller.done():
            return None
        try:
            return self._passage(session, asked, caller.result(), host).at_once(host.end)
        except Exception:  # the border of a call, as in ``_travel``
            _LOG.exception("A call failed")
            host.end(_FAULT)
            return _nothing_to_cancel

    def _passage(self, session: Session, asked: Asked, caller: Caller, host: HostEnd) -> Passage:
        number, standings = session.number, self._standings
        servers = standings.seen(number, session.seen_as, session.servers)
        return Passage(self._house, standings, number, servers, caller, asked, host, session.channel.pause_reading)

    def _start(self, session: Session, asked: Asked, host: HostEnd) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._travel(session, asked, host))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _nothing_to_cancel() -> None:
    """The call has ended already."""
