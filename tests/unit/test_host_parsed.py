"""Large files are parsed once for what is shown and what is written, and without the collector."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.parsed import collector_at_rest, forget, once
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    forget()
    yield
    forget()


class Parser:
    """Counts, and notes whether the collector was awake."""

    def __init__(self) -> None:
        self.seen: list[tuple[bytes, bool]] = []

    def __call__(self, raw: bytes, tolerance: Tolerance) -> bytes:
        self.seen.append((raw, gc.isenabled()))
        if raw == b"spoilt":
            raise HostFileError("The file does not parse", "It is spoilt.")
        return raw + (b" with mark" if tolerance.bom else b"")


def test_the_same_bytes_are_parsed_once_until_they_are_forgotten() -> None:
    parser = Parser()
    parse = once(parser)
    assert [parse(b"a", STRICT), parse(b"a", STRICT), parse(b"a", STRICT)] == [b"a", b"a", b"a"]
    assert len(parser.seen) == 1
    forget()
    parse(b"a", STRICT)
    assert len(parser.seen) == 2


def test_another_tolerance_and_another_parser_are_other_parses() -> None:
    first, second = Parser(), Parser()
    assert once(first)(b"a", STRICT) == b"a"
    assert once(first)(b"a", Tolerance(bom=True)) == b"a with mark"
    assert once(second)(b"a", STRICT) == b"a"
    assert (len(first.seen), len(second.seen)) == (2, 1)


def test_the_collector_rests_while_a_file_is_parsed_and_is_awake_after_a_refusal() -> None:
    parser = Parser()
    with pytest.raises(HostFileError):
        once(parser)(b"spoilt", STRICT)
    assert parser.seen == [(b"spoilt", False)]
    assert gc.isenabled()


def test_a_refusal_is_made_each_time_anew() -> None:
    parser = Parser()
    for _ in range(2):
        with pytest.raises(HostFileError):
            once(parser)(b"spoilt", STRICT)
    assert len(parser.seen) == 2


def test_a_collector_that_the_program_had_put_to_rest_is_not_woken() -> None:
    gc.disable()
    try:
        once(Parser())(b"a", STRICT)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_large_file_became_is_left_out_by_the_collector_and_goes_when_it_is_forgotten() -> None:
    frozen = gc.get_freeze_count()
    with collector_at_rest:
        once(lambda raw, _tolerance: [[raw] for _ in range(200_000)])(b"large", STRICT)
    assert gc.get_freeze_count() > frozen + 200_000
    forget()
    assert gc.get_freeze_count() < frozen + 200_000


class Circle:
    """Garbage that only the collector can find, once nobody else has it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize("frozen_before", [False, True])
def test_what_was_garbage_while_a_large_file_was_parsed_is_collected_once_it_is_forgotten(frozen_before: bool) -> None:
    if frozen_before:
        gc.freeze()
    try:
        with collector_at_rest:
            lost = weakref.ref(Circle())
            once(lambda raw, _tolerance: [[raw] for _ in range(200_000)])(b"large", STRICT)
        gc.collect()
        assert lost() is not None
        forget()
        assert lost() is None
        assert (gc.get_freeze_count() > 0) == frozen_before
    finally:
        gc.unfreeze()


def test_a_small_file_leaves_the_collector_its_work() -> None:
    frozen = gc.get_freeze_count()
    once(lambda raw, _tolerance: [[raw] for _ in range(100)])(b"small", STRICT)
    assert gc.get_freeze_count() == frozen
