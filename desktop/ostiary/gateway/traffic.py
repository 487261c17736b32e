"""Hosts' calls on their way to one server process: whose turn it is, how long each may take, whether any is sent.

Joins ``turns``, ``deadlines`` and ``breaker``, and words what a call hears that is ended here. Requests of our own
(lists, subscriptions) have deadlines of their own and pass by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from ostiary.domain.flow import Flow
from ostiary.gateway.breaker import Breaker
from ostiary.gateway.deadlines import Deadlines
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.isolation import server_of
from ostiary.gateway.turns import Turn, Turns

Refuse = Callable[[str], None]
"""Ends a call that was not sent, with the reason in words."""


class Traffic:
    """``on_late`` is told the number of a call that was sent and why it is ended, ``on_open`` that none is sent now."""

    def __init__(
        self,
        process: str,
        flow: Flow,
        breaker: Breaker,
        on_late: Callable[[int, str], None],
        on_open: Callable[[str], None],
    ) -> None:
        self._server = server_of(process)
        self._flow = flow
        self._breaker = breaker
        self._on_late = on_late
        self._on_open = on_open
        self._loop = asyncio.get_running_loop()
        self._turns = Turns(flow.running, flow.waiting)
        self._deadlines = Deadlines(self._late)
        self._refuse: dict[int, Refuse] = {}
        """Of the calls that were not sent and may still be ended here."""
        self._trial: int | None = None
        self._left_at = self._loop.time()
        self._expected = 0
        self._is_over = False

    @property
    def running(self) -> int:
        """How many calls the server works on."""
        return self._turns.running

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return self._turns.waiting

    def shut_words(self) -> str:
        """Why a call would be refused at this moment; empty when it would not be."""
        return self._shut_words() if self._breaker.refuses(self._loop.time()) else ""

    @property
    def idle_s(self) -> float:
        """How long there has been no call; 0 while there is one."""
        is_needed = self._expected or self._turns.running or self._turns.waiting
        return 0.0 if is_needed else self._loop.time() - self._left_at

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """A call is on its way: meanwhile the server is needed."""
        self._expected += 1
        try:
            yield
        finally:
            self._expected -= 1
            self._left_at = self._loop.time()

    def held_words(self) -> str:
        """What calls wait for where one that asks back keeps the turn; empty when it is not so."""
        if not (self._deadlines.is_any_asking and self._turns.waiting):
            return ""
        return f"Its calls take turns, and one waits for its host's answer: {self._turns.waiting} wait behind it."

    def flow_by(self, flow: Flow) -> None:
        """Other settings count from now on; calls that were sent keep the time that they were given."""
        self._flow = flow
        self._turns.limit(flow.running, flow.waiting)

    def one_at_a_time(self) -> None:
        """The server asks back: with one call under way it is certain in which."""
        self._turns.begin()

    def enter(
        self, number: int, host: HostEnd, tool: str, size_bytes: int, send: Callable[[], None], refuse: Refuse
    ) -> None:
        """Send a call, now or when it is its turn, or refuse it, never from within."""
        if not self._breaker.is_closed and not self._is_tried(number):
            self._refuse[number] = refuse
            self._loop.call_soon(self._end, number, self._shut_words())
            return
        timeout_s, longest_s = self._flow.timeout_of(tool), self._flow.longest_s
        self._deadlines.start(number, timeout_s, longest_s)
        if self._is_over or (not host.is_full and self._turns.enter(number)):
            send()  # at a process that is gone it fails, and waits for nobody before
            return

        def send_late() -> None:
            del self._refuse[number]
            self._deadlines.start(number, timeout_s, longest_s)
            send()

        self._refuse[number] = refuse
        crowded_out = partial(self._crowded_out, number)
        self._turns.wait(Turn(number, host.session, size_bytes, send_late, crowded_out, lambda: host.is_full))

    def stuck(self, is_stuck: bool) -> None:
        """The server has not read for a while, or does again: meanwhile calls wait for their turn."""
        self._turns.is_stuck = is_stuck
        self._turns.advance()

    def host_reads(self) -> None:
        """A host that did not read does again: what it waits for may be sent."""
        self._turns.advance()

    def heard(self, number: int) -> None:
        """A call makes progress."""
        self._deadlines.heard(number)

    def asks(self, number: int, *, asking: bool) -> None:
        """Somebody is asked in a call, or has answered: meanwhile its time stands still."""
        if asking:
            self._deadlines.pause(number)
        else:
            self._deadlines.go_on(number)

    def answered(self) -> None:
        """The server answered a call, whatever it said."""
        if self._breaker.failures:
            self._breaker.succeeded()

    def left(self, number: int) -> None:
        """A call is over: answered, ended here, or not wanted any more."""
        self._deadlines.end(number)
        if self._refuse:
            self._refuse.pop(number, None)
        if number == self._trial:
            self._trial = None
            self._breaker.given_up()
        self._turns.leave(number)
        self._left_at = self._loop.time()

    def closed(self) -> None:
        """The process is gone; the calls that it worked on are ended by who sent them, those that wait here."""
        self._is_over = True
        if self._turns.running:
            self._failed()
        self._deadlines.close()
        for number in self._turns.empty():
            self._end(number, f"The server {self._server} ended before it was this call's turn. {_TRY_AGAIN}")

    def _is_tried(self, number: int) -> bool:
        passes = self._breaker.enter(self._loop.time())
        if passes:
            self._trial = number
        return passes

    def _late(self, number: int, given_s: float) -> None:
        if number in self._refuse:
            self._turns.leave(number)
            not_its_turn = f"It was not this call's turn within {given_s:.3g} s."
            self._end(number, f"{_busy(self._server, self)} {not_its_turn} {_TRY_AGAIN}")
        else:
            self._failed()
            self._on_late(number, late_words(self._server, given_s))

    def _crowded_out(self, number: int) -> None:
        self._deadlines.end(number)
        self._loop.call_soon(self._end, number, f"{_busy(self._server, self)} {_TRY_AGAIN}")

    def _end(self, number: int, words: str) -> None:
        refuse = self._refuse.pop(number, None)
        if refuse is None:
            return
        if number == self._trial:  # it showed nothing
            self._trial = None
            self._breaker.given_up()
        refuse(words)

    def _shut_words(self) -> str:
        failures, retry_s = self._breaker.failures, self._breaker.retry_in_s(self._loop.time())
        when = f"It is tried again in {retry_s:.0f} s." if retry_s >= 1 else "It is about to be tried again."
        return f"The server {self._server} failed {failures} calls in a row, so nothing is sent to it. {when}"

    def _failed(self) -> None:
        if self._breaker.failed(self._loop.time()):
            self._on_open(self._shut_words())


_TRY_AGAIN: Final = "Nothing was sent to it; try again later."


def _busy(server: str, traffic: Traffic) -> str:
    return f"The server {server} is busy: it works on {traffic.running} calls, and {traffic.waiting} wait."


def late_words(server: str, given_s: float) -> str:
    """What a call hears that was sent and not answered in time."""
    told = "It was told to stop; what it did is not known."
    return f"The server {server} did not answer this call within {given_s:.3g} s. {told}"
