"""What a ``.gitignore`` hides, as gitignore(5) says. Pure.

Patterns come from files that anybody may have written, so they are matched by ``Glob`` and by ``fnmatch``, whose
expressions do not backtrack. Rules of names alone, nearly all there are, become one expression: measured 0.6 µs a name.
"""

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from ostiary_servers.common.glob import Glob

FILE_NAME = ".gitignore"
SIZE_LIMIT_BYTES = 256 * 1024
"""A longer file is not taken for one."""

_ESCAPED = re.compile(r"\\(.)")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: str
    shows: bool
    folders_only: bool

    @property
    def is_name(self) -> bool:
        """Whether it is held against names at any depth."""
        return "/" not in self.pattern


@dataclass(frozen=True, slots=True)
class _Rules:
    """Neighbouring rules that all hide, or all show again."""

    shows: bool
    names: re.Pattern[str]
    folder_names: re.Pattern[str]
    paths: tuple[tuple[Glob, bool], ...]

    @classmethod
    def of(cls, shows: bool, rules: list[_Rule]) -> Self:
        return cls(
            shows,
            _any_name(rule.pattern for rule in rules if rule.is_name and not rule.folders_only),
            _any_name(rule.pattern for rule in rules if rule.is_name and rule.folders_only),
            tuple((Glob.anchored(rule.pattern), rule.folders_only) for rule in rules if not rule.is_name),
        )

    def match(self, parts: tuple[str, ...], is_folder: bool) -> bool:
        name = parts[-1]
        if self.names.match(name) or (is_folder and self.folder_names.match(name)):
            return True
        return any(glob.matches(parts) for glob, folders_only in self.paths if is_folder or not folders_only)


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The rules of one file; they count for its folder and what is below."""

    groups: tuple[_Rules, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Every text is one; a line that means nothing hides nothing."""
        rules = [rule for line in text.splitlines() if (rule := _rule(line))]
        return cls(tuple(_Rules.of(shows, list(group)) for shows, group in groupby(rules, lambda rule: rule.shows)))

    def hides(self, parts: tuple[str, ...], *, is_folder: bool) -> bool | None:
        """Whether the path with these names, seen from the file's folder, is hidden; None when no rule speaks of it.

        The last rule that fits decides.
        """
        for group in reversed(self.groups):
            if group.match(parts, is_folder):
                return not group.shows
        return None


def _rule(line: str) -> _Rule | None:
    if not line.endswith("\\ "):
        line = line.rstrip(" ")
    if not line or line.startswith("#"):
        return None
    shows, line = line.startswith("!"), line.removeprefix("!")
    folders_only, line = line.endswith("/"), line.rstrip("/")
    if not line:
        return None
    pattern = _ESCAPED.sub(lambda found: f"[{found[1]}]", line)
    return _Rule(pattern.removeprefix("**/") if pattern.count("/") == 1 else pattern, shows, folders_only)


def _any_name(patterns: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(map(fnmatch.translate, patterns))
    return re.compile(joined) if joined else _NEVER
