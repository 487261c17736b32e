"""Nothing that a program will read is hidden from the person who decides about it."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from ostiary.ui.visible import count_hidden, is_hidden, reveal_line, reveal_rows

REVEALED = [
    ("nul", "a\0b", "a⟨NUL⟩b"),
    ("escape sequence", "\x1b[31m", "⟨ESC⟩[31m"),
    ("delete", "a\x7fb", "a⟨DEL⟩b"),
    ("C1 control", "a\x85b", "a⟨U+0085⟩b"),
    ("right-to-left override", "invoice\u202etxt.exe", "invoice⟨U+202E⟩txt.exe"),
    ("isolate", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"),
    ("zero width space", "a\u200bb", "a⟨U+200B⟩b"),
    ("zero width joiner", "a\u200db", "a⟨U+200D⟩b"),
    ("byte order mark", "\ufeffa", "⟨U+FEFF⟩a"),
    ("soft hyphen", "pass\u00adword", "pass⟨U+00AD⟩word"),
    ("tag characters", "ok\U000e0072\U000e006d", "ok⟨U+E0072⟩⟨U+E006D⟩"),
    ("variation selectors", "a\ufe01\U000e0101", "a⟨U+FE01⟩⟨U+E0101⟩"),
    ("hangul filler", "a\u3164b", "a⟨U+3164⟩b"),
    ("no-break space", "rm\u00a0x", "rm⟨U+00A0⟩x"),
    ("line separator", "a\u2028b", "a⟨U+2028⟩b"),
    ("lone surrogate", "a\ud800b", "a⟨U+D800⟩b"),
    ("private use", "a\ue000b", "a⟨U+E000⟩b"),
    ("line feed in a field of one line", "edit\nAllow", "edit⟨LF⟩Allow"),
    ("tab in a field of one line", "a\tb", "a⟨TAB⟩b"),
    ("letters, accents and other scripts stay", "Größe e\u0301 файл 文件 مرحبا", "Größe e\u0301 файл 文件 مرحبا"),
    ("markup stays text", "<b>bold</b> &amp;", "<b>bold</b> &amp;"),
]


@pytest.mark.parametrize(("text", "shown"), [case[1:] for case in REVEALED], ids=[case[0] for case in REVEALED])
def test_hidden_characters_are_named_and_others_stay(text: str, shown: str) -> None:
    assert reveal_line(text) == shown


def test_lines_break_at_line_feeds_only() -> None:
    assert reveal_rows("a\nb\rc\u2028d\x0be\r\n") == ["a", "b⟨CR⟩c⟨U+2028⟩d⟨VT⟩e⟨CR⟩", ""]


def test_tabs_keep_their_columns_in_longer_texts() -> None:
    assert reveal_rows("a\tb") == ["a   b"]


def test_no_character_of_unicode_that_is_a_control_or_a_format_passes() -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1))
    assert not [c for c in every if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and not is_hidden(c)]


def test_line_ends_and_tabs_are_not_counted_as_hidden() -> None:
    assert count_hidden("a\tb\r\nc\n") == 0
    assert count_hidden("a\rb\u202ec\u200b") == 3
