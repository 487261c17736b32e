"""Gateways that are killed at random under hosts at work: no request is lost, none answered twice, none made twice."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from contextlib import ExitStack

import pytest

from tests.support.line_host import LineHost, line_host
from tests.support.mortal_gateway import MortalGateway, mortal_gateway
from tests.support.shims import DEADLINE_S

KILLS = 5
SIZES = (10, 10, 3000, 300_000)
"""Answers of one write, of one that may be cut, and of many."""

ASKED = (0, 0, 3000, 200_000)
"""What a request has beside its mark: requests of one read, and of many."""


class Work:
    """A host that always has some calls under way; ``answered`` is released at each answer."""

    def __init__(self, host: LineHost, seed: int, answered: threading.Semaphore) -> None:
        self.results: Counter[int] = Counter()
        self.errors: Counter[int] = Counter()
        self.made: set[int] = set()
        self._host, self._random, self._answered = host, random.Random(seed), answered
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def end(self) -> None:
        """After the calls that are under way."""
        self._over.set()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive(), "a call has no answer"

    def _work(self) -> None:
        while not self._over.is_set():
            batch = [self._call() for _ in range(self._random.choice((1, 8)))]
            while not all(self.results[number] or self.errors[number] for number in batch):
                self._take(self._host.raw())

    def _call(self) -> int:
        mark = f"{self._random.getrandbits(60)}" + "x" * self._random.choice(ASKED)
        number = self._host.call("big", size=self._random.choice(SIZES), mark=mark)
        self.made.add(number)
        return number

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            return  # an answer that was cut, and its end
        if "method" not in message:
            kind = self.results if "result" in message else self.errors
            kind[message["id"]] += 1
            self._answered.release()


@pytest.mark.parametrize("transport", ["", "tcp"], ids=["handed over", "pumped"])
def test_each_call_ends_once_and_reaches_its_server_at_most_once(
    transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSTIARY_TRANSPORT", transport)
    chance, answered = random.Random(7), threading.Semaphore(0)
    with mortal_gateway() as gateway, ExitStack() as opened:
        hosts = [opened.enter_context(line_host(gateway.now, modern=modern)) for modern in (False, True, True)]
        for host in hosts:
            host.ended("echo")
        work = [Work(host, seed, answered) for seed, host in enumerate(hosts)]
        for _ in range(KILLS):
            for _ in range(chance.randrange(20, 300)):
                assert answered.acquire(timeout=DEADLINE_S), gateway.now.said()
            gateway.restart()
        for each in work:
            each.end()
        check(gateway, work, told_twice_at_most=0 if transport else KILLS)


def check(gateway: MortalGateway, work: list[Work], told_twice_at_most: int) -> None:
    """With descriptors handed over, the one answer that a gateway was writing when it was killed may be told twice."""
    for each in work:
        assert each.results.keys() | each.errors.keys() == each.made
        assert max(each.results.values()) == 1
        assert max(each.errors.values(), default=1) == 1
    told_twice = sum(len(each.results.keys() & each.errors.keys()) for each in work)
    assert told_twice <= told_twice_at_most
    marks = Counter(arguments["mark"] for tool, arguments in gateway.calls if tool == "big")
    assert max(marks.values()) == 1
