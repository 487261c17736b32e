"""Lines over a pipe: whole whoever writes them, and waited for by nobody."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial

import anyio
import pytest

from ostiary_servers.common.threads import on_thread

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")]

if sys.platform != "win32":
    from ostiary_servers.common.lines_posix import LineReader, LineWriter

DEADLINE_S = 30.0
LENGTHS = (1, 100, 4_095, 4_096, 70_000)


@pytest.fixture
def pipe() -> Iterator[list[int]]:
    """Its reading and its writing end; what a test closes itself, it takes out."""
    ends = list(os.pipe())
    yield ends
    for end in ends:
        os.close(end)


def line(number: int) -> bytes:
    return b"%d" % number * LENGTHS[number % len(LENGTHS)]


async def test_lines_of_many_threads_arrive_whole_and_once(pipe: list[int]) -> None:
    heard: list[bytes] = []
    all_there = anyio.Event()

    def hear(said: bytes) -> None:
        heard.append(said)
        if len(heard) == 200:
            all_there.set()

    with anyio.fail_after(DEADLINE_S), LineWriter(pipe[1]) as writer:
        async with anyio.create_task_group() as tasks:
            for number in range(200):
                tasks.start_soon(on_thread, partial(writer.put, line(number) + b"\n"), DEADLINE_S)
        with LineReader(pipe[0], hear, all_there.set):
            await all_there.wait()
        await writer.written()
    assert Counter(heard) == Counter(map(line, range(200)))


async def test_who_writes_waits_for_nobody_and_is_told_when_nobody_reads_any_more(pipe: list[int]) -> None:
    with LineWriter(pipe[1]) as writer:
        writer.put(b"x" * 1_000_000 + b"\n")
        os.close(pipe.pop(0))
        with anyio.fail_after(DEADLINE_S):
            await writer.written()
        assert writer.is_over
        writer.put(b"lost\n")


async def test_the_last_line_needs_no_end_and_nothing_comes_after_the_end(pipe: list[int]) -> None:
    heard: list[bytes | None] = []
    ended = anyio.Event()

    def end() -> None:
        heard.append(None)
        ended.set()

    with anyio.fail_after(DEADLINE_S), LineReader(pipe[0], heard.append, end):
        os.write(pipe[1], b"one\n\ntwo")
        os.close(pipe.pop())
        await ended.wait()
        await anyio.lowlevel.checkpoint()
    assert heard == [b"one", b"", b"two", None]
