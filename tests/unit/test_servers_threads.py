"""What hangs in a file system is told in time, holds up nobody, and is never begun late."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Semaphore

import anyio
import pytest

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.threads import THREAD_LIMIT, WAITING_LIMIT, on_thread, workers

DEADLINE_S = 60.0

pytestmark = pytest.mark.anyio


@contextmanager
def hung() -> Iterator[None]:
    """As much hangs as there are threads."""
    release, begun, ended = Event(), Semaphore(0), Semaphore(0)

    def hang() -> None:
        begun.release()
        release.wait()
        ended.release()

    for _ in range(THREAD_LIMIT):
        workers.take(hang)
    for _ in range(THREAD_LIMIT):
        assert begun.acquire(timeout=DEADLINE_S)
    try:
        yield
    finally:
        release.set()
        for _ in range(THREAD_LIMIT):
            assert ended.acquire(timeout=DEADLINE_S)


async def test_more_work_than_threads_waits_its_turn() -> None:
    done: list[int] = []
    async with anyio.create_task_group() as tasks:
        with hung():
            for number in range(100):
                tasks.start_soon(on_thread, partial(done.append, number), DEADLINE_S)
            await anyio.lowlevel.checkpoint()
            assert done == []
    assert sorted(done) == list(range(100))


async def test_while_all_threads_hang_a_call_is_told_in_its_time_and_never_begun() -> None:
    done = []
    with hung():
        with pytest.raises(ToolError) as told:
            await on_thread(lambda: done.append(True), 0.05)
        assert told.value.code is ErrorCode.TIMEOUT
    assert await on_thread(int, DEADLINE_S) == 0
    assert done == []


async def test_while_too_much_waits_more_is_refused_at_once_and_taken_again_once_it_ended() -> None:
    with hung():
        for _ in range(WAITING_LIMIT):
            workers.take(int)
        with pytest.raises(ToolError) as told:
            await on_thread(int, DEADLINE_S)
        assert told.value.code is ErrorCode.TIMEOUT
    assert await on_thread(int, DEADLINE_S) == 0


async def test_what_fails_fails_for_who_waits_and_leaves_the_thread_to_others() -> None:
    for _ in range(2 * THREAD_LIMIT):
        with pytest.raises(ZeroDivisionError):
            await on_thread(lambda: 1 // 0, DEADLINE_S)
    assert await on_thread(int, DEADLINE_S) == 0


async def test_a_caller_that_leaves_before_its_work_began_takes_no_place_and_nothing_is_done() -> None:
    done = []
    for _ in range(THREAD_LIMIT + WAITING_LIMIT + 1):
        with anyio.CancelScope() as scope:
            scope.cancel()
            await on_thread(lambda: done.append(True), DEADLINE_S)
    assert done == []
    assert await on_thread(int, DEADLINE_S) == 0
