"""A wrong splice never becomes bytes, whatever made it."""

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.json_document import parse
from ostiary.gateway.hosts.json_proof import proven_with, proven_without
from ostiary.gateway.hosts.tolerance import STRICT

PATH = ("mcpServers", "ostiary")
BEFORE = '{"a": 1E+5, "d": 1, "d": 2, "mcpServers": {"git": {}}}'
AFTER = '{"a": 1E+5, "d": 1, "d": 2, "mcpServers": {"git": {}, "ostiary": {"command": "x"}}}'
WRONG = {
    "another entry": ('"x"', '"y"'),
    "an entry elsewhere": ('{}, "ostiary": {"command": "x"}}}', '{}}, "ostiary": {"command": "x"}}'),
    "a lost neighbour": ('"git": {}, ', ""),
    "a changed neighbour": ('"git": {}', '"git": []'),
    "a lost duplicate": ('"d": 1, ', ""),
    "another order": ('"d": 1, "d": 2', '"d": 2, "d": 1'),
    "a number spelt anew": ("1E+5", "100000.0"),
    "broken JSON": ("}}}", "}}"),
}


def test_the_right_edit_is_let_through_both_ways() -> None:
    assert proven_with(parse(BEFORE.encode(), STRICT), AFTER, PATH, {"command": "x"}, STRICT) == AFTER.encode()
    assert proven_without(parse(AFTER.encode(), STRICT), BEFORE, PATH, STRICT) == BEFORE.encode()


@pytest.mark.parametrize(("right", "wrong"), WRONG.values(), ids=WRONG)
def test_a_wrong_insertion_is_refused(right: str, wrong: str) -> None:
    assert right in AFTER
    with pytest.raises(HostFileError):
        proven_with(parse(BEFORE.encode(), STRICT), AFTER.replace(right, wrong), PATH, {"command": "x"}, STRICT)


@pytest.mark.parametrize("text", [AFTER, BEFORE.replace('"git": {}', ""), BEFORE.replace("1E+5", "1e5")])
def test_a_wrong_removal_is_refused(text: str) -> None:
    with pytest.raises(HostFileError, match="could not be verified"):
        proven_without(parse(AFTER.encode(), STRICT), text, PATH, STRICT)
