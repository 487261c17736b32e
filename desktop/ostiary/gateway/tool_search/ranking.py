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

_EMPTY = frozenset(
    ("a", "an", "and", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "this", "to", "with")
)
"""Words of a question that say nothing about a tool."""

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def words(text: str) -> list[str]:
    """The words of a text in small letters: ``readFile_2`` has three; a plural's *s* is left off."""
    found = (word.casefold() for part in _WORD.findall(text) for word in _CAMEL.split(part))
    return [word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in found]


class Ranking:
    """Texts of one kind, each given as its words. Kept by word, so that a question costs what its own words do."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counted = [Counter(text[:MOST_WORDS]) for text in texts]
        lengths = [counts.total() for counts in counted]
        average = sum(lengths) / len(texts) if texts else 0.0
        self._texts = len(texts)
        self._shares = [K1 * (1 - B + B * (length / average if average else 0.0)) for length in lengths]
        self._having: dict[str, list[tuple[int, int]]] = {}
        for place, counts in enumerate(counted):
            for word, count in counts.items():
                self._having.setdefault(word, []).append((place, count))

    def add_to(self, totals: dict[int, float], asked: frozenset[str], weight: float) -> None:
        """Add what each text that has a word is worth, times ``weight``, to the total at its place."""
        for word in sorted(asked & self._having.keys()):
            rarity = weight * self.rarity(word) * (K1 + 1)
            for place, count in self._having[word]:
                totals[place] = totals.get(place, 0.0) + rarity * count / (count + self._shares[place])

    def rarity(self, word: str) -> float:
        """What a word says about a text that has it. Times ``K1 + 1`` it is the most that the word can add."""
        having = len(self._having.get(word, ()))
        return math.log(1 + (self._texts - having + 0.5) / (having + 0.5))


def asked_for(query: str) -> frozenset[str]:
    """The words of a question that are looked for."""
    return frozenset(words(query)[:MOST_QUERY_WORDS]) - _EMPTY


def best(kinds: Sequence[tuple[float, Ranking]], query: str, limit: int) -> list[tuple[int, float]]:
    """(place, score) of at most ``limit`` things that fit a question, the best first, equals in their order.

    Each thing has a text of every kind at its place; a kind comes with what it weighs.
    """
    totals: dict[int, float] = {}
    for weight, ranking in kinds:
        ranking.add_to(totals, asked_for(query), weight)
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
