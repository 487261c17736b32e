"""What servers and hosts call themselves cannot act on the terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.cli.text import Span, Tone, diff_lines, line, render, reveal, rows, width


@given(st.text())
def test_no_control_character_of_a_name_reaches_the_terminal(name: str) -> None:
    shown = render(line(name), colour=False)

    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@given(st.text())
def test_revealing_twice_changes_nothing(text: str) -> None:
    assert reveal(reveal(text)) == reveal(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\rb\tc\nd", "a␍b␉c␊d"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("exe.\u202etxt", "exe.⟨U+202E⟩txt"),
        ("a\u200bb\u2028c", "a⟨U+200B⟩b⟨U+2028⟩c"),
        ("\x7f\udcff", "␡⟨U+DCFF⟩"),
        ("Ünïcode 日本 ●", "Ünïcode 日本 ●"),
    ],
)
def test_a_character_that_does_not_show_is_named(text: str, shown: str) -> None:
    assert reveal(text) == shown


def test_a_name_cannot_end_the_colour_it_is_shown_in() -> None:
    assert render(line(Span("a\x1b[0mb", Tone.BAD)), colour=True) == "\x1b[31ma␛[0mb\x1b[0m"


def test_without_colour_nothing_but_the_text_is_printed() -> None:
    assert render(line(Span("a", Tone.BAD), "b"), colour=False) == "ab"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("\x1b", 1), ("", 0)])
def test_the_width_is_that_of_what_is_shown(text: str, columns: int) -> None:
    assert width(text) == columns


def test_text_is_split_at_line_feeds_only() -> None:
    assert rows("a\x0bb\u2028c\r\nd\n") == ["a\x0bb\u2028c\r", "d"]


def test_a_tab_in_text_moves_to_the_next_column_of_four() -> None:
    assert rows("a\tb") == ["a   b"]


def test_what_comes_and_what_goes_in_a_diff_has_different_tones() -> None:
    tones = [spans[0].tone for spans in diff_lines("--- f\n+++ f\n@@ -1 +1 @@\n-old\n+new\n same\n")]

    assert tones == [Tone.DIM, Tone.DIM, Tone.DIM, Tone.BAD, Tone.GOOD, Tone.PLAIN]
