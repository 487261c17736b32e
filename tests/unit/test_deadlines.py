"""How long calls may take, in a time that passes only by waiting for it."""

import asyncio
from collections.abc import Callable

from ostiary.gateway.deadlines import Deadlines
from tests.support.virtual_time import run


class Late:
    """Who was late, and when."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, float, float]] = []

    def __call__(self, number: int, given_s: float) -> None:
        self.calls.append((number, given_s, round(asyncio.get_running_loop().time(), 3)))


def test_a_call_is_late_once_its_time_is_over_and_only_once() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        late = Late()
        deadlines = Deadlines(late)
        deadlines.start(1, 10, 100)
        deadlines.start(2, 5, 100)
        deadlines.start(3, 5, 100)
        deadlines.end(3)
        await asyncio.sleep(50)
        assert late.calls == [(2, 5, 5), (1, 10, 10)]

    run(scenario)


def test_progress_gives_more_time_up_to_the_longest() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        late = Late()
        deadlines = Deadlines(late)
        deadlines.start(1, 10, 25)
        for _ in range(4):
            await asyncio.sleep(8)
            deadlines.heard(1)
        assert late.calls == [(1, 10, 25)]

    run(scenario)


def test_the_time_of_who_is_asked_does_not_count() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        late = Late()
        deadlines = Deadlines(late)
        deadlines.start(1, 10, 20)
        await asyncio.sleep(4)
        deadlines.pause(1)
        deadlines.pause(1)
        await asyncio.sleep(1000)
        deadlines.go_on(1)
        await asyncio.sleep(1000)
        assert late.calls == [], "one of two questions is still open"
        deadlines.go_on(1)
        await asyncio.sleep(5)
        assert late.calls == []
        await asyncio.sleep(5)
        assert late.calls == [(1, 10, 2010)]

    run(scenario)


def test_nothing_is_late_after_the_end() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        late = Late()
        deadlines = Deadlines(late)
        deadlines.start(1, 10, 20)
        deadlines.close()
        await asyncio.sleep(100)
        assert late.calls == []

    run(scenario)
