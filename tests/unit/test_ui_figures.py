"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from ostiary.ui.figures import duration, milliseconds, number, size


@pytest.mark.parametrize(
    ("seconds", "read"),
    [(-5, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (7_199, "1 h"), (86_400, "1 day"), (200_000, "2 days")],
)
def test_duration_is_told_in_its_largest_unit(seconds: float, read: str) -> None:
    assert duration(seconds) == read


@pytest.mark.parametrize(
    ("length_ms", "read"),
    [(0.4, "< 1 ms"), (4.2, "4 ms"), (1_240, "1.2 s"), (61_000, "1 min")],
)
def test_a_short_time_is_told_in_milliseconds(length_ms: float, read: str) -> None:
    assert milliseconds(length_ms) == read


@pytest.mark.parametrize(
    ("size_bytes", "read"),
    [(0, "0 B"), (999, "999 B"), (1_500, "2 KB"), (14_000_000, "14 MB"), (2_340_000_000, "2.3 GB")],
)
def test_size_is_told_so_that_it_can_be_compared(size_bytes: int, read: str) -> None:
    assert size(size_bytes) == read


def test_thousands_are_parted() -> None:
    assert number(1_204) == "1,204"
    assert number(1_204.56, 1) == "1,204.6"
