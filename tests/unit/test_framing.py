"""Bytes become the same lines however they arrive, and a line that is too long leaves its two ends."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.wire.framing import KEPT_BYTES, Line, LineSplitter, Oversize

LIMIT = 12_000

texts = st.lists(st.binary(max_size=40).map(lambda text: text.replace(b"\n", b"").rstrip(b"\r")), max_size=12)


def lines_of(stream: bytes, cuts: list[int], *, told: bool = False) -> list[Line]:
    """What a splitter makes of it; ``told``, where the first line of each piece ends."""
    splitter = LineSplitter(LIMIT)
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(places)]
    return [line for piece in pieces for line in splitter.feed(piece, piece.find(b"\n") if told else None)]


@given(texts, st.lists(st.integers(min_value=0), max_size=20), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_any_cut_of_the_stream_gives_the_same_lines(
    wanted: list[bytes], cuts: list[int], end: bytes, told: bool
) -> None:
    stream = b"".join(line + end for line in wanted)

    assert lines_of(stream, cuts, told=told) == [line for line in wanted if line]


@given(st.integers(LIMIT - 2, 3 * LIMIT), st.lists(st.integers(min_value=0), max_size=20))
def test_only_a_line_over_the_limit_is_cut_and_what_follows_it_is_whole(size: int, cuts: list[int]) -> None:
    long = bytes(i % 251 + 4 if i % 251 + 4 != 10 else 11 for i in range(size))
    first, second = lines_of(long + b"\nnext\n", cuts)

    if size <= LIMIT:
        assert first == long
    else:
        assert first == Oversize(long[:KEPT_BYTES], long[-KEPT_BYTES:], size)
    assert second == b"next"


def test_blank_lines_are_dropped() -> None:
    assert lines_of(b"\n\r\n\na\n\n", []) == [b"a"]


def test_a_carriage_return_inside_a_line_stays() -> None:
    assert lines_of(b"a\rb\n", []) == [b"a\rb"]


def test_half_a_line_is_no_line_and_is_counted() -> None:
    splitter = LineSplitter(LIMIT)

    assert splitter.feed(b"whole\nhalf") == [b"whole"]
    assert splitter.rest_bytes == 4


def test_an_endless_line_keeps_only_its_ends() -> None:
    splitter = LineSplitter(LIMIT)
    for _ in range(100):
        assert splitter.feed(b"x" * LIMIT) == []

    (line,) = splitter.feed(b"\n")

    assert line == Oversize(b"x" * KEPT_BYTES, b"x" * KEPT_BYTES, 100 * LIMIT)
