"""What a person types about a server, read strictly. Pure."""

from __future__ import annotations

import re
import shlex
import sys
from typing import Final

from ostiary.domain.errors import UsageError
from ostiary.ui import words

NAME: Final = re.compile(r"[a-z0-9-]{1,32}")
VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_name(text: str) -> str:
    """A server's name. UsageError when it is none."""
    name = text.strip()
    if not NAME.fullmatch(name):
        raise UsageError(words.BAD_NAME)
    return name


def read_command(text: str) -> tuple[str, ...]:
    """The program and its arguments, by the quoting rules of a POSIX shell and with nothing expanded.

    On Windows backslashes are parts of paths. UsageError when it is empty or a quotation mark is left open.
    """
    reader = shlex.shlex(text, posix=True, punctuation_chars=False)
    reader.whitespace_split = True
    reader.commenters = ""
    if sys.platform == "win32":
        reader.escape = ""
    try:
        command = tuple(reader)
    except ValueError as error:
        raise UsageError(words.OPEN_QUOTE) from error
    if not command:
        raise UsageError(words.NO_COMMAND)
    return command


def read_environment(text: str) -> dict[str, str]:
    """One ``NAME=value`` a line; empty lines pass. UsageError names the line that is something else."""
    variables: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, equals, value = line.strip().partition("=")
        if not equals or not VARIABLE.fullmatch(name):
            raise UsageError(words.bad_variable(line.strip()))
        variables[name] = value
    return variables
