"""All that a command has of the outside: the gateway to ask, the terminal to show things on, the person to ask.

Results go to stdout, as text or as JSON; everything said beside them goes to stderr.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Final, TextIO, TypeVar

import msgspec

from ostiary.cli.text import Line, render, reveal
from ostiary.control.client import ANSWER_TIMEOUT_S, ControlClient, connect
from ostiary.control.messages import Command, GetStatus
from ostiary.domain.errors import OstiaryError, UsageError

R = TypeVar("R")

PERSON_TIMEOUT_S: Final = 60.0
"""How long a command waits for the person in the tray; the gateway ends its question earlier."""

VALUE_LIMIT_BYTES: Final = 64 * 1024
"""The longest secret. Keyrings hold some kilobytes at most."""


class OutputError(OstiaryError):
    """What was to be shown cannot be written: a full disk, or nothing, behind stdout."""


class Console:
    """One command's outside. It connects at the first question and hangs up at the end."""

    def __init__(self, home: str | None, *, as_json: bool) -> None:
        for stream in (sys.stdout, sys.stderr):
            _never_fail_for_a_character(stream)
        self.home = home
        self.as_json = as_json
        self._client: ControlClient | None = None

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    # The gateway

    @property
    def client(self) -> ControlClient:
        """The connection. UnreachableError when no gateway runs."""
        if self._client is None:
            self._client = connect(self.home)
        return self._client

    def ask(self, command: Command[R], work_s: float = ANSWER_TIMEOUT_S) -> R:
        """The command's result, which may take ``work_s``; of one that widens access after the person's answer."""
        if not command.widens:
            return self.client.ask(command, work_s)
        if self.client.ask(GetStatus()).front:
            self.note("Waiting for your answer in Ostiary…")
            return self.client.ask(command, PERSON_TIMEOUT_S + work_s)
        return self.client.ask(command, work_s)

    # The terminal

    def give(self, result: object, lines: Iterable[Line]) -> None:
        """Show a result: as ``lines``, or as one JSON value where that is asked for."""
        if self.as_json:
            _write(_json(result, indent=2))
        else:
            self.show(lines)

    def give_each(self, results: Iterable[object], lines: Iterable[Line]) -> None:
        """Show results that go on coming: at once, and one JSON object a line where that is asked for."""
        if self.as_json:
            for result in results:
                _write(_json(result))
        else:
            self.show(lines)
        self.flush()

    def show(self, lines: Iterable[Line]) -> None:
        """Show text on stdout."""
        colour = _has_colour(sys.stdout)
        for spans in lines:
            _write(render(spans, colour=colour))

    def flush(self) -> None:
        """See what was shown on its way. OutputError when it cannot be written."""
        _write("", end="", flush=True)

    def note(self, text: str) -> None:
        """Say something beside the result."""
        print(reveal(text), file=sys.stderr, flush=True)

    def note_lines(self, lines: Iterable[Line]) -> None:
        """Show text beside the result."""
        colour = _has_colour(sys.stderr)
        for spans in lines:
            print(render(spans, colour=colour), file=sys.stderr)

    # The person

    @property
    def is_interactive(self) -> bool:
        """Whether somebody can be asked here."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, question: str) -> bool:
        """Ask on the terminal. Anything but a clear yes is a no."""
        print(f"{reveal(question)} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def secret_value(self, name: str) -> str:
        """A value from the terminal, unseen, or from stdin without the newline at its end. UsageError for no text."""
        if sys.stdin.isatty():
            value = _typed(f"Value of {reveal(name)} (it is not shown): ")
        else:
            value = _decoded(sys.stdin.buffer.read(VALUE_LIMIT_BYTES + 1))
        if not value:
            raise UsageError("There is no value", f"Type one, or pipe one in: `ostiary secrets set {name} < FILE`.")
        return value


def _typed(prompt: str) -> str:
    """A line from the terminal, unseen; nothing where the person ended their input instead (Ctrl-D)."""
    try:
        return getpass.getpass(prompt)
    except EOFError:
        print(file=sys.stderr)
        return ""
    except UnicodeDecodeError:
        raise UsageError("The value is no text", "Look at how the terminal is set, or pipe the value in.") from None


def _decoded(raw: bytes) -> str:
    if len(raw) > VALUE_LIMIT_BYTES:
        raise UsageError("The value is too long", f"A secret has at most {VALUE_LIMIT_BYTES // 1024} KB.")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        # Not "from" it: the error holds the value.
        raise UsageError("The value is no text", "A secret is UTF-8 text; encode other values first.") from None
    return text.removesuffix("\n").removesuffix("\r")


def _write(text: str, *, end: str = "\n", flush: bool = False) -> None:
    """To stdout. BrokenPipeError when its reader has left, OutputError for any other reason."""
    try:
        print(text, end=end, flush=flush)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError("The output could not be written", f"{error.strerror or error}.") from error


def _has_colour(stream: TextIO) -> bool:
    """Our policy, after no-color.org: on a terminal that is not dumb, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _json(value: object, indent: int | None = None) -> str:
    """In ASCII: a terminal obeys characters that JSON need not escape, such as U+009B."""
    return json.dumps(msgspec.to_builtins(value), indent=indent)


def _never_fail_for_a_character(stream: TextIO) -> None:
    """A locale without ● gets a question mark, not an exception."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
