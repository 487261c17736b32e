"""Makes characters that do not show, or that move other text, visible: ``⟨U+202E⟩``. Pure.

What a person decides by must be what is going to be written: a right-to-left override can turn ``exe.txt`` around, tag
characters can carry a whole hidden sentence (Unicode TR36, *Trojan Source* CVE-2021-42574).
"""

import re
import unicodedata

_HIDING_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_BLANK = frozenset(
    {
        # Letters and marks that draw nothing although their category says otherwise (DerivedCoreProperties.txt,
        # Default_Ignorable_Code_Point), the blank Braille cell and the musical null note head.
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    }
)
_SUSPECT = re.compile(r"[^\t\x20-\x7e]")


def revealed(line: str) -> str:
    """One line in which every hidden character but the tab is named; line breaks too, so that it stays one."""
    return _SUSPECT.sub(_named_if_hidden, line)


def _named_if_hidden(found: re.Match[str]) -> str:
    character = found[0]
    hidden = unicodedata.category(character) in _HIDING_CATEGORIES or ord(character) in _BLANK
    return f"⟨U+{ord(character):04X}⟩" if hidden else character
