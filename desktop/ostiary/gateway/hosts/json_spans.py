"""Where things are in a JSON or JSONC text, as positions in it. Pure.

The text is expected to be valid: ``edit`` lets the standard library's parser judge it before it looks here. Comments
are made blank first, never removed, so that every position is the same in the text and in its blanked form.
"""

import json
import re
from dataclasses import dataclass
from typing import cast

from ostiary.gateway.hosts.parsed import once

WHITESPACE = " \t\r\n"

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRING_AT = re.compile(_STRING, re.DOTALL)
# All between two of them is one match, possessive so that nothing is kept to go back to: 0.005 s a megabyte.
_COMMENT = re.compile(rf'((?:[^"/]++|{_STRING}|/(?![/*]))++)|//[^\r\n]*|/\*.*?\*/', re.DOTALL)
# A comma that follows an opening bracket is no trailing comma; it is left for the parser to refuse.
_TRAILING_COMMA = re.compile(
    rf'((?:[^",\[{{]++|{_STRING}|[\[{{][ \t\r\n]*+,?|,(?![ \t\r\n]*[}}\]]))++)|,(?=[ \t\r\n]*[}}\]])', re.DOTALL
)
_BLANK = re.compile(r"[ \t\r\n]*")
_VALUE = json.JSONDecoder(parse_int=float)
"""Finds where a value ends, in C: a regular expression over all its parts took five times as long.

What the value is does not matter: Python makes no whole number of some thousand digits.
"""
_VISIBLE = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Member:
    """One ``"key": value`` of an object. ``comma`` is where the comma after it is, also when it is a trailing one."""

    key: str
    key_start: int
    value_start: int
    value_end: int
    comma: int | None


@dataclass(frozen=True, slots=True)
class ObjectSpan:
    """An object from its ``{`` at ``start`` to just after its ``}`` at ``end``, and the member it is the value of."""

    start: int
    end: int
    members: tuple[Member, ...]
    owner: Member | None

    def named(self, key: str) -> list[Member]:
        """Gives all members with that key: valid JSON may hold several."""
        return [member for member in self.members if member.key == key]


def without_comments(text: str) -> str:
    """Gives the text with ``//`` and ``/* */`` comments blanked, line ends and positions unchanged."""
    return _COMMENT.sub(_blanked, text)


def without_trailing_commas(bare: str) -> str:
    """Gives a text that has no comments with its trailing commas blanked, positions unchanged."""
    return _TRAILING_COMMA.sub(_blanked, bare)


@once
def descend(bare: str, plain: str, path: tuple[str, ...]) -> tuple[ObjectSpan, ...]:
    """Gives the objects along ``path``, the root first, as far as they exist.

    ``bare`` is without comments and its root is an object; ``plain`` is without trailing commas too. Where a key is
    there several times the first is taken, and the way ends at a value that is no object: whoever asks looks at the
    last object's members to see why.
    """
    objects = [_object_at(bare, plain, _blank_end(bare, 0), None)]
    for key in path:
        found = objects[-1].named(key)
        if not found or bare[found[0].value_start] != "{":
            break
        objects.append(_object_at(bare, plain, found[0].value_start, found[0]))
    return tuple(objects)


def _object_at(bare: str, plain: str, start: int, owner: Member | None) -> ObjectSpan:
    members = []
    at = _blank_end(bare, start + 1)
    while bare[at] != "}":
        key_end = _match_end(_STRING_AT, bare, at)
        value_start = _blank_end(bare, _blank_end(bare, key_end) + 1)
        _, value_end = _VALUE.raw_decode(plain, value_start)
        after = _blank_end(bare, value_end)
        comma = after if bare[after] == "," else None
        members.append(Member(_key(bare[at:key_end]), at, value_start, value_end, comma))
        at = after if comma is None else _blank_end(bare, comma + 1)
    return ObjectSpan(start, at + 1, tuple(members), owner)


def _key(written: str) -> str:
    return cast(str, json.loads(written)) if "\\" in written else written[1:-1]


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    if match is None:
        raise ValueError("the text is not valid JSON")
    return match.end()


def _blank_end(text: str, start: int) -> int:
    return _match_end(_BLANK, text, start)


def _blanked(match: re.Match[str]) -> str:
    kept: str | None = match[1]
    return _VISIBLE.sub(" ", match[0]) if kept is None else kept
