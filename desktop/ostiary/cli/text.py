"""Text for a terminal: spans with a tone, lines of spans, and the one way from there to characters. Pure.

Names and paths come from servers and hosts. ``render`` names every control, invisible or reordering character in them
(``␛``, ``⟨U+202E⟩``), so that none of them can move the cursor, colour the screen or turn other text around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

TAB_COLUMNS: Final = 4

_HIDING_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SUSPECT: Final = re.compile(r"[^\x20-\x7e]")
_CONTROL_PICTURES: Final = 0x2400
_RESET: Final = "\x1b[0m"


class Tone(Enum):
    """What a span means; the value is its ECMA-48 sequence. Words and shapes say the same without colour."""

    PLAIN = ""
    STRONG = "\x1b[1m"
    DIM = "\x1b[2m"
    GOOD = "\x1b[32m"
    BUSY = "\x1b[33m"
    BAD = "\x1b[31m"


@dataclass(frozen=True, slots=True)
class Span:
    """Some text in one tone."""

    text: str
    tone: Tone = Tone.PLAIN


Line = tuple[Span, ...]


def line(*parts: str | Span) -> Line:
    """A line of these parts, side by side."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def diff_lines(diff: str) -> list[Line]:
    """A unified diff, with what comes and what goes told apart by tone as well."""
    return [line(Span(row, _diff_tone(row))) for row in rows(diff)]


def rows(text: str) -> list[str]:
    """A text of several lines, split at line feeds only and with tabs spread out; all other breaks will be named."""
    return text.removesuffix("\n").expandtabs(TAB_COLUMNS).split("\n") if text else []


def render(spans: Iterable[Span], *, colour: bool) -> str:
    """The characters to print for one line, without its end."""
    return "".join(_painted(span) if colour else reveal(span.text) for span in spans)


def reveal(text: str) -> str:
    """The text with every character named that does not show as itself. Doing it twice changes nothing."""
    return _SUSPECT.sub(_name_if_hidden, text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes (Unicode UAX #11), once revealed."""
    return sum(map(_columns, reveal(text)))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _painted(span: Span) -> str:
    text = reveal(span.text)
    return f"{span.tone.value}{text}{_RESET}" if span.tone is not Tone.PLAIN and text else text


def _diff_tone(row: str) -> Tone:
    if row.startswith(("+++", "---", "@@")):
        return Tone.DIM
    return {"+": Tone.GOOD, "-": Tone.BAD}.get(row[:1], Tone.PLAIN)


def _name_if_hidden(match: re.Match[str]) -> str:
    character = match.group()
    return _name(ord(character)) if unicodedata.category(character) in _HIDING_CATEGORIES else character


def _name(code: int) -> str:
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
