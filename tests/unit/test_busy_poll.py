"""How long the relay's loop stays awake, and that it misses nothing for it."""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import threading
from collections.abc import Iterator

import pytest

from ostiary.gateway.busy_poll import AWAKE_S, LATE_S, LONG_REST_S, MISSES, REST_S, SOON_S, Wakefulness, new_event_loop

SHORT_S = 0.002
ECHOES = 50


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


@pytest.mark.parametrize("came_while_awake", [False, True])
def test_what_came_soon_is_worth_several_that_did_not(came_while_awake: bool) -> None:
    wakefulness = awake()
    if came_while_awake:
        wakefulness.miss(10.0)
        wakefulness.hit()
    for _ in range(MISSES - 1):
        wakefulness.miss(10.0)
    assert wakefulness.is_awake
    wakefulness.miss(10.0)
    assert not wakefulness.is_awake


def test_when_staying_awake_did_not_pay_off_it_sleeps_on() -> None:
    wakefulness = awake(10.0)
    for _ in range(MISSES):
        wakefulness.miss(10.0)
    wakefulness.woken(10.0, 10.0 + SOON_S / 2)
    assert not wakefulness.is_awake
    wakefulness.woken(10.0 + REST_S, 10.0 + REST_S + SOON_S / 2)
    assert wakefulness.is_awake


def test_where_others_need_the_core_it_sleeps_for_a_while() -> None:
    wakefulness = awake(10.0)
    wakefulness.hit()
    wakefulness.held_up(10.0)
    assert not wakefulness.is_awake
    before_s, after_s = 10.0 + LONG_REST_S / 2, 10.0 + LONG_REST_S
    wakefulness.woken(before_s - SOON_S / 2, before_s)
    assert not wakefulness.is_awake
    wakefulness.woken(after_s - SOON_S / 2, after_s)
    assert wakefulness.is_awake


if sys.platform == "linux":
    from ostiary.gateway.busy_poll import BusyPollSelector

    class Core:
        """What the selector shares with others: its clock, which goes on by ``step_s`` at each look, and their turn."""

        def __init__(self) -> None:
            self.now_s = 0.0
            self.step_s = AWAKE_S / 10
            self.read_fd, self.write_fd = os.pipe()
            self.answers = False
            self.answers_sleeper = False

        def clock(self) -> float:
            """Also the last thing that is asked before it sleeps."""
            if self.answers_sleeper:
                self.answers_sleeper = False
                self.answer()
            self.now_s += self.step_s
            return self.now_s

        def give_way(self) -> None:
            if self.answers:
                self.answer()

        def answer(self) -> None:
            os.write(self.write_fd, b"x")

    @pytest.fixture
    def core() -> Iterator[Core]:
        core = Core()
        yield core
        os.close(core.read_fd)
        os.close(core.write_fd)

    @pytest.fixture
    def wakefulness() -> Wakefulness:
        return Wakefulness()

    @pytest.fixture
    def selector(core: Core, wakefulness: Wakefulness) -> Iterator[BusyPollSelector]:
        with BusyPollSelector(wakefulness, core.clock, core.give_way) as selector:
            selector.register(core.read_fd, selectors.EVENT_READ)
            yield selector

    def test_answers_keep_it_awake_until_too_many_waits_were_in_vain(
        core: Core, wakefulness: Wakefulness, selector: BusyPollSelector
    ) -> None:
        wakefulness.hit()
        for _ in range(2 * MISSES):
            core.answers = True
            assert [key.fd for key, _ in selector.select()] == [core.read_fd]
            os.read(core.read_fd, 1)
            core.answers = False
            assert selector.select(SHORT_S) == []
            assert wakefulness.is_awake
        for _ in range(MISSES):
            assert selector.select(SHORT_S) == []
        assert not wakefulness.is_awake

    @pytest.mark.parametrize("after_s", [SOON_S / 2, SOON_S * 2])
    def test_an_answer_that_wakes_it_soon_keeps_it_awake(
        core: Core, wakefulness: Wakefulness, selector: BusyPollSelector, after_s: float
    ) -> None:
        core.step_s, core.answers_sleeper = after_s, True
        assert [key.fd for key, _ in selector.select()] == [core.read_fd]
        assert wakefulness.is_awake == (after_s < SOON_S)

    def test_a_core_that_comes_back_late_is_left_to_others(
        core: Core, wakefulness: Wakefulness, selector: BusyPollSelector
    ) -> None:
        wakefulness.hit()
        core.step_s, core.answers = 2 * LATE_S, True
        assert [key.fd for key, _ in selector.select()] == [core.read_fd]
        assert not wakefulness.is_awake

    @pytest.mark.parametrize("timeout_s", [0.0, AWAKE_S / 2, SHORT_S])
    def test_nothing_is_ready_when_the_time_is_up(
        wakefulness: Wakefulness, selector: BusyPollSelector, timeout_s: float
    ) -> None:
        wakefulness.hit()
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
