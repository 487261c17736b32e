"""What a person types about a server, read as a shell would read it and no further."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.errors import UsageError
from ostiary.ui.command_line import read_command, read_environment, read_name


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("uvx weather", ("uvx", "weather")),
        ("'/opt/my tools/run' --all", ("/opt/my tools/run", "--all")),
        ("echo $HOME ~ *", ("echo", "$HOME", "~", "*")),
        ("a # b", ("a", "#", "b")),
        ("a; b | c", ("a;", "b", "|", "c")),
        ('x ""', ("x", "")),
    ],
)
def test_quotes_are_taken_and_nothing_is_expanded(typed: str, command: tuple[str, ...]) -> None:
    assert read_command(typed) == command


@pytest.mark.parametrize("typed", ["", "   ", "run 'open", 'run "open'])
def test_what_is_no_command_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        read_command(typed)


@given(st.text())
def test_any_text_is_read_or_refused(typed: str) -> None:
    with suppress(UsageError):
        assert read_command(typed)


@pytest.mark.parametrize("name", ["weather", "a", "0-1", "x" * 32])
def test_good_names_pass(name: str) -> None:
    assert read_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "Weather", "a b", "ä", "x" * 33, "a/b", "a\nb"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        read_name(name)


def test_environment_keeps_what_follows_the_first_equals_sign() -> None:
    assert read_environment("A=b=c\n\n  KEY=${secret:KEY}\nEMPTY=") == {
        "A": "b=c",
        "KEY": "${secret:KEY}",
        "EMPTY": "",
    }


@pytest.mark.parametrize("line", ["no sign", "=value", "1A=x", "A B=x"])
def test_line_that_is_no_variable_is_named_in_the_refusal(line: str) -> None:
    with pytest.raises(UsageError, match=line):
        read_environment(f"GOOD=1\n{line}")
