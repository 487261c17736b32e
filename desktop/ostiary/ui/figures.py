"""Numbers as a person reads them: durations, sizes, counted things. Pure."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """How long, in its largest unit: "12 s", "4 min", "3 h", "2 days"."""
    whole = max(0, int(seconds))
    for unit, length in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if whole >= length:
            number = whole // length
            return f"{number} {unit}{'s' if unit == 'day' and number > 1 else ''}"
    return f"{whole} s"


def size(size_bytes: int) -> str:
    """A size a person can compare: "14 MB"."""
    amount = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def count(number: int, one: str, many: str = "") -> str:
    """ "1 tool", "2 tools"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
