"""The change that is shown is the change that is made, wherever in a file it is."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from ostiary.gateway.hosts.host_diff import diff

LINES = st.lists(st.sampled_from(["a\n", "b\n", "{\n", "}\n", "\n"]), max_size=14)
HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n")


def patched(before: list[str], shown: str) -> list[str]:
    """What a unified diff makes of these lines; each line of it is held against the place that its hunk names."""
    after, at = list[str](), 0
    for line in shown.splitlines(keepends=True)[2:]:
        match = HUNK.fullmatch(line)
        if match:
            start = int(match[1]) - (match[2] != "0")
            after += before[at:start]
            at = start
            assert len(after) == int(match[3]) - (match[4] != "0")
        elif line[0] == "+":
            after.append(line[1:])
        else:
            assert before[at] == line[1:]
            after += [line[1:]] * (line[0] == " ")
            at += 1
    return after + before[at:]


@given(LINES, LINES, LINES, LINES)
@example(["a\n"] * 9, ["b\n"], ["a\n"], ["a\n"] * 9)
@example([], [], ["a\n"], [])
@example(["a\n"] * 3, ["a\n"], [], ["a\n"])
def test_a_diff_makes_of_the_old_lines_the_new_ones(
    head: list[str], old: list[str], new: list[str], tail: list[str]
) -> None:
    before, after = ["{\n", *head, *old, *tail], ["{\n", *head, *new, *tail]
    shown = diff("x.json", "".join(before).encode(), "".join(after).encode())
    assert patched(before, shown) == after
    assert bool(shown) == (before != after)


def test_a_change_in_the_middle_is_shown_with_three_lines_around_it() -> None:
    lines = [f"{number}\n" for number in range(1, 101)]
    before, after = "".join(lines), "".join([*lines[:50], "new\n", *lines[50:]])
    assert diff("x", before.encode(), after.encode()) == (
        "--- x\n+++ x\n@@ -48,6 +48,7 @@\n 48\n 49\n 50\n+new\n 51\n 52\n 53\n"
    )
