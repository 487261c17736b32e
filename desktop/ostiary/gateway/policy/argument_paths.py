"""Finding the paths that a call's arguments name. Pure, for paths of any platform.

A text counts as a path when its argument is called like one, or when it looks absolute. That errs towards finding too
many: each is only shown, or makes a read ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from ostiary.gateway.policy.sensitive import is_sensitive

_NAMES: Final = frozenset(
    [
        *("path", "paths", "file", "files", "filename", "filepath", "folder", "directory", "dir", "root", "cwd"),
        *("source", "destination", "target", "input", "output"),
    ]
)


_FILE: Final = "file:"
_PASSED_OVER: Final = dict.fromkeys(map(ord, "\t\r\n"))
_QUERY: Final = re.compile("[?#]")

MOST_AT_ONCE: Final = 8
"""More paths than these are not looked at while others wait; one takes some 20 µs (measured)."""


def is_path_name(argument: str) -> bool:
    """True for ``path``, ``file_path``, ``oldPath`` and the like."""
    name = argument.casefold()
    return name in _NAMES or name.endswith(("path", "paths"))


def is_absolute(text: str) -> bool:
    """True for one line that starts like an absolute path of POSIX or Windows, or in the home folder."""
    starts = text.startswith(("/", "~/", "\\\\")) or (len(text) > 2 and text[1] == ":" and text[2] in "/\\")
    return starts and "\n" not in text and "\0" not in text


def named_paths(arguments: Mapping[str, object]) -> tuple[str, ...]:
    """Every path among the arguments, at any depth, each once and in order; ``file:`` URIs as the paths they name."""
    found: list[str] = []
    for name, value in arguments.items():
        _gather(name, value, found)
    return tuple(dict.fromkeys(found)) if found else ()


def _gather(name: str, value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found += (path for path in _readings(value) if path and (is_absolute(path) or is_path_name(name)))
    elif isinstance(value, list):
        for item in value:
            _gather(name, item, found)
    elif isinstance(value, dict):
        for key, item in value.items():
            _gather(str(key), item, found)


def _readings(text: str) -> tuple[str, ...]:
    """What a program may take a text for: of a ``file:`` URI the path, up to a ``?`` or ``#`` and with what follows.

    Programs read such a URI more leniently than RFC 8089, and many as the URL Standard says: in whatever case, without
    the white space around it and the line ends and tabs in it. Whatever machine it names counts as this one.
    """
    uri = text.strip()
    if uri[: len(_FILE)].casefold() != _FILE:
        return (text,)
    path = uri[len(_FILE) :].translate(_PASSED_OVER)
    if path.startswith("//"):
        _, slash, below = path[2:].partition("/")
        path = slash + below
    return tuple(dict.fromkeys(unquote(reading) for reading in (_QUERY.split(path, maxsplit=1)[0], path)))


@dataclass(frozen=True, slots=True)
class Places:
    """Where a call's paths lead. ``paths`` are real ones; None when one is relative to a folder we do not know."""

    sensitive: bool = False
    paths: tuple[str, ...] | None = ()


def places(named: tuple[str, ...], real_path: Callable[[str], str]) -> Places:
    """Looks where each path leads, and whether one, as given or as it resolves, is likely to hold secrets.

    ``real_path`` follows links and expands ``~``; it is asked for absolute paths only.
    """
    real = {path: real_path(path) for path in named if is_absolute(path)}
    sensitive = any(map(is_sensitive, {*named, *real.values()}))
    return Places(sensitive, tuple(real.values()) if len(real) == len(named) else None)


NOWHERE: Final = Places()
"""Of a call that names no path."""


class FarPathError(Exception):
    """Nobody can tell at once where a path leads."""


def places_at_once(named: tuple[str, ...], real_path: Callable[[str], str | None]) -> Places | None:
    """The same, where it takes no waiting; ``real_path`` gives None where it would."""

    def known(path: str) -> str:
        if (real := real_path(path)) is None:
            raise FarPathError
        return real

    try:
        return places(named, known) if len(named) <= MOST_AT_ONCE else None
    except FarPathError:
        return None
