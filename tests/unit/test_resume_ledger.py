"""Open requests and what was written of their answers survive a kill between any two stores."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.resume.layout import HEAD_BYTES, ID_BYTES, SLOT_BYTES, SLOTS
from ostiary.gateway.resume.ledger import PIPE_BUF, Ledger


@dataclass
class Kept:
    """The memory of one journal."""

    marks: bytearray = field(default_factory=lambda: bytearray(HEAD_BYTES))
    slots: bytearray = field(default_factory=lambda: bytearray(SLOTS * SLOT_BYTES))

    def ledger(self) -> Ledger:
        marks, slots = memoryview(self.marks).cast("Q"), memoryview(self.slots).cast("Q")
        return Ledger(marks, slots, lambda _conversation: None)

    def left(self) -> Ledger:
        """What the next gateway would find now."""
        return Kept(bytearray(self.marks), bytearray(self.slots)).ledger()


@pytest.fixture
def kept() -> Kept:
    return Kept()


def opened(ledger: Ledger, number: int, position: int) -> None:
    ledger.line_end = position
    assert ledger.open(number, b"%d" % number) is None


def test_an_open_request_is_found_with_its_id_as_it_was_written(kept: Kept) -> None:
    ledger = kept.ledger()
    ledger.line_end = 10
    ledger.open("é", b'"\\u00e9"')
    assert kept.left().open_ids == (("é", b'"\\u00e9"'),)


def test_a_request_is_open_until_the_last_byte_of_its_answer_is_written(kept: Kept) -> None:
    ledger = kept.ledger()
    opened(ledger, 1, 10)
    ledger.answer(1)
    ledger.sending(100)
    assert [key for key, _ in kept.left().open_ids] == [1]
    ledger.writing()
    ledger.wrote(99)
    assert [key for key, _ in kept.left().open_ids] == [1]
    ledger.writing()
    ledger.wrote(1)
    assert kept.left().open_ids == ()


def test_an_answer_behind_others_in_the_queue_is_not_written_before_them(kept: Kept) -> None:
    ledger = kept.ledger()
    opened(ledger, 1, 10)
    ledger.sending(1000)
    ledger.answer(1)
    ledger.sending(10)
    ledger.wrote(1000)
    assert [key for key, _ in kept.left().open_ids] == [1]
    ledger.wrote(10)
    assert kept.left().open_ids == ()


def test_a_request_whose_line_is_not_consumed_is_not_open(kept: Kept) -> None:
    ledger = kept.ledger()
    opened(ledger, 1, 10)
    before = bytes(kept.marks)
    opened(ledger, 2, 20)
    torn = Kept(bytearray(before), bytearray(kept.slots))  # the slot was filled, and the commit not made
    assert [key for key, _ in torn.left().open_ids] == [1]


def test_a_cancelled_request_wants_no_answer_of_the_next_gateway(kept: Kept) -> None:
    ledger = kept.ledger()
    opened(ledger, 1, 10)
    ledger.close(1)
    assert kept.left().open_ids == ()


@pytest.mark.parametrize(("size", "cut"), [(PIPE_BUF, False), (PIPE_BUF + 1, True)])
def test_only_a_write_that_the_system_may_cut_counts_as_cut(kept: Kept, size: int, cut: bool) -> None:
    ledger = kept.ledger()
    ledger.sending(size)
    ledger.writing()
    assert kept.left().is_cut is cut
    ledger.wrote(size)
    assert kept.left().is_cut is False


def test_a_line_written_in_part_stays_cut_until_its_end(kept: Kept) -> None:
    ledger = kept.ledger()
    ledger.sending(10_000)
    ledger.writing()
    ledger.wrote(9_000)
    assert kept.left().is_cut
    ledger.writing()
    ledger.wrote(0)  # the pipe is still full
    assert kept.left().is_cut
    ledger.writing()
    ledger.wrote(1_000)
    assert not kept.left().is_cut


def test_an_id_too_long_to_keep_is_refused_before_it_opens(kept: Kept) -> None:
    ledger = kept.ledger()
    ledger.line_end = 10
    assert ledger.open("x", b"1" * ID_BYTES) is None
    assert ledger.open("y", b"1" * (ID_BYTES + 1)) is not None
    assert [key for key, _ in ledger.open_ids] == ["x"]


def test_as_many_requests_are_open_as_there_are_slots_and_answered_ones_make_room(kept: Kept) -> None:
    ledger = kept.ledger()
    for number in range(SLOTS):
        opened(ledger, number, number + 1)
    assert ledger.open(SLOTS, b"0") is not None
    ledger.answer(7)
    ledger.sending(10)
    assert ledger.open(SLOTS, b"0") is not None  # not written yet
    ledger.wrote(10)
    opened(ledger, SLOTS, SLOTS + 1)


Steps = list[tuple[str, int]]
steps: st.SearchStrategy[Steps] = st.lists(
    st.tuples(st.sampled_from(["open", "answer", "close", "write", "next"]), st.integers(0, 5)), max_size=60
)


@given(steps)
def test_over_any_number_of_gateways_nothing_open_is_lost_and_nothing_answered_comes_back(steps: Steps) -> None:
    kept = Kept()
    ledger = kept.ledger()
    position, queued = 0, 0
    open_: set[int] = set()
    unwritten: list[tuple[int, int]] = []
    for step, number in steps:
        match step:
            case "open" if number not in open_ and all(number != key for key, _ in unwritten):
                position += 10
                opened(ledger, number, position)
                open_.add(number)
            case "answer" if number in open_:
                ledger.answer(number)
                ledger.sending(100)
                queued += 100
                open_.discard(number)
                unwritten.append((number, queued))
            case "close":
                ledger.close(number)
                open_.discard(number)
            case "write":
                size = min(queued, 40 * number)
                ledger.writing()
                ledger.wrote(size)
                queued -= size
                unwritten = [(key, end - size) for key, end in unwritten if end > size]
            case "next":
                ledger = kept.ledger()
                open_ |= {key for key, _ in unwritten}
                unwritten, queued = [], 0
        assert {key for key, _ in kept.left().open_ids} == open_ | {key for key, _ in unwritten}
