"""What a shim that pumps remembers, and the gateway's words to it: both count the same lines, and mean the same."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.resume.by_shim import MOST_UNTOLD_BYTES, ByShim
from ostiary.gateway.resume.conversation import Answered, Conversation, read_note
from ostiary.gateway.resume.layout import CONVERSATION_BYTES, ID_BYTES
from ostiary.gateway.session import GATED
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.framing import LINE_LIMIT_BYTES, LineSplitter
from ostiary_connect import remembered
from ostiary_connect.remembered import REPEATABLE, Remembered, Word

PIECES = st.lists(st.sampled_from([b"\n", b"\r\n", b"\r", b" ", b"a", b'{"method":"ping","id":1}', b"\0"]), max_size=30)


def by_shim() -> ByShim:
    return ByShim(Conversation(), None)


@given(PIECES, st.lists(st.integers(0, 60)))
def test_both_ends_count_the_same_lines_however_they_are_cut(pieces: list[bytes], cuts: list[int]) -> None:
    said = b"".join(pieces)
    gateway, shim, splitter = by_shim(), Remembered(), LineSplitter()
    for start, end in pairwise(sorted({0, len(said), *(min(cut, len(said)) for cut in cuts)})):
        shim.add(said[start:end], is_said=True)
        for line in splitter.feed(said[start:end]):
            gateway.heard(line)
    shim.learn(Word(gateway.word()))
    shim.outlive()
    assert shim.next_unsaid() == b""
    assert len(shim.unfinished) == splitter.rest_bytes


@given(PIECES, st.lists(st.integers(0, 60)))
def test_what_no_gateway_was_told_is_said_to_the_next_to_the_letter_without_blank_lines(
    pieces: list[bytes], cuts: list[int]
) -> None:
    said, shim = b"".join(pieces), Remembered()
    for start, end in pairwise(sorted({0, len(said), *(min(cut, len(said)) for cut in cuts)})):
        shim.add(said[start:end], is_said=False)
    *lines, rest = said.split(b"\n")
    again = b"".join(iter(shim.next_unsaid, b""))
    assert again == b"".join(line + b"\n" for line in lines if line not in (b"", b"\r"))
    assert shim.unfinished == rest


def test_a_word_says_what_is_open_and_what_ended_to_the_letter() -> None:
    gateway, shim = by_shim(), Remembered()
    for key, raw_id in ((1, b"1"), ("é", b'"\\u00e9"'), (2, b"2.0")):
        gateway.open(key, raw_id)
    gateway.answer(1)
    shim.learn(Word(gateway.word()))
    told = shim.outlive()
    assert [json.loads(line)["id"] for line in told.splitlines()] == ["é", 2.0]
    assert b'"id":"\\u00e9",' in told


def test_a_line_has_a_word_before_it_only_where_something_is_new() -> None:
    gateway = by_shim()
    before = [gateway.before_line()]
    gateway.heard(b"{}")
    before += [gateway.before_line(), gateway.before_line()]
    gateway.open(1, b"1")
    before += [gateway.before_line(), gateway.before_line()]
    gateway.answer(1)
    before += [gateway.before_line(), gateway.before_line()]
    gateway.keep(Conversation())
    before += [gateway.before_line(), gateway.before_line()]
    assert [bool(parts) for parts in before] == [False, *(True, False) * 4]


def test_a_request_that_was_told_to_be_open_ends_with_a_word() -> None:
    gateway, shim = by_shim(), Remembered()
    gateway.open(1, b"1")
    shim.learn(Word(gateway.word()))
    gateway.answer(1)
    shim.learn(Word(gateway.word()))
    assert shim.outlive() == b""


def test_a_cancelled_request_is_told_of_at_once_and_an_answered_one_with_its_answer() -> None:
    gateway = by_shim()
    for key in (1, 2):
        gateway.open(key, b"%d" % key)
    due = []
    gateway.answer(1)
    due.append(gateway.is_due)
    gateway.close(2)
    due.append(gateway.is_due)
    assert Word(gateway.word(alone=True)).is_alone
    due.append(gateway.is_due)
    assert due == [False, True, False]


def test_much_that_was_heard_is_told_of_without_an_answer() -> None:
    gateway = by_shim()
    gateway.heard(b"x" * MOST_UNTOLD_BYTES)
    before = gateway.is_due
    gateway.heard(b"x")
    assert (before, gateway.is_due) == (False, True)


def test_a_note_brings_the_conversation_back() -> None:
    gateway = by_shim()
    conversation = Conversation(legacy_version="2025-11-25", initialized=True, client_info={"name": "é"})
    gateway.keep(conversation)
    note = Word(gateway.word()).note
    assert note is not None
    assert read_note(note) == Answered(conversation, b"", "")
    assert Word(gateway.word()).note is None  # told once


def test_a_conversation_too_long_for_a_greeting_leaves_the_one_before() -> None:
    gateway = by_shim()
    gateway.keep(Conversation(client_info={"name": "x" * CONVERSATION_BYTES}))
    assert Word(gateway.word()).note is None


def test_an_id_too_long_for_the_other_kind_of_shim_is_refused_here_too() -> None:
    assert by_shim().open("x", b'"%b"' % (b"x" * ID_BYTES)) is not None


def test_nothing_that_reaches_a_server_with_consequences_is_said_twice() -> None:
    assert REPEATABLE.isdisjoint({*GATED, methods.COMPLETE})


def test_both_ends_mean_the_same_by_a_line_too_long() -> None:
    assert remembered.LINE_LIMIT_BYTES == LINE_LIMIT_BYTES
    shim = Remembered()
    for _ in range(30):
        shim.add(b"x" * 1_000_000, is_said=True)
    assert LINE_LIMIT_BYTES < len(shim.unfinished) <= LINE_LIMIT_BYTES + 1_000_000
    shim.add(b"x\n{}\n", is_said=False)
    again = list(iter(shim.next_unsaid, b""))
    assert again[-1] == b"{}\n"
    assert [line.count(b"\n") for line in again] == [1, 1]


@pytest.mark.parametrize("noise", [b"\0", b"\0[]", b'\0{"heard":[]}', b"\0{}", b"\0" + b"[" * 100_000])
def test_what_is_no_word_is_an_error(noise: bytes) -> None:
    with pytest.raises(ValueError):
        Word(noise)
