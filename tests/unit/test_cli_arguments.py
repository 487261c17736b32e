"""Which way the arguments lead, and what is another program's among them."""

import pytest

from ostiary.__main__ import Way, way_of
from ostiary.cli.following import passes
from ostiary.cli.program import split_program
from ostiary.cli.servers import variable
from ostiary.cli.words import command_line, count, duration, size
from ostiary.domain.call import CallFilter, Outcome
from ostiary.domain.errors import UsageError
from tests.support.fake_world import call


@pytest.mark.parametrize(
    ("arguments", "way"),
    [
        ([], Way.TRAY),
        (["--home", "status"], Way.TRAY),
        (["--home=/x"], Way.TRAY),
        (["--home", "/x", "status"], Way.COMMAND),
        (["status", "--headless"], Way.COMMAND),
        (["--json", "status"], Way.COMMAND),
        (["--help"], Way.COMMAND),
        (["-h"], Way.COMMAND),
        (["no-such-command"], Way.COMMAND),
        (["--headless"], Way.GATEWAY),
        (["--home", "/x", "--headless", "--help"], Way.GATEWAY),
        (["--version"], Way.VERSION),
        (["--home", "/x", "--version"], Way.VERSION),
    ],
)
def test_the_first_telling_argument_decides(arguments: list[str], way: Way) -> None:
    assert way_of(arguments) is way


def test_what_follows_the_dashes_of_add_belongs_to_the_other_program() -> None:
    given = ["--json", "servers", "add", "n", "--", "npx", "-y", "--", "--json"]

    assert split_program(given) == (["--json", "servers", "add", "n"], ["npx", "-y", "--", "--json"])


def test_elsewhere_dashes_only_end_the_options() -> None:
    assert split_program(["roots", "add", "--", "-odd-"]) == (["roots", "add", "--", "-odd-"], None)


@pytest.mark.parametrize(("text", "pair"), [("A=b", ("A", "b")), ("A=", ("A", "")), ("A=b=c", ("A", "b=c"))])
def test_a_variable_ends_at_its_first_equals_sign(text: str, pair: tuple[str, str]) -> None:
    assert variable(text) == pair


@pytest.mark.parametrize("text", ["A", "=b", ""])
def test_a_variable_without_name_or_equals_sign_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        variable(text)


@pytest.mark.parametrize(
    ("chosen", "passed"),
    [
        (CallFilter(), True),
        (CallFilter(host="Cursor", server="files", outcome=Outcome.OK, text="CONFIG"), True),
        (CallFilter(text="read_text"), True),
        (CallFilter(host="zed"), False),
        (CallFilter(server="github"), False),
        (CallFilter(outcome=Outcome.DENIED), False),
        (CallFilter(text="passwd"), False),
    ],
)
def test_a_coming_call_passes_only_when_all_that_was_asked_for_fits(chosen: CallFilter, passed: bool) -> None:
    assert passes(chosen, call(1)) is passed


def test_the_borders_of_each_word_of_a_command_can_be_seen() -> None:
    assert command_line(("/opt/a b", "", "$HOME")) == "'/opt/a b' '' '$HOME'"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0 s"), (59.9, "59 s"), (60, "1 min"), (7200, "2 h"), (86_400, "1 day"), (200_000, "2 days")],
)
def test_a_duration_is_told_in_its_largest_unit(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_amounts_are_told_as_people_compare_them() -> None:
    assert (size(999), size(34_000_000), size(2_500_000_000)) == ("999 B", "34 MB", "2.5 GB")
    assert (count(1, "tool"), count(1200, "tool")) == ("1 tool", "1,200 tools")
