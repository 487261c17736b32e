"""What the doctor found, and the report of it that a person gives away. Pure.

A report is made of findings alone: commands, arguments and what servers said are in none. What is private in the
sentences is replaced by a mark that holds no letters, so that no private word can be part of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from msgspec import Struct

HIDDEN = "‹…›"
HOME = "~"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing the doctor looked at. ``code`` is stable; ``action`` is empty when all is well."""

    code: str
    ok: bool
    sentence: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Private:
    """What must not get into a report. ``mask`` hides secrets in a text."""

    homes: tuple[str, ...]
    names: tuple[str, ...]
    folders: tuple[str, ...]
    mask: Callable[[str], str]

    def without(self, text: str) -> str:
        """The text with all of it replaced, in whatever case and with either kind of slash."""
        text = self.mask(text)
        for folders, mark in ((self.folders, HIDDEN), (self.homes, HOME)):
            for folder in sorted(filter(None, folders), key=len, reverse=True):
                text = _anywhere(folder.rstrip("/\\") or folder).sub(mark, text)
        for name in sorted(filter(None, self.names), key=len, reverse=True):
            text = _alone(name).sub(HIDDEN, text)
        return text


def report(findings: Iterable[Finding], facts: Iterable[tuple[str, str]], private: Private) -> str:
    """A text of one line a fact and a finding, ▲ before what is wrong."""
    lines = [f"{name}: {value}" for name, value in facts]
    for finding in findings:
        told = f"{'●' if finding.ok else '▲'} {finding.code}: {finding.sentence}"
        lines.append(f"{told} {finding.action}".strip())
    return private.without("\n".join(line.replace("\n", " ") for line in lines)) + "\n"


def _anywhere(path: str) -> re.Pattern[str]:
    expression = "".join(r"[/\\]+" if character in "/\\" else re.escape(character) for character in path)
    return re.compile(expression, re.IGNORECASE)


def _alone(name: str) -> re.Pattern[str]:
    """A name is a word of its own, or a part of one at ``-``, ``_`` or ``.``: "root" is none in "roots"."""
    return re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)
