"""The language of the window, the tray and the notifications: gettext catalogues, chosen once before anything is shown.

Sentences are looked up when their module is imported, so ``choose`` comes before the import of ``ostiary.ui.words``.
Without a catalogue a sentence stays as it is written, in English.
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

DOMAIN: Final = "ostiary"
_chosen: gettext.NullTranslations = gettext.NullTranslations()


def choose(languages: Sequence[str]) -> None:
    """Take the first of these languages ("de", "de_AT") that there is a catalogue for; English when there is none."""
    global _chosen
    folder = str(files("ostiary") / "locale")
    _chosen = gettext.translation(DOMAIN, folder, languages=list(languages), fallback=True)


def tr(text: str) -> str:
    """The sentence in the chosen language. Values are filled in afterwards: ``tr("{n} rows").format(n=3)``."""
    return _chosen.gettext(text)


def tr_n(one: str, many: str, number: int) -> str:
    """The sentence in the form that belongs to this number: ``tr_n("{n} row", "{n} rows", n).format(n=n)``."""
    return _chosen.ngettext(one, many, number)
