"""What a host said survives a kill at any moment: between any two stores, and between a read and its note."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ostiary.gateway.resume.inbox import Inbox, Unread
from ostiary.gateway.resume.layout import Mark
from ostiary.gateway.wire.framing import KEPT_BYTES

AREA_BYTES = 24 * 1024
MARKS = 8


class Memory:
    """Behaves as a memoryview, and shows what it holds to ``on_store`` after each store."""

    def __init__(self, view: memoryview, on_store: Any) -> None:
        self._view, self._on_store = view, on_store

    def __len__(self) -> int:
        return len(self._view)

    def __getitem__(self, place: Any) -> Any:
        return self._view[place]

    def __setitem__(self, place: Any, content: Any) -> None:
        self._view[place] = content
        self._on_store()


@dataclass
class Kept:
    """The memory of one journal; ``at_each_store`` is asked what a kill would leave."""

    marks: bytearray = field(default_factory=lambda: bytearray(8 * MARKS))
    area: bytearray = field(default_factory=lambda: bytearray(AREA_BYTES))

    def inbox(self, on_store: Any = lambda: None) -> Inbox:
        marks: Any = Memory(memoryview(self.marks).cast("Q"), on_store)
        area: Any = Memory(memoryview(self.area), on_store)
        return Inbox(marks, area)

    def copy(self) -> Kept:
        return Kept(bytearray(self.marks), bytearray(self.area))


lines = st.lists(
    st.one_of(st.integers(1, 300), st.integers(KEPT_BYTES, 3 * AREA_BYTES)).map(lambda size: b"x" * size + b"\n"),
    min_size=1,
    max_size=8,
)
sizes = st.lists(st.one_of(st.integers(1, 400), st.integers(1000, AREA_BYTES)), max_size=20).map(
    lambda some: [*some, AREA_BYTES]  # one read in each round takes all there is room for, so that a run has an end
)


def check(kept: Kept, stream: bytes, read: int) -> None:
    """What the next gateway would find: all that was read and not consumed, or the head of a line and what follows."""
    consumed = memoryview(kept.marks).cast("Q")[Mark.CONSUMED]
    left = stream[consumed:read]
    unread = kept.copy().inbox().unread()
    if not unread.head:
        assert unread.said == left
        return
    line, end, after = left.partition(b"\n")
    assert line.startswith(unread.head) or unread.head.startswith(line)
    _middle, found, rest = unread.said.partition(b"\n")
    assert (found, rest) == (end, after)


@settings(deadline=None, max_examples=40)
@example(lines=[b"abc\n", b"defghi\n"], sizes=[8])  # what is left is as long as what is consumed
@given(lines=lines, sizes=sizes)
def test_a_kill_between_any_two_stores_loses_nothing(lines: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(lines)
    kept, read = Kept(), 0
    inbox = kept.inbox(lambda: check(kept, stream, read))
    turn = 0
    while read < len(stream):
        room = inbox.room
        size = min(sizes[turn % len(sizes)], len(room), len(stream) - read)
        turn += 1
        room[:size] = stream[read : read + size]
        read += size
        check(kept, stream, read)  # killed after the read and before its note
        chunk = inbox.read(size)
        assert chunk == stream[read - size : read]
        start = 0
        while cut := chunk.find(b"\n", start) + 1:
            inbox.consume(read - size + cut)
            start = cut
        inbox.settle()
    assert kept.inbox().unread() == Unread(b"")
    assert not any(kept.area)


@given(said=st.binary(max_size=5000), cut=st.integers(0, 5000))
def test_what_was_noted_survives_whatever_its_bytes_are(said: bytes, cut: int) -> None:
    kept = Kept()
    inbox = kept.inbox()
    inbox.room[: len(said)] = said
    inbox.read(len(said))
    inbox.consume(min(cut, len(said)))
    assert kept.inbox().unread().said == said[min(cut, len(said)) :]


def test_a_long_line_keeps_its_beginning_and_what_follows_it() -> None:
    kept = Kept()
    inbox = kept.inbox()
    head = b'{"id":1,"text":"'
    read_all(inbox, head + b"x" * 200_000)
    next_one = kept.copy().inbox()
    unread = next_one.unread()
    assert unread.head == (head + b"x" * KEPT_BYTES)[:KEPT_BYTES]
    position = read_all(next_one, b'"}\nnext')
    next_one.consume(position - len(b"next"))
    next_one.settle()
    assert kept_after(next_one) == b"next"


def read_all(inbox: Inbox, said: bytes) -> int:
    """Have it read without any line being consumed; gives the position behind it."""
    while said:
        size = min(len(inbox.room), len(said))
        inbox.room[:size] = said[:size]
        inbox.read(size)
        said = said[size:]
        if said:
            inbox.settle()
    return inbox.noted


def kept_after(inbox: Inbox) -> bytes:
    return inbox.unread().said
