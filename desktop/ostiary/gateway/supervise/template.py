"""When a server is forked from the warm template, and when there is one. What a template is stands in ``guard``.

It is started when the first bundled server is, and ends with the gateway. Whatever is wrong with it, servers are
started plainly instead. Linux only: on macOS what is forked and not executed may not use the system's frameworks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from ostiary.gateway.supervise.launch import Launch

if sys.platform != "win32":
    from ostiary.gateway.supervise.guard_process import GuardProcess

assert sys.platform != "win32"

MODULE = "ostiary_servers.warm_posix"
"""Loaded by its name, in the template alone: nothing of the servers is imported here."""

MOST_LOSSES = 3
"""In a row. A template that cannot live is not tried for ever."""

TITLE_ROOM_BYTES = 2048
"""What a server may be called beyond the room of the template's own arguments; the kernel shows up to a page."""

_READ_AT_START = ("GLIBC_", "LD_", "MALLOC_", "OTEL_", "PYDANTIC_", "PYTHON")
"""Variables that the loader, the C library, Python or what a server imports reads once: too late after a fork."""


class Template:
    """The template of one gateway: started when asked for, given up when lost."""

    def __init__(self, start: Callable[[Mapping[str, str]], GuardProcess] | None = None) -> None:
        """``start`` starts the process, given a locale's variables."""
        self._start = start or start_template
        self._process: GuardProcess | None = None
        self._locale: dict[str, str] = {}
        self._losses = 0

    def process_for(self, launch: Launch) -> GuardProcess | None:
        """What this launch can be forked from; None: it is to be started plainly. Raises ``OSError``."""
        if sys.platform != "linux" or self._losses >= MOST_LOSSES or not can_be_forked(launch):
            return None
        locale = locale_in(launch.environment)
        if self._process is None:
            self._locale = locale
            self._process = self._start(locale)
        return self._process if locale == self._locale else None

    def served(self) -> None:
        """A server was forked from it."""
        self._losses = 0

    def give_up(self, used: GuardProcess) -> None:
        """It is lost, or does not answer. Another start may have met that before."""
        used.close()
        if self._process is used:
            self._process = None
            self._losses += 1

    def close(self) -> None:
        """End it; servers go on."""
        if self._process is not None:
            self._process.close()
            self._process = None


def start_template(locale: Mapping[str, str]) -> GuardProcess:
    """The process, which begins to import: nothing from where the guard lies, all else as ``ostiary-serve`` would.

    Raises ``OSError``.
    """
    room = {"OSTIARY_TITLE_ROOM": " " * TITLE_ROOM_BYTES}
    return GuardProcess(("-P",), (MODULE,), {**locale, **room})


def can_be_forked(launch: Launch) -> bool:
    """Whether a fork is the same as a start: for our servers, unless their settings address what runs before them."""
    return launch.bundled and not any(name.startswith(_READ_AT_START) for name in launch.environment)


def locale_in(environment: Mapping[str, str]) -> dict[str, str]:
    """What Python makes its encodings of, at its start."""
    return {name: value for name, value in environment.items() if name == "LANG" or name.startswith("LC_")}
