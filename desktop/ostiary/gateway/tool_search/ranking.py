"""Okapi BM25: which of some texts fit a few words best. Pure, standard library only.

Repeating a word helps a text less and less (``K1``) and makes it longer, which costs it (``B``); of each text only so
many words count. So a server cannot push its tools up by writing a word a thousand times.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

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
    """Texts of one kind, each given as its words."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(text[:MOST_WORDS]) for text in texts]
        self._lengths = [counts.total() for counts in self._counts]
        self._average = sum(self._lengths) / len(texts) if texts else 0.0
        self._texts_with = Counter(word for counts in self._counts for word in counts)

    def scores(self, asked: frozenset[str]) -> list[float]:
        """How well each text fits; 0 where it has none of the words."""
        rarity = {word: self.rarity(word) for word in asked}
        return [self._score(place, rarity) for place in range(len(self._counts))]

    def rarity(self, word: str) -> float:
        """What a word says about a text that has it. Times ``K1 + 1`` it is the most that the word can add."""
        having = self._texts_with[word]
        return math.log(1 + (len(self._counts) - having + 0.5) / (having + 0.5))

    def _score(self, place: int, rarity: Mapping[str, float]) -> float:
        counts = self._counts[place]
        relative = self._lengths[place] / self._average if self._average else 0.0
        share = K1 * (1 - B + B * relative)
        return sum(rarity[word] * counts[word] * (K1 + 1) / (counts[word] + share) for word in rarity.keys() & counts)


def asked_for(query: str) -> frozenset[str]:
    """The words of a question that are looked for."""
    return frozenset(words(query)[:MOST_QUERY_WORDS]) - _EMPTY


def best(kinds: Sequence[tuple[float, Ranking]], query: str, limit: int) -> list[tuple[int, float]]:
    """(place, score) of at most ``limit`` things that fit a question, the best first, equals in their order.

    Each thing has a text of every kind at its place; a kind comes with what it weighs.
    """
    asked = asked_for(query)
    weighed = [[weight * score for score in ranking.scores(asked)] for weight, ranking in kinds]
    totals = enumerate(sum(scores) for scores in zip(*weighed, strict=True))
    return sorted((pair for pair in totals if pair[1] > 0), key=lambda pair: -pair[1])[:limit]
