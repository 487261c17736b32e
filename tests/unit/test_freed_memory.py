"""Long messages find the memory of the ones before them; at rest the system has it back."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine

import pytest

from ostiary.gateway.freed_memory import LONG_BYTES, FreedMemory

DEADLINE_S = 30.0
AT_ONCE_S = 0.001

TWICE_THE_SAME = """
import resource
from ostiary.gateway.freed_memory import keep_freed

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        blocks = [bytearray(b"x") * (1 << 20) for _ in range(4)]
        del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

keep_freed(True)
faults()
again, kept = faults(), resident()
keep_freed(False)
print(again, kept - resident())
"""


def play(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), DEADLINE_S))


def test_short_messages_change_nothing() -> None:
    async def scenario() -> None:
        told: list[bool] = []
        FreedMemory(told.append, AT_ONCE_S).used(LONG_BYTES - 1)
        assert told == []

    play(scenario)


def test_what_is_freed_is_kept_from_the_first_long_message_on_until_none_came_for_a_while() -> None:
    async def scenario() -> None:
        told: list[bool] = []
        given_back = asyncio.Event()

        def keep(is_kept: bool) -> None:
            told.append(is_kept)
            if not is_kept:
                given_back.set()

        memory = FreedMemory(keep, AT_ONCE_S)
        for _ in range(2):
            memory.used(LONG_BYTES)
            memory.used(LONG_BYTES)
            await given_back.wait()
            given_back.clear()
        assert told == [True, False, True, False]

    play(scenario)


def test_nothing_is_given_back_after_the_end() -> None:
    async def scenario() -> None:
        told: list[bool] = []
        later = asyncio.Event()
        ended = FreedMemory(told.append, AT_ONCE_S)
        ended.used(LONG_BYTES)
        ended.close()
        FreedMemory(lambda is_kept: None if is_kept else later.set(), AT_ONCE_S).used(LONG_BYTES)
        await later.wait()
        assert told == [True]

    play(scenario)


@pytest.mark.skipif(
    sys.platform != "linux" or "CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="only glibc can be told"
)
def test_kept_memory_is_found_again_and_given_back_memory_is_the_systems() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE_THE_SAME], capture_output=True, check=True, timeout=DEADLINE_S)
    faults, given_back = map(int, done.stdout.split())
    assert faults < 100
    assert given_back > 2 << 20
