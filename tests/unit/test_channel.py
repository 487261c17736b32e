"""One contract for every kind of channel, over real pipes, socket pairs and loopback TCP."""

import asyncio
import os
import socket

import pytest

from ostiary.gateway.channel import HIGH_WATER_BYTES
from ostiary.gateway.pipe_channel import MOST_HELD, READ_BYTES, PipeChannel
from ostiary.gateway.wire.framing import Line, Oversize
from tests.support.channel_pairs import DEADLINE_S, LIMIT, MB, End, Pair, every_kind, play


@every_kind
def test_lines_arrive_whole_and_in_order(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        for number in range(500):
            one.channel.send(b'{"n":', b"%d" % number, b"}")
        assert [await two.next() for _ in range(500)] == [b'{"n":%d}' % number for number in range(500)]
        two.channel.send(b"answer")
        assert await one.next() == b"answer"

    play(pair, scenario)


@every_kind
def test_lines_that_are_held_arrive_in_order_without_waiting_for_more(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        one.channel.send(b"before")
        one.channel.hold(True)
        for number in range(MOST_HELD + 3):
            one.channel.send(b"%d" % number)
        one.channel.hold(False)
        one.channel.send(b"after")
        expected = [b"before", *(b"%d" % number for number in range(MOST_HELD + 3)), b"after"]
        assert [await two.next() for _ in expected] == expected

    play(pair, scenario)


@every_kind
def test_a_few_held_lines_do_not_wait_for_the_last(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        one.channel.hold(True)
        for number in range(MOST_HELD):
            one.channel.send(b"%d" % number)
        assert await two.next() == b"0"

    play(pair, scenario)


@every_kind
def test_a_burst_is_told_around_lines_that_came_together_and_not_for_one_alone(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        told: list[object] = []
        heard = asyncio.Event()

        def hear(line: Line) -> None:
            told.append(line)
            if line in (b"alone", b"third"):
                heard.set()

        two.channel.on_burst = told.append
        two.channel.start(hear, lambda: None)
        one.start()
        one.channel.send(b"alone")
        await heard.wait()
        heard.clear()
        one.channel.send(b"first\nsecond\nthird")
        await heard.wait()
        await asyncio.sleep(0)
        assert told == [b"alone", True, b"first", b"second", b"third", False]

    play(pair, scenario)


@every_kind
def test_what_was_said_before_the_start_is_heard(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        one.channel.send(b"early")
        two.channel.send(b"also early")
        assert await one.next() == b"also early"
        two.start()
        assert await two.next() == b"early"

    play(pair, scenario)


@every_kind
def test_a_line_over_the_limit_costs_itself_only(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        one.channel.send(b"x" * (LIMIT + 1))
        one.channel.send(b"next")
        oversize = await two.next()
        assert isinstance(oversize, Oversize)
        assert oversize.size_bytes == LIMIT + 1
        assert await two.next() == b"next"

    play(pair, scenario)


@every_kind
def test_32_lines_of_a_megabyte_each_way_at_once_do_not_lock(pair: Pair) -> None:
    """Both sides answer every line with one as long, as a relay does, and pause reading while they are full."""

    async def scenario(one: End, two: End) -> None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        returned = 0

        def echo(line: Line) -> None:
            assert isinstance(line, bytes)
            two.channel.send(line)
            if two.channel.is_full:
                two.channel.pause_reading()

        def count(line: Line) -> None:
            nonlocal returned
            assert isinstance(line, bytes)
            assert len(line) == MB
            returned += 1
            if returned == 32:
                done.set_result(None)

        two.channel.on_drained = two.channel.resume_reading
        two.channel.start(echo, lambda: None)
        one.channel.start(count, lambda: None)
        for _ in range(32):
            one.channel.send(b"x" * MB)
        await done

    play(pair, scenario)


@every_kind
def test_a_side_that_does_not_read_makes_the_other_full_until_it_reads_again(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        drained = asyncio.Event()
        one.channel.on_drained = drained.set
        one.start()
        two.start()
        two.channel.pause_reading()
        sent = 0
        while not one.channel.is_full:
            one.channel.send(b"x" * MB)
            sent += 1
            assert sent < 64
        assert one.channel.queued_bytes >= HIGH_WATER_BYTES
        assert two.lines.qsize() <= 1

        two.channel.resume_reading()
        await drained.wait()
        assert (one.channel.is_full, one.channel.queued_bytes) == (False, 0)
        for _ in range(sent):
            assert await two.next() == b"x" * MB

    play(pair, scenario)


@every_kind
def test_each_side_is_told_once_that_the_channel_ended(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        two.channel.send(b"last words")
        two.channel.close()
        two.channel.close()
        assert two.closings == 0, "never from within close()"
        await two.closed.wait()
        await one.closed.wait()
        assert await one.next() == b"last words"
        one.channel.close()
        await asyncio.sleep(0)
        assert (one.closings, two.closings) == (1, 1)

    play(pair, scenario)


@every_kind
def test_a_channel_that_ended_before_its_start_tells_so_too(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        two.channel.close()
        two.start()
        await two.closed.wait()
        one.start()
        await one.closed.wait()
        assert (one.closings, two.closings) == (1, 1)

    play(pair, scenario)


@every_kind
def test_after_the_end_nothing_is_sent_and_nothing_raises(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        one.channel.close()
        one.channel.send(b"lost")
        one.channel.pause_reading()
        one.channel.resume_reading()
        one.channel.close_writing()
        two.start()
        await two.closed.wait()
        assert two.lines.empty()
        assert (one.channel.queued_bytes, one.channel.is_full) == (0, False)

    play(pair, scenario)


@every_kind
def test_closing_with_much_to_write_lets_go_at_once(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        two.channel.pause_reading()
        for _ in range(16):
            one.channel.send(b"x" * MB)
        one.channel.close()
        await one.closed.wait()
        assert not one.channel.is_full
        two.channel.resume_reading()
        await two.closed.wait()

    play(pair, scenario)


@every_kind
def test_sending_to_a_side_that_is_gone_ends_the_channel_but_never_from_within(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        one.channel.pause_reading()
        two.channel.close()
        while not one.closed.is_set():
            one.channel.send(b"anyone there?")
            assert one.closings == 0, "a sender must not be interrupted by its own channel's end"
            one.channel.resume_reading()
            await asyncio.sleep(0)

    play(pair, scenario)


@every_kind
def test_the_writing_side_closes_when_all_is_written_and_the_other_goes_on(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        one.start()
        two.start()
        two.channel.pause_reading()
        for _ in range(4):
            one.channel.send(b"x" * MB)
        one.channel.close_writing()
        one.channel.send(b"too late")
        two.channel.resume_reading()
        await two.closed.wait()
        assert two.lines.qsize() == 4

    play(pair, scenario)


@every_kind
def test_what_a_line_ends_is_not_followed_by_the_next(pair: Pair) -> None:
    async def scenario(one: End, two: End) -> None:
        heard: list[Line] = []

        def last(line: Line) -> None:
            heard.append(line)
            two.channel.close()

        one.start()
        one.channel.send(b"first\nsecond")
        two.channel.start(last, two.closed.set)
        await two.closed.wait()
        assert heard == [b"first"]

    play(pair, scenario)


def test_a_server_that_answers_and_ends_is_heard_out_although_it_takes_no_more() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        (from_server, server_out), (server_in, to_server) = os.pipe(), os.pipe()
        end = End(PipeChannel(loop, from_server, to_server))
        end.start()
        os.write(server_out, b"answer 1\nanswer 2\n" + b"x" * 1000)
        os.close(server_in)
        end.channel.send(b"one more")
        assert not end.closed.is_set()
        await end.closed.wait()
        assert [end.lines.get_nowait(), end.lines.get_nowait()] == [b"answer 1", b"answer 2"]
        os.close(server_out)

    asyncio.run(asyncio.wait_for(scenario(), DEADLINE_S))


def test_a_server_that_takes_no_more_and_never_stops_talking_is_ended_all_the_same() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        (from_server, server_out), (server_in, to_server) = os.pipe(), os.pipe()
        end = End(PipeChannel(loop, from_server, to_server))
        os.set_blocking(server_out, False)

        def talk(_line: Line) -> None:
            os.write(server_out, b"more\n")

        end.channel.start(talk, end.closed.set)
        talk(b"")
        os.close(server_in)
        end.channel.send(b"stop")
        await end.closed.wait()
        os.close(server_out)

    asyncio.run(asyncio.wait_for(scenario(), DEADLINE_S))


@pytest.mark.parametrize("shared", [False, True], ids=["two descriptors", "one descriptor"])
def test_descriptors_are_closed_once_and_never_those_of_others(shared: bool) -> None:
    """A number that is closed twice is by then somebody else's file."""

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        mine, theirs = socket.socketpair()
        read_fd = mine.detach()
        write_fd = read_fd if shared else os.dup(read_fd)
        end = End(PipeChannel(loop, read_fd, write_fd))
        end.start()
        end.channel.send(b"x" * 4 * MB)
        end.channel.close()
        reused = [os.open(os.devnull, os.O_RDONLY) for _ in range(2)]
        end.channel.close()
        end.channel.close_writing()
        end.channel.send(b"y")
        await end.closed.wait()
        theirs.setblocking(False)
        for descriptor in reused:
            os.fstat(descriptor)
            os.close(descriptor)
        theirs.close()

    asyncio.run(asyncio.wait_for(scenario(), DEADLINE_S))


def test_a_read_is_small_enough_not_to_map_memory() -> None:
    assert READ_BYTES < 128 * 1024
