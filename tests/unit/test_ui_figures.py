"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from ostiary.ui.figures import count, duration, size


@pytest.mark.parametrize(
    ("seconds", "read"),
    [(-5, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (7_199, "1 h"), (86_400, "1 day"), (200_000, "2 days")],
)
def test_duration_is_told_in_its_largest_unit(seconds: float, read: str) -> None:
    assert duration(seconds) == read


@pytest.mark.parametrize(
    ("size_bytes", "read"),
    [(0, "0 B"), (999, "999 B"), (1_500, "2 KB"), (14_000_000, "14 MB"), (2_340_000_000, "2.3 GB")],
)
def test_size_is_told_so_that_it_can_be_compared(size_bytes: int, read: str) -> None:
    assert size(size_bytes) == read


def test_one_is_not_many() -> None:
    assert count(1, "tool") == "1 tool"
    assert count(2, "tool") == "2 tools"
    assert count(1_204, "entry", "entries") == "1,204 entries"
