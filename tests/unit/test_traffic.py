"""Which calls one server is sent, and that each that is not hears so, in a time that passes only by waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from ostiary.domain.flow import Flow
from ostiary.gateway.asking import Asked
from ostiary.gateway.breaker import Breaker, BreakerPolicy
from ostiary.gateway.host_end import LegacyHostEnd
from ostiary.gateway.host_requests import HostRequests
from ostiary.gateway.traffic import Traffic
from tests.support.virtual_time import run

PAUSE_S = 5.0


class Road:
    """One server's traffic: which calls were ``sent``, and what those heard that were not."""

    def __init__(self, flow: Flow) -> None:
        self.breaker = Breaker(BreakerPolicy(most_failures=1, first_pause_s=PAUSE_S))
        self.traffic = Traffic("s", flow, self.breaker, lambda _number, _words: None, lambda _words: None)
        self.sent: list[int] = []
        self.refused: dict[int, str] = {}
        self.held: set[int] = set()

    def come(self, number: int, session: int = 1) -> None:
        host = LegacyHostEnd(
            session,
            Asked("tools/call", {}, False, None, 0, None),
            HostRequests(lambda *_parts: None),
            lambda *_notified: None,
            lambda _ended: None,
            lambda: session in self.held,
        )
        refuse = partial(self.refused.__setitem__, number)
        self.traffic.enter(number, host, "", 0, lambda: self.sent.append(number), refuse)

    async def fail_once(self) -> None:
        """Until one call is to be tried."""
        self.breaker.failed(asyncio.get_running_loop().time())
        await asyncio.sleep(PAUSE_S)


@pytest.mark.parametrize("flow", [Flow(timeout_s=1.0), Flow(waiting=0)], ids=["too late", "crowded out"])
def test_a_trial_that_was_never_sent_leaves_the_next_call_to_be_one(flow: Flow) -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        road = Road(flow)
        await road.fail_once()
        road.held.add(1)
        road.come(1)
        await asyncio.sleep(2)
        assert list(road.refused) == [1]
        assert not road.traffic.shut_words()
        road.come(2, session=2)
        assert road.sent == [2]

    run(scenario)


def test_a_call_that_waits_for_its_host_to_read_ends_with_its_server() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        road = Road(Flow())
        road.held.add(1)
        road.come(1)
        road.traffic.closed()
        await asyncio.sleep(0)
        assert "ended" in road.refused[1]
        assert (road.sent, road.traffic.waiting) == ([], 0)

    run(scenario)


def test_a_call_that_comes_when_its_server_has_gone_waits_for_nothing() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        road = Road(Flow())
        road.traffic.closed()
        road.held.add(1)
        road.come(1)
        assert (road.sent, road.traffic.waiting) == ([1], 0), "who sends it ends it"

    run(scenario)


def test_a_trial_that_waited_when_its_process_ended_leaves_the_next_process_one() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        road = Road(Flow())
        await road.fail_once()
        road.held.add(1)
        road.come(1)
        road.traffic.closed()
        await asyncio.sleep(0)
        assert not road.breaker.refuses(asyncio.get_running_loop().time())

    run(scenario)
