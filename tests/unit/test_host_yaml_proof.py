"""A YAML file that reads otherwise than it should is never taken for the right one, whatever made it."""

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance
from ostiary.gateway.hosts.yaml_document import parse, reads_as

RIGHT = """\
model: &m gpt  # mine
extensions:
  git:
    cmd: "git-mcp"
    args: [-a, '1']
    note: !!str 1
    again: *m
  ostiary:
    cmd: "x"
"""
WRONG = {
    "another value": ('"x"', '"y"'),
    "a lost neighbour": ("    note: !!str 1\n", ""),
    "a lost end": ('  ostiary:\n    cmd: "x"\n', ""),
    "more at the end": ('cmd: "x"\n', 'cmd: "x"\nmore: 1\n'),
    "another order": ("[-a, '1']", "['1', -a]"),
    "another nesting": ("\n  ostiary:\n    cmd", "\n    ostiary:\n      cmd"),
    "another spelling": ('"git-mcp"', "'git-mcp'"),
    "another kind": ("'1'", "1"),
    "a list with lines": ("[-a, '1']", "\n      - -a\n      - '1'"),
    "a lost tag": ("!!str 1", "1"),
    "another tag": ("!!str", "!!int"),
    "another anchor": ("&m", "&n"),
    "an alias made a text": ("*m", "gpt"),
    "a second document": ('cmd: "x"\n', 'cmd: "x"\n---\n'),
    "an end mark": ('cmd: "x"\n', 'cmd: "x"\n...\n'),
    "broken YAML": ('"x"', '"x'),
}


def test_a_file_reads_as_itself_and_as_one_with_other_comments_and_blank_lines() -> None:
    events = parse(RIGHT.encode(), STRICT).events
    assert reads_as(RIGHT.encode(), STRICT, events)
    assert reads_as(RIGHT.replace("# mine", "# yours\n").encode(), STRICT, events)
    assert reads_as(RIGHT.replace("\n", "\r\n").encode(), STRICT, events)


@pytest.mark.parametrize(("right", "wrong"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_does_not_read_as_the_right_one(right: str, wrong: str) -> None:
    assert RIGHT.count(right) == 1
    assert not _reads_as_right(RIGHT.replace(right, wrong).encode())


def test_a_mark_that_the_host_does_not_read_is_no_right_file() -> None:
    with pytest.raises(HostFileError, match="byte order mark"):
        reads_as(b"\xef\xbb\xbf" + RIGHT.encode(), STRICT, parse(RIGHT.encode(), STRICT).events)
    assert reads_as(b"\xef\xbb\xbf" + RIGHT.encode(), Tolerance(bom=True), parse(RIGHT.encode(), STRICT).events)


@pytest.mark.parametrize(
    ("text", "is_nothing"), [("", True), ("# only this\n", True), ("---\n", True), ("a: 1", False)]
)
def test_a_file_that_should_hold_nothing_holds_nothing(text: str, is_nothing: bool) -> None:
    assert reads_as(text.encode(), STRICT, ()) is is_nothing


def _reads_as_right(raw: bytes) -> bool:
    try:
        return reads_as(raw, STRICT, parse(RIGHT.encode(), STRICT).events)
    except HostFileError:
        return False
