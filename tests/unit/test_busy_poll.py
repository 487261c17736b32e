"""How long the relay's loop stays awake, and that it misses nothing for it."""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ostiary.gateway.busy_poll import ASLEEP_S, AWAKE_S, MISSES, SOON_S, Wakefulness, new_event_loop

SHORT_S = 0.002
ECHOES = 50
MANY = 2_000


def awake(now_s: float = 10.0) -> Wakefulness:
    wakefulness = Wakefulness()
    wakefulness.woken(now_s - SOON_S / 2, now_s)
    return wakefulness


def test_it_sleeps_until_something_came_soon() -> None:
    wakefulness = Wakefulness()
    assert not wakefulness.is_awake
    wakefulness.woken(10.0, 10.0 + 2 * SOON_S)
    assert not wakefulness.is_awake
    wakefulness.woken(11.0, 11.0 + SOON_S / 2)
    assert wakefulness.is_awake


def test_one_try_that_failed_is_enough_where_nothing_came_while_awake() -> None:
    wakefulness = awake()
    wakefulness.miss()
    assert not wakefulness.is_awake


def test_what_came_while_awake_is_worth_several_that_did_not() -> None:
    wakefulness = awake()
    wakefulness.hit()
    for _ in range(MISSES - 1):
        wakefulness.miss()
    assert wakefulness.is_awake
    wakefulness.miss()
    assert not wakefulness.is_awake


def test_a_timer_that_was_due_at_once_takes_no_tries_away() -> None:
    wakefulness = awake()
    wakefulness.hit()
    wakefulness.woken(10.0, 10.0 + SOON_S / 2)
    wakefulness.miss()
    assert wakefulness.is_awake


def test_where_others_need_the_core_it_sleeps_for_a_while() -> None:
    wakefulness = awake(10.0)
    wakefulness.hit()
    wakefulness.held_up(10.0)
    assert not wakefulness.is_awake
    before_s, after_s = 10.0 + ASLEEP_S / 2, 10.0 + ASLEEP_S
    wakefulness.woken(before_s - SOON_S / 2, before_s)
    assert not wakefulness.is_awake
    wakefulness.woken(after_s - SOON_S / 2, after_s)
    assert wakefulness.is_awake


if sys.platform == "linux":
    from ostiary.gateway.busy_poll import BusyPollSelector

    @contextmanager
    def echo() -> Iterator[tuple[int, int]]:
        """Where to write, and where the same bytes come back from another thread."""
        (there, written), (back, answered) = os.pipe(), os.pipe()

        def answer() -> None:
            while said := os.read(there, 100):
                os.write(answered, said)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield written, back
        finally:
            os.close(written)
            thread.join()
            for descriptor in (there, back, answered):
                os.close(descriptor)

    def test_it_stays_awake_for_quick_answers_and_falls_asleep_without_them() -> None:
        wakefulness = Wakefulness()

        def is_awake_after_answers_and_none() -> bool:
            for _ in range(2):
                os.write(written, b"x")
                assert [key.fd for key, _ in selector.select()] == [back]
                os.read(back, 1)
            assert selector.select(SHORT_S) == []
            return wakefulness.is_awake

        with echo() as (written, back), BusyPollSelector(wakefulness) as selector:
            selector.register(back, selectors.EVENT_READ)
            assert any(is_awake_after_answers_and_none() for _ in range(MANY))
            for _ in range(MISSES):
                assert selector.select(SHORT_S) == []
            assert not wakefulness.is_awake

    @pytest.mark.parametrize("timeout_s", [0.0, AWAKE_S / 2, SHORT_S])
    def test_nothing_is_ready_when_the_time_is_up(timeout_s: float) -> None:
        wakefulness = Wakefulness()
        wakefulness.hit()
        with echo() as (_, back), BusyPollSelector(wakefulness) as selector:
            selector.register(back, selectors.EVENT_READ)
            assert selector.select(timeout_s) == []


def test_its_loop_hears_pipes_timers_and_other_threads() -> None:
    async def converse() -> list[str]:
        heard: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "import sys; [print(line, end='', flush=True) for line in sys.stdin]",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        for _ in range(ECHOES):
            child.stdin.write(b"echo\n")
            assert await child.stdout.readline() == b"echo\n"
        loop.call_later(SHORT_S, heard.put_nowait, "timer")
        first = await heard.get()
        threading.Timer(SHORT_S, loop.call_soon_threadsafe, (heard.put_nowait, "thread")).start()
        second = await heard.get()
        child.stdin.close()
        await child.wait()
        return [first, second]

    async def in_time() -> list[str]:
        async with asyncio.timeout(20):
            return await converse()

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        assert runner.run(in_time()) == ["timer", "thread"]
