"""Name patterns as people and models write them: ``*``, ``?``, ``[a-z]``, ``**`` across folders, ``{a,b}``. Pure.

Patterns come from a model, so matching must not blow up: ``fnmatch.translate`` gives expressions that do not backtrack
for one name, and ``**`` is matched over whole names, retrying only the last one.
"""

import fnmatch
import re
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Self

MAX_ALTERNATIVES = 64
"""How many patterns the braces of one may stand for; further braces are taken as they are written."""

_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")

_Name = re.Pattern[str] | None
"""What one name must match; None stands for ``**``: any number of names."""


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, ready to be matched. One without a "/" is held against the last name alone."""

    alternatives: tuple[tuple[_Name, ...], ...]

    @classmethod
    def of(cls, pattern: str) -> Self:
        """Every text is a pattern; there is no invalid one."""
        return cls(tuple(_names_of(each) for each in _without_braces(pattern.removeprefix("./").strip("/"))))

    @classmethod
    def anchored(cls, pattern: str) -> Self:
        """A pattern held against whole paths even when it is one name; braces stand for themselves."""
        return cls((tuple(map(_name, pattern.strip("/").split("/"))),))

    def matches(self, parts: tuple[str, ...]) -> bool:
        """Whether the relative path with these names fits."""
        return any(map(_fits, self.alternatives, repeat(parts)))


def _names_of(pattern: str) -> tuple[_Name, ...]:
    names = pattern.split("/") if "/" in pattern else ["**", pattern]
    return tuple(map(_name, names))


def _name(pattern: str) -> _Name:
    return None if pattern == "**" else re.compile(fnmatch.translate(pattern))


def _without_braces(pattern: str) -> list[str]:
    """``a.{b,c}`` is ``a.b`` and ``a.c``; the innermost braces go first."""
    patterns = [pattern]
    while len(patterns) < MAX_ALTERNATIVES and any(map(_BRACES.search, patterns)):
        patterns = list(chain.from_iterable(map(_expanded_once, patterns)))
    return patterns[:MAX_ALTERNATIVES]


def _expanded_once(pattern: str) -> list[str]:
    found = _BRACES.search(pattern)
    if found is None:
        return [pattern]
    return [pattern[: found.start()] + choice + pattern[found.end() :] for choice in found[1].split(",")]


def _fits(names: tuple[_Name, ...], parts: tuple[str, ...]) -> bool:
    """Greedy matching with one point to return to: the last ``**``, which then takes one name more."""
    if len(names) == 2 and names[0] is None and (name := names[1]) is not None:  # most patterns
        return name.match(parts[-1]) is not None
    at = part = 0
    retry: tuple[int, int] | None = None
    while part < len(parts):
        if at < len(names) and names[at] is None:
            retry = (at, part)
            at += 1
        elif at < len(names) and (wanted := names[at]) is not None and wanted.match(parts[part]):
            at, part = at + 1, part + 1
        elif retry is not None:
            retry = (retry[0], retry[1] + 1)
            at, part = retry[0] + 1, retry[1]
        else:
            return False
    return all(name is None for name in names[at:])
