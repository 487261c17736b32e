"""What a pumping shim makes of its gateway's words and lines, however they are cut on their way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ostiary_connect.greeting import FAREWELL
from ostiary_connect.told import Told

LINES = st.lists(st.sampled_from([b"a", b"", b"\r", b"{}", b'{"jsonrpc":"2.0"}', b"word", b"alone"]), max_size=12)


def said(lines: list[bytes]) -> bytes:
    """Each ``word`` says how many lines stand before it."""
    numbers = {b"word": b'\0{"heard":%d}', b"alone": b'\0{"heard":%d,"alone":true}'}
    return b"".join((numbers[line] % number if line in numbers else line) + b"\n" for number, line in enumerate(lines))


def true_words(lines: list[bytes]) -> set[int]:
    """The numbers in the words that are alone or have a line for the host behind them."""
    last = max((number for number, line in enumerate(lines) if line not in (b"word", b"alone")), default=0)
    return {n for n, line in enumerate(lines) if line == b"alone" or (line == b"word" and n < last)}


@given(LINES, st.lists(st.integers(0, 200)))
@example([b"word", b"alone"], [])
@example([b'a\0{"heard":9}', b"a"], [1])
@example([b"word", b"word", b"a"], [len(said([b"word"]))])
def test_the_host_gets_all_lines_and_no_word_and_what_is_true_by_then_however_it_is_cut(
    lines: list[bytes], cuts: list[int]
) -> None:
    everything, told = said(lines), Told()
    for_host, true = b"", set()
    for start, end in pairwise(sorted({0, len(everything), *(min(cut, len(everything)) for cut in cuts)})):
        pieces, words = told.sorted(everything[start:end])
        for_host += b"".join(pieces)
        true |= {word.heard for word in words}
        ended = everything[:end].count(b"\n")
        assert for_host == said([line for line in lines[:ended] if line not in (b"word", b"alone")])
        assert true == true_words(lines[:ended])


@given(st.integers(1, 60))
def test_farewell_is_heard_behind_the_last_line_wherever_it_is_cut(cut: int) -> None:
    everything, told = said([b"a", b"word", b"{}"]) + FAREWELL, Told()
    chunks = [chunk for chunk in (everything[:cut], everything[cut:]) if chunk]
    pieces = [piece for chunk in chunks for piece in told.sorted(chunk)[0]]
    assert b"".join(pieces) == b"a\n{}\n"
    assert told.is_over


def test_a_line_without_an_end_is_kept_from_the_host_and_ends_nothing() -> None:
    told = Told()
    assert b"".join(told.sorted(b"a\n{")[0]) == b"a\n"
    assert not told.is_over


def test_a_long_line_is_given_in_the_pieces_in_which_it_came() -> None:
    told = Told()
    chunks = [b'\0{"heard":1}\nxx', b"y" * 65536, b"zz\n"]
    given = [told.sorted(chunk)[0] for chunk in chunks]
    assert [b"".join(pieces) for pieces in given[:2]] == [b"", b""]
    assert any(piece is chunks[1] for piece in given[2])
    assert b"".join(given[2]) == b"xx" + chunks[1] + b"zz\n"


@pytest.mark.parametrize("before", [b"", b"a\n"])
def test_a_word_that_cannot_be_read_is_an_error(before: bytes) -> None:
    with pytest.raises(ValueError):
        Told().sorted(before + b"\0noise\na\n")
