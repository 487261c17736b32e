"""Makes characters that do not show, or that move other text, visible: ``⟨ESC⟩``, ``⟨U+202E⟩``.

Pure. What is shown to a person who decides must be what a program will read: a right-to-left override can turn
``exe.txt`` around, tag characters can carry a whole hidden sentence. (Unicode TR36, *Trojan Source* CVE-2021-42574.)
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TAB_COLUMNS: Final = 4

_INVISIBLE: Final = {
    # Letters and marks that draw nothing although their category says otherwise (DerivedCoreProperties.txt,
    # Default_Ignorable_Code_Point), the blank Braille cell and the musical null note head.
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
}
_HIDING_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SUSPECT: Final = re.compile(r"[^\x20-\x7e]")
_SUSPECT_IN_ROWS: Final = re.compile(r"[^\x20-\x7e\n\t]")
_CONTROLS: Final = tuple(
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI "  # noqa: SIM905 - a list of these would be 32 lines
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split()
)
"""By code; spelled out because most fixed-width fonts lack Unicode's control pictures."""
_DELETE: Final = 0x7F


def is_hidden(character: str) -> bool:
    """True for a character that a person cannot see as itself: control, format, odd space, unassigned, ignorable."""
    if character == " ":
        return False
    return unicodedata.category(character) in _HIDING_CATEGORIES or ord(character) in _INVISIBLE


def reveal_line(text: str) -> str:
    """The text for a place of one line: every hidden character is named, line breaks and tabs too."""
    return _SUSPECT.sub(_name_if_hidden, text)


def reveal_row(text: str) -> str:
    """One line of a longer text: as ``reveal_line``, but a tab moves to the next column of four."""
    return reveal_line(text.expandtabs(TAB_COLUMNS)) if "\t" in text else reveal_line(text)


def reveal_rows(text: str) -> list[str]:
    """A text of several lines, split at line feeds only; all other breaks stay in their line and are named."""
    return [reveal_row(row) for row in text.split("\n")]


def count_hidden(text: str) -> int:
    """How many characters ``reveal_rows`` would name, carriage returns before a line feed not counted."""
    return sum(is_hidden(found) for found in _SUSPECT_IN_ROWS.findall(text.replace("\r\n", "\n")))


def _name_if_hidden(match: re.Match[str]) -> str:
    character = match.group()
    return _name(ord(character)) if is_hidden(character) else character


def _name(code: int) -> str:
    if code < len(_CONTROLS):
        return f"⟨{_CONTROLS[code]}⟩"
    return "⟨DEL⟩" if code == _DELETE else f"⟨U+{code:04X}⟩"
