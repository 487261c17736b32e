"""What waits for a front that does not read stays within its bound, and what went missing for it is counted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from ostiary.control import codec
from ostiary.domain.approval import GateMode, QuestionEnd
from ostiary.domain.events import AnyEvent, Calls, Missed, Mode, QuestionClosed
from ostiary.gateway.outbox import MOST_WAITING_BYTES, Outbox
from tests.support.channel_pairs import End, Pair, every_kind, play
from tests.support.fake_world import call

ROWS = 100
BATCHES = 600
"""Some 15 MB of rows, more than three times what may wait."""


def told(outbox: Outbox, *events: AnyEvent) -> None:
    for event in events:
        outbox.tell(event, codec.encode_event(event))


def batch(number: int) -> Calls:
    return Calls(rows=tuple(call(number * ROWS + place) for place in range(1, ROWS + 1)))


def between(pair: Pair, scenario: Callable[[Outbox, End], Coroutine[Any, Any, None]]) -> None:
    """Play with the outbox of a front that reads only what it is told to."""

    async def whole(gateway: End, front: End) -> None:
        outbox = Outbox(gateway.channel)
        gateway.channel.on_drained = outbox.read_on
        gateway.start()
        await scenario(outbox, front)

    play(pair, whole)


async def heard(front: End) -> AnyEvent:
    line = await front.next()
    assert isinstance(line, bytes)
    event = codec.decode_from_gateway(line)
    assert not isinstance(event, codec.Reply)
    return event


async def heard_until_missed(front: End) -> tuple[list[AnyEvent], Missed]:
    before: list[AnyEvent] = []
    while not isinstance(event := await heard(front), Missed):
        before.append(event)
    return before, event


def rows_of(events: list[AnyEvent]) -> list[int]:
    return [row.id for event in events if isinstance(event, Calls) for row in event.rows]


@every_kind
def test_a_front_that_does_not_read_costs_at_most_what_may_wait_and_one_event(pair: Pair) -> None:
    async def scenario(outbox: Outbox, _front: End) -> None:
        longest = 0
        for number in range(BATCHES):
            longest = max(longest, len(codec.encode_event(batch(number))))
            told(outbox, batch(number))
            assert outbox.waiting_bytes <= MOST_WAITING_BYTES + longest + 1

        assert outbox.waiting_bytes >= MOST_WAITING_BYTES

    between(pair, scenario)


@every_kind
def test_when_it_reads_again_it_is_told_once_how_many_rows_it_missed_from_which_on(pair: Pair) -> None:
    async def scenario(outbox: Outbox, front: End) -> None:
        told(outbox, *map(batch, range(BATCHES)))
        front.start()
        before, missed = await heard_until_missed(front)
        told(outbox, batch(BATCHES))

        rows = rows_of(before)
        assert rows == list(range(1, len(rows) + 1))
        assert missed == Missed(rows=BATCHES * ROWS - len(rows), first=len(rows) + 1)
        assert await heard(front) == batch(BATCHES)

    between(pair, scenario)


@every_kind
def test_who_reads_in_time_misses_nothing(pair: Pair) -> None:
    async def scenario(outbox: Outbox, front: End) -> None:
        front.start()
        for number in range(BATCHES):
            told(outbox, batch(number))
            assert await heard(front) == batch(number)

    between(pair, scenario)


@every_kind
def test_how_a_question_ended_is_told_whatever_waits(pair: Pair) -> None:
    async def scenario(outbox: Outbox, front: End) -> None:
        closed = QuestionClosed(id=7, end=QuestionEnd.TIMED_OUT)
        told(outbox, *map(batch, range(BATCHES)), Mode(mode=GateMode.PAUSED), closed)
        front.start()
        before, missed = await heard_until_missed(front)

        assert before[-1] == closed
        assert not any(isinstance(event, Mode) for event in before)
        assert missed.rows

    between(pair, scenario)


@every_kind
def test_what_happens_while_a_snapshot_is_made_is_bounded_too_and_told_after_it(pair: Pair) -> None:
    async def scenario(outbox: Outbox, front: End) -> None:
        outbox.hold()
        told(outbox, *map(batch, range(BATCHES)))
        waiting = outbox.waiting_bytes
        outbox.let_go()
        front.start()
        before, missed = await heard_until_missed(front)

        assert waiting <= MOST_WAITING_BYTES + len(codec.encode_event(batch(BATCHES)))
        assert missed.rows + len(rows_of(before)) == BATCHES * ROWS

    between(pair, scenario)


@every_kind
def test_two_snapshots_at_once_both_go_before_what_happens_meanwhile(pair: Pair) -> None:
    async def scenario(outbox: Outbox, front: End) -> None:
        outbox.hold()
        outbox.hold()
        told(outbox, batch(0))
        outbox.let_go()
        told(outbox, Mode(mode=GateMode.PAUSED))
        held = outbox.waiting_bytes
        outbox.let_go()
        front.start()

        assert held
        assert [await heard(front), await heard(front)] == [batch(0), Mode(mode=GateMode.PAUSED)]

    between(pair, scenario)
