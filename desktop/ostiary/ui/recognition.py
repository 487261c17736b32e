"""Knows sentences again that were filled with values, and gives them in another language. Pure.

A template is the sentence with its values' names in braces: ``{title} is not on this machine.`` What fits none stays
as it is: a server's own words, or those of a newer gateway. A title is known with and without a full stop behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 4_000
"""Characters; what is longer is no sentence."""
MOST_SENTENCES: Final = 12
_DEPTH: Final = 4
"""A value may be a sentence that holds a value that is one, and so on."""
_PLACE: Final = re.compile(r"\{(\w+)\}")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!:]) ")
REMEMBERED: Final = 2_048


class _Known(NamedTuple):
    template: str
    pattern: re.Pattern[str]


class Recognition:
    """The templates of one language. ``translate`` gives a template's translation, or the template itself.

    ``frame`` is put around each value that is filled in.
    """

    def __init__(
        self, templates: Iterable[str], translate: Callable[[str], str], frame: Callable[[str], str] = str
    ) -> None:
        self._translate, self._frame = translate, frame
        known = [template for template in templates if template]
        self._plain = frozenset(template for template in known if not _PLACE.search(template))
        ranked = sorted((template for template in known if _PLACE.search(template)), key=_letters, reverse=True)
        self._known = [_Known(template, _pattern(template)) for template in ranked]
        self.translated = lru_cache(REMEMBERED)(self._translated)

    def _translated(self, text: str, depth: int = _DEPTH) -> str:
        """The text with each sentence in it that is known translated, and the sentences among its values too."""
        if not self._known or not text or len(text) > LONGEST or depth == 0:
            return text
        parts = _SENTENCE_END.split(text)
        if len(parts) > MOST_SENTENCES:
            return text
        for across in (False, True):
            for length in range(len(parts), 0, -1):
                head = self._one(" ".join(parts[:length]), depth, across=across)
                if head is not None:
                    rest = " ".join(parts[length:])
                    return f"{head} {self._translated(rest, depth)}" if rest else head
        rest = " ".join(parts[1:])
        return f"{parts[0]} {self._translated(rest, depth)}" if rest else text

    def _one(self, text: str, depth: int, *, across: bool) -> str | None:
        """The translation of what one template fits as a whole, a full stop behind a title kept.

        A value goes ``across`` the end of a sentence only where nothing else fits: that end is more likely ours.
        """
        if text in self._plain:
            return self._translate(text)
        if text.endswith(".") and text[:-1] in self._plain:
            return f"{self._translate(text[:-1])}."
        for template, pattern in self._known:
            found = pattern.fullmatch(text)
            if found and (across or not any(map(_SENTENCE_END.search, found.groupdict().values()))):
                texts = found.groupdict().items()
                values = {name: self._frame(self._translated(text, depth - 1)) for name, text in texts}
                return _filled(self._translate(template), values) + found[pattern.groups]
        return None


def _filled(template: str, values: Mapping[str, str]) -> str:
    """The values in their places; a brace that is no place, and one in a value, stays."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def _letters(template: str) -> int:
    """How much of a template is its own: the more, the surer it is the right one."""
    return len(_PLACE.sub("", template))


def _pattern(template: str) -> re.Pattern[str]:
    expression, at = "", 0
    for place in _PLACE.finditer(template):
        expression += re.escape(template[at : place.start()]) + f"(?P<{place[1]}>.+?)"
        at = place.end()
    stop = r"(\.?)" if template[-1] not in ".?!:}" else "()"  # a value at the end holds it already
    return re.compile(expression + re.escape(template[at:]) + stop, re.DOTALL)
