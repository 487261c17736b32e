"""What secrets look like: names that announce one, and shapes of well-known kinds. Pure.

Each kind begins with one of a few texts. Only where one of them stands an expression is tried, and its repetitions are
bounded or entered at their beginning only (look-behind): so a text takes time in proportion to its length (measured:
10 KB of program text 0.1 ms; searched with the expressions 5 ms, with the relay waiting for the interpreter meanwhile).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

MASK = "‹masked›"

_WORDS = frozenset(
    [
        *("password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "bearer", "apikey", "accesskey"),
        *("privatekey", "authorization", "cookie", "cookies", "credential", "credentials"),
    ]
)
_KEY_KINDS = frozenset(["api", "access", "private", "secret", "signing", "encryption", "account", "auth"])
_REMEMBERED_CHARACTERS = 40
"""The names of arguments come again and again; a longer one is none."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True)
class _Shape:
    """``starts``: lower-case texts, with one of which everything begins that the expression matches."""

    starts: tuple[str, ...]
    expression: re.Pattern[str]
    replacement: str = MASK


def _token(start: str, expression: str) -> _Shape:
    """A token with a prefix of its own, entered only where it begins."""
    return _Shape((start.lower(),), re.compile(rf"(?<![\w-]){expression}"))


_NAMED = r"password|passwd|passphrase|secret[_-]?key|secret|token|(?:api|access|private|account)[_-]?key|credentials?"
_VALUE = "|".join(
    [
        r"""(\\")(?:[^"\\\n]|\\(?!")[^\n]){1,4000}""",  # JSON within JSON
        r"""(")(?:[^"\\\n]|\\[^\n]){1,4000}""",
        r"""(')[^'\n]{1,4000}""",
        r"""[^\s"',;&\\]{3,}""",
    ]
)

_SHAPES = (
    _Shape(
        ("-----begin ",),
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)", re.DOTALL
        ),
    ),
    _token("eyJ", r"eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}"),  # JSON Web Token, RFC 7519
    _token("gh", r"gh[pousr]_\w{20,}"),
    _token("github_pat_", r"github_pat_\w{20,}"),
    _token("glpat-", r"glpat-[\w-]{16,}"),
    _token("sk-", r"sk-[\w-]{16,}"),  # OpenAI, Anthropic
    _token("xox", r"xox[a-z]-[\w-]{10,}"),  # Slack
    _token("xapp-", r"xapp-[\w-]{10,}"),
    _token("akia", r"AKIA[0-9A-Z]{16}"),  # AWS
    _token("asia", r"ASIA[0-9A-Z]{16}"),
    _token("aiza", r"AIza[\w-]{30,}"),  # Google
    _token("ya29.", r"ya29\.[\w-]{10,}"),
    _token("gocspx-", r"GOCSPX-[\w-]{16,}"),
    _Shape(("sk_", "rk_", "pk_"), re.compile(r"(?<![\w-])[srp]k_(?:live|test)_\w{12,}")),  # Stripe
    _token("whsec_", r"whsec_\w{16,}"),
    _token("npm_", r"npm_\w{30,}"),
    _token("pypi-", r"pypi-[\w-]{40,}"),
    _token("hf_", r"hf_\w{24,}"),
    _token("sg.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),  # SendGrid
    _token("dop_v1_", r"dop_v1_\w{32,}"),
    _Shape(("bearer",), re.compile(r"(?i)(?<![\w-])(bearer\s{1,4})[\w.~+/=:-]{8,}"), rf"\1{MASK}"),
    _Shape(
        ("basic",),
        re.compile(r"(?<![\w-])((?i:basic)\s{1,4})(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/]{8,}={0,2}"),
        rf"\1{MASK}",
    ),
    _Shape(
        ("cookie", "authorization"),
        re.compile(r"""(?i)((?:cookie|authorization)\\?["']?\s{0,3}[:=]\s{0,3})[^\r\n]{1,4000}"""),
        rf"\1{MASK}",
    ),
    _Shape(  # the userinfo part of a URL, RFC 3986
        ("://",),
        re.compile(r"""(?<=[\w+.-])(://[^\s/?#:@"']{0,200}:)[^\s/?#@"']{1,500}@"""),
        rf"\1{MASK}@",
    ),
    _Shape(
        ("pass", "secret", "token", "api", "access", "private", "account", "credential"),
        re.compile(rf"""(?i)((?:{_NAMED})(?![a-z])[\w-]{{0,20}}(?:\\?["'])?\s{{0,3}}[:=]\s{{0,3}})(?:{_VALUE})"""),
        rf"\1\2\3\4{MASK}",
    ),
)


_STARTS = tuple(start for shape in _SHAPES for start in shape.starts)


def announces_secret(name: str) -> bool:
    """True when what stands under this name (of an argument, a field, a variable) is likely a secret.

    ``tokens`` counts something and ``key`` alone is too common; neither does.
    """
    return _announced(name) if len(name) <= _REMEMBERED_CHARACTERS else _announced.__wrapped__(name)


@lru_cache(maxsize=256)
def _announced(name: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(name)]
    kinds = itertools.pairwise(words)
    return not _WORDS.isdisjoint(words) or any(first in _KEY_KINDS and second == "key" for first, second in kinds)


def mask_shapes(text: str) -> str:
    """The text without what has the shape of a secret."""
    lowered = _lowered(text)
    if not any(map(lowered.__contains__, _STARTS)):  # nearly every short text; this is quicker than shape by shape
        return text
    for shape in _SHAPES:
        if (masked := _masked(shape, text, lowered)) is not text:
            text, lowered = masked, _lowered(masked)
    return text


def _lowered(text: str) -> str:
    """As long as the text, so that places in both are the same: one letter alone grows in lower case."""
    return text.replace("\u0130", "i").lower()


def _masked(shape: _Shape, text: str, lowered: str) -> str:
    """The very same text where the shape is not in it."""
    parts: list[str] = []
    end = 0
    for place in _places(shape.starts, lowered):
        if place >= end and (found := shape.expression.match(text, place)):
            parts += (text[end:place], found.expand(shape.replacement))
            end = found.end()
    return "".join((*parts, text[end:])) if parts else text


def _places(starts: tuple[str, ...], lowered: str) -> list[int]:
    """Where one of them stands, in order."""
    places: list[int] = []
    for start in starts:
        place = lowered.find(start)
        while place >= 0:
            places.append(place)
            place = lowered.find(start, place + 1)
    places.sort()
    return places
