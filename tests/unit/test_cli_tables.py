"""Columns stand below each other whatever is in them."""

from collections.abc import Sequence

from ostiary.cli.tables import Row, indented, table
from ostiary.cli.text import line, render


def shown(rows: Sequence[Row], header: Sequence[str] = (), widths: Sequence[int] = ()) -> list[str]:
    return [render(row, colour=False) for row in table(rows, header=header, widths=widths)]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert shown([("a", "bb", "c"), ("ddd", "e", "f")]) == ["a    bb  c", "ddd  e   f"]


def test_wide_characters_count_twice_and_combining_ones_not_at_all() -> None:
    assert shown([("日本", "x"), ("e\u0301", "y")]) == ["日本  x", "e\u0301     y"]


def test_a_revealed_character_counts_as_it_is_shown() -> None:
    assert shown([("\u202e", "x"), ("a", "y")]) == ["⟨U+202E⟩  x", "a         y"]


def test_a_shape_stands_close_to_its_word() -> None:
    assert shown([("●", "running"), ("○", "off")]) == ["● running", "○ off"]


def test_no_line_ends_in_spaces() -> None:
    assert shown([("aa", "", ""), ("b", "cc", "dd")])[0] == "aa"


def test_rows_may_be_shorter_than_others() -> None:
    assert shown([("aa",), ("bb", "cc")]) == ["aa", "bb  cc"]


def test_lines_that_come_later_stand_below_the_first() -> None:
    assert shown([("a", "b")], widths=(5,)) == ["a      b"]


def test_there_is_no_header_over_nothing() -> None:
    assert shown([], header=("name",)) == []
    assert shown([("ab",)], header=("name",)) == ["name", "ab"]


def test_indented_lines_keep_their_spans() -> None:
    assert [render(row, colour=False) for row in indented([line("a", "b")])] == ["  ab"]
