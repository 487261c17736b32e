"""Many changes told as few, in a time that passes only by waiting for it."""

import asyncio
from collections.abc import Callable

from ostiary.gateway.coalescing import Coalescing
from tests.support.virtual_time import run


def test_the_first_change_is_told_at_once_and_those_that_follow_closely_as_one() -> None:
    async def scenario(_clock: Callable[[], float]) -> None:
        told: list[tuple[str, float]] = []
        changes: Coalescing[str] = Coalescing(
            lambda key: told.append((key, round(asyncio.get_running_loop().time(), 3))), gap_s=1
        )
        for _ in range(100):
            changes.changed("a")
        changes.changed("b")
        await asyncio.sleep(0.5)
        changes.changed("a")
        await asyncio.sleep(10)
        changes.changed("a")
        await asyncio.sleep(10)
        assert told == [("a", 0), ("b", 0), ("a", 1), ("a", 10.5)]

    run(scenario)
