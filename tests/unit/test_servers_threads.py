"""What hangs in a file system is told in time, holds up nobody, and is never begun late."""

from threading import Event

import anyio
import pytest

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.threads import SLOW_LIMIT, on_thread

DEADLINE_S = 60.0

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_while_too_much_hangs_more_is_refused_at_once_and_taken_again_once_it_ended() -> None:
    release, begun, ended = Event(), [], []

    def hang() -> None:
        begun.append(True)
        release.wait()
        ended.append(True)

    with anyio.fail_after(DEADLINE_S):
        async with anyio.create_task_group() as tasks:
            for _ in range(SLOW_LIMIT):
                tasks.start_soon(on_thread, hang, DEADLINE_S)
            while len(begun) < SLOW_LIMIT:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        with pytest.raises(ToolError) as told:
            await on_thread(int, DEADLINE_S)
        assert told.value.code is ErrorCode.TIMEOUT
        release.set()
        while len(ended) < SLOW_LIMIT:
            await anyio.lowlevel.checkpoint()
        assert await taken() == 0


async def taken() -> int:
    """A thread that has done its work frees its place a moment later."""
    while True:
        try:
            return await on_thread(int, DEADLINE_S)
        except ToolError:
            await anyio.lowlevel.checkpoint()


async def test_a_caller_that_leaves_before_its_work_began_takes_no_place_and_nothing_is_done() -> None:
    done = []
    for _ in range(2 * SLOW_LIMIT):
        with anyio.CancelScope() as scope:
            scope.cancel()
            await on_thread(lambda: done.append(True), DEADLINE_S)
    assert done == []
    assert await on_thread(int, DEADLINE_S) == 0
