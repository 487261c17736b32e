"""Numbers as a person reads them: with the chosen language's signs, as durations, as sizes. Pure."""

from __future__ import annotations

from typing import Final

from ostiary.ui.language import tr, tr_n

_EXAMPLE: Final = "1,234.5"
"""A translator writes this number as the language does; the signs of all others are taken from it."""


def number(value: float, digits: int = 0) -> str:
    """ "1,234", with so many digits after the point."""
    written = tr(_EXAMPLE)
    return f"{value:,.{digits}f}".translate({ord(","): written[1], ord("."): written[5]})


def duration(seconds: float) -> str:
    """How long, in its largest unit: "12 s", "4 min", "3 h", "2 days"."""
    whole = max(0, int(seconds))
    if whole >= 86_400:
        return tr_n("{n} day", "{n} days", whole // 86_400).format(n=number(whole // 86_400))
    for form, length in ((tr("{n} h"), 3_600), (tr("{n} min"), 60)):
        if whole >= length:
            return form.format(n=whole // length)
    return tr("{n} s").format(n=whole)


def milliseconds(length_ms: float) -> str:
    """ "4 ms", "1.2 s", "3 min"."""
    if length_ms < 1:
        return tr("< 1 ms")
    if length_ms < 1_000:
        return tr("{n} ms").format(n=number(length_ms))
    if length_ms < 60_000:
        return tr("{n} s").format(n=number(length_ms / 1_000, 1))
    return tr("{n} min").format(n=number(length_ms / 60_000))


def size(size_bytes: int) -> str:
    """A size a person can compare: "14 MB"."""
    amount = float(size_bytes)
    for form in (tr("{n} B"), tr("{n} KB"), tr("{n} MB")):
        if amount < 1000:
            return form.format(n=number(amount))
        amount /= 1000
    return tr("{n} GB").format(n=number(amount, 1))
