"""The language of the window, the tray and the notifications: gettext catalogues, chosen once before anything is shown.

Sentences are looked up when their module is imported, so ``choose`` comes before the import of ``ostiary.ui.words``.
Without a catalogue a sentence stays as it is written, in English. What the gateway says comes in English too, because
hosts, logs and commands get the same words; ``said`` knows its sentences again (``ui.recognition``).
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from ostiary.domain.errors import OstiaryError
from ostiary.ui.recognition import Recognition
from ostiary.ui.visible import reveal_rows

DOMAIN: Final = "ostiary"
FOLDER: Final[Traversable] = files("ostiary") / "locale"
SAID_FILE: Final = "gateway.txt"
"""The gateway's sentences, one a line; written by ``dev.py language``."""

RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages whose usual letters are (ISO 639)."""

_ISOLATING: Final = re.compile("([\u2068\u2069])")

_turned = False
_chosen: gettext.NullTranslations = gettext.NullTranslations()
_gateway = Recognition((), _chosen.gettext)


def choose(languages: Sequence[str], folder: Traversable = FOLDER) -> str:
    """Take the first of these languages ("de", "de_AT") that there is a catalogue for, and name it; "" for English."""
    global _chosen, _gateway, _turned
    taken = next((one for one in languages if gettext.find(DOMAIN, str(folder), [one])), "")
    _chosen = gettext.translation(DOMAIN, str(folder), languages=[taken], fallback=True)
    templates = (folder / SAID_FILE).read_text(encoding="utf-8").splitlines() if taken else ()
    _turned = is_turned(taken)
    _gateway = Recognition(templates, _chosen.gettext, isolated if _turned else str)
    return taken


class TurnedSentence(str):
    """A sentence written from right to left: each text filled in keeps its own direction and stays in one piece.

    Without it the slash before ``/home`` would stand behind it (UAX 9, first strong isolate).
    """

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        framed = {name: isolated(value) if isinstance(value, str) else value for name, value in named.items()}
        return super().format(*values, **framed)


def isolated(value: str) -> str:
    """A text whose direction and neighbours do not turn each other around."""
    return f"\u2068{value}\u2069"


def revealed(text: str) -> str:
    """The text with what hides in it named (``ui.visible``), but for the marks of ``isolated``, which may be ours.

    In a language from left to right there are none of ours.
    """
    if not _turned:
        return "\n".join(reveal_rows(text))
    return "".join(one if _ISOLATING.match(one) else "\n".join(reveal_rows(one)) for one in _ISOLATING.split(text))


def is_turned(language: str) -> bool:
    """Whether a language ("ar", "he_IL") is written from right to left."""
    return re.split("[_-]", language)[0].casefold() in RIGHT_TO_LEFT


def tr(text: str) -> str:
    """The sentence in the chosen language. Values are filled in afterwards: ``tr("{n} rows").format(n=3)``."""
    said = _chosen.gettext(text)
    return TurnedSentence(said) if _turned else said


def tr_n(one: str, many: str, number: int) -> str:
    """The sentence in the form that belongs to this number: ``tr_n("{n} row", "{n} rows", n).format(n=n)``."""
    said = _chosen.ngettext(one, many, number)
    return TurnedSentence(said) if _turned else said


def told(error: OstiaryError) -> str:
    """An error in one paragraph, in the chosen language."""
    return f"{said(error.title)}. {said(error.detail)}" if error.detail else said(error.title)


def said(text: str) -> str:
    """What the gateway said, in the chosen language; as it came where it is not known, and in English.

    Its hidden characters are named (``ui.visible``) before anything is filled in, never afterwards: what keeps
    each value's own direction in a sentence from right to left does not show either, and is ours.
    """
    return _gateway.translated("\n".join(reveal_rows(text)))
