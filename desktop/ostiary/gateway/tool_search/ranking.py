"""Okapi BM25: which of some texts fit a few words best. Pure, standard library only.

Repeating a word helps a text less and less (``K1``) and makes it longer, which costs it (``B``); of each text only so
many words count. So a server cannot push its tools up by writing a word a thousand times.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

K1 = 1.2
B = 0.75
"""The usual values (Robertson and Zaragoza, 2009)."""

MOST_WORDS = 400
"""Of one text; what follows is not looked at."""

MOST_QUERY_WORDS = 40

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def words(text: str) -> list[str]:
    """The words of a text in small letters: ``readFile_2`` has three; a plural's *s* is left off."""
    found = (word.casefold() for part in _WORD.findall(text) for word in _CAMEL.split(part))
    return [word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in found]


class Ranking:
    """Texts, each given as its words, in the order in which equals are answered."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(text[:MOST_WORDS]) for text in texts]
        self._lengths = [counts.total() for counts in self._counts]
        self._average = sum(self._lengths) / len(texts) if texts else 0.0
        self._texts_with = Counter(word for counts in self._counts for word in counts)

    def best(self, query: str, limit: int) -> list[tuple[int, float]]:
        """(place of the text, score) of at most ``limit`` texts that have a word of the query, the best first."""
        asked = set(words(query)[:MOST_QUERY_WORDS])
        scored = [(place, self._score(place, asked)) for place in range(len(self._counts))]
        fitting = [pair for pair in scored if pair[1] > 0]
        return sorted(fitting, key=lambda pair: -pair[1])[:limit]

    def _score(self, place: int, asked: set[str]) -> float:
        counts = self._counts[place]
        relative = self._lengths[place] / self._average if self._average else 0.0
        share = K1 * (1 - B + B * relative)
        return sum(
            self._rarity(word) * counts[word] * (K1 + 1) / (counts[word] + share) for word in asked & counts.keys()
        )

    def _rarity(self, word: str) -> float:
        having = self._texts_with[word]
        return math.log(1 + (len(self._counts) - having + 0.5) / (having + 0.5))
