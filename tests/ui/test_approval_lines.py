"""Diffs, definitions and values become lines that say what they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ostiary.ui.approval.json_text import indent_json
from ostiary.ui.approval.lines import Line, Mark, diff_lines, side_by_side, text_lines

DIFF = """--- a/config.toml
+++ b/config.toml
@@ -11,2 +11,3 @@
 [server]
-port = 8080
+port = 9090
+host = "0.0.0.0"
@@ -40 +41 @@
--- a comment in SQL
+++ i
\\ No newline at end of file
"""


def test_a_diff_keeps_numbers_marks_and_order() -> None:
    assert diff_lines(DIFF) == (
        Line(Mark.SAME, "[server]", 11),
        Line(Mark.REMOVED, "port = 8080", 12),
        Line(Mark.ADDED, "port = 9090", 12),
        Line(Mark.ADDED, 'host = "0.0.0.0"', 13),
        Line(Mark.NOTE, ""),
        Line(Mark.REMOVED, "-- a comment in SQL", 40),
        Line(Mark.ADDED, "++ i", 41),
        Line(Mark.NOTE, "No newline at end of file"),
    )


def test_no_other_line_break_can_forge_a_line_of_a_diff() -> None:
    assert diff_lines("@@ -0,0 +1 @@\n+a\r\u2028\x0b-b\n") == (Line(Mark.ADDED, "a\r\u2028\x0b-b", 1),)


def test_a_long_line_goes_on_with_its_mark_and_loses_nothing() -> None:
    rows = diff_lines("@@ -0,0 +1 @@\n+" + "x" * 2500)
    assert [(row.mark, row.number) for row in rows] == [(Mark.ADDED, 1), (Mark.ADDED, None), (Mark.ADDED, None)]
    assert "".join(row.text for row in rows) == "x" * 2500


@given(st.text(), st.integers(min_value=1, max_value=20))
def test_a_value_is_never_shortened(text: str, columns: int) -> None:
    assert "".join(row.text for row in text_lines(text, columns)) == text.replace("\n", "")


def test_two_definitions_stand_at_equal_heights() -> None:
    old, new = side_by_side("name\nreads a file", "name\nsends a file\nanywhere", columns=40)
    assert old == (Line(Mark.SAME, "name"), Line(Mark.REMOVED, "reads a file"), Line(Mark.BLANK, ""))
    assert new == (Line(Mark.SAME, "name"), Line(Mark.ADDED, "sends a file"), Line(Mark.ADDED, "anywhere"))


def test_json_is_laid_out_without_being_decoded() -> None:
    text = '{"a":1.0,"a":[1,{}],"s":"{,:}\\"","e":[]}'
    assert indent_json(text).split("\n") == [
        "{",
        '  "a": 1.0,',
        '  "a": [',
        "    1,",
        "    {}",
        "  ],",
        '  "s": "{,:}\\"",',
        '  "e": []',
        "}",
    ]


def test_json_that_was_cut_is_laid_out_as_far_as_it_goes() -> None:
    assert indent_json('{"a":["b","c') == '{\n  "a": [\n    "b",\n    "c'
