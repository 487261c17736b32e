"""What secrets look like: names that announce one, and shapes of well-known kinds. Pure.

The relay waits for the interpreter while a text is looked through, so most texts are cleared by quick looks: for a
character without which there is none of a kind, then for what it begins with. Expressions begin with letters that
stand for themselves: ``re`` finds these ten times sooner than a look-behind or letters of either case, and sooner than
``in``. Repetitions are bounded or entered at their beginning only, so a text takes time in proportion to its length
(measured for 10 KB: prose or base64 10 to 20 µs, program text that names tokens 100 µs).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MASK = "‹masked›"

_WORDS = frozenset(
    [
        *("password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "bearer", "apikey", "accesskey"),
        *("privatekey", "authorization", "cookie", "cookies", "credential", "credentials"),
    ]
)
_ENDINGS = (
    *("password", "passwords", "passwd", "passphrase", "passphrases", "secret", "secrets", "token", "sshpass"),
    *("apikey", "apikeys", "accesskey", "secretkey", "privatekey"),
)
"""So a word may end that is run together of several: PGPASSWORD, authtoken."""
_KEY_KINDS = frozenset(["api", "access", "private", "secret", "signing", "encryption", "account", "auth"])
_KEYS = ("key", "keys")
_REMEMBERED_CHARACTERS = 40
"""The names of arguments come again and again; a longer one is none."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of secret looks like, and what stands there instead."""

    expression: re.Pattern[str]
    replacement: str = MASK


@dataclass(frozen=True, slots=True)
class _Family:
    """Shapes to the letter. None of them is in a text without ``needed``, or in which ``look`` finds nothing."""

    needed: str
    look: re.Pattern[str]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class _Wordy:
    """A shape in letters of either case. It begins with one of ``starts``, and none is in a text without ``needed``."""

    shape: Shape
    starts: tuple[re.Pattern[str], ...]
    needed: str = ""


def _tokens(last: str, *tokens: tuple[str, str]) -> _Family:
    """Tokens with prefixes that end in this character: the prefix of each, of one length, and what follows."""
    prefixes = "|".join(f"(?<={prefix})" for prefix, _ in tokens)
    look = re.compile(rf"{re.escape(last)}(?=[\w-]{{{_SHORTEST_TOKEN}}})(?:{prefixes})")
    return _Family(last, look, tuple(_token(prefix, rest) for prefix, rest in tokens))


def _token(prefix: str, rest: str) -> Shape:
    """Entered only where it begins: not within a longer word. In a diff a removed line begins with a hyphen."""
    return Shape(re.compile(rf"{prefix}(?<!\w{prefix})(?<!\w-{prefix}){rest}"))


def _alone(needed: str, shape: Shape) -> _Family:
    """A shape that is found as soon as a look for it would be done."""
    return _Family(needed, shape.expression, (shape,))


def _wordy(expression: str, replacement: str, *starts: str, needed: str = "") -> _Wordy:
    return _Wordy(Shape(re.compile(expression), replacement), tuple(map(re.compile, starts)), needed)


_SHORTEST_TOKEN: Final = 10
"""So many characters at least follow the prefix of each token."""

_FAMILIES = (
    _alone(
        "-",
        Shape(
            re.compile(
                r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)",
                re.DOTALL,
            )
        ),
    ),
    _Family(  # the end of one whose beginning is elsewhere: the last lines of a file
        "-",
        re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY"),
        (
            Shape(
                re.compile(r"(?<![A-Za-z0-9+/=\\\s])[A-Za-z0-9+/=\\\s]{1,32000}(-----END [A-Z0-9 ]{0,40}PRIVATE KEY)"),
                rf"{MASK}\1",
            ),
        ),
    ),
    _alone(".", _token("eyJ", r"[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}")),  # JSON Web Token, RFC 7519
    _alone("A", _token("A[KS]IA", r"[0-9A-Z]{16}")),  # AWS
    _alone("z", _token("AIza", r"[\w-]{30,}")),  # Google
    _tokens(".", (r"ya29\.", r"[\w-]{10,}"), (r"SG\.", r"[\w-]{16,}\.[\w-]{16,}")),  # Google, SendGrid
    _tokens(
        "_",
        (r"gh[pousr]_", r"\w{20,}"),
        (r"github_pat_", r"\w{20,}"),
        (r"[srp]k_", r"(?:live|test)_\w{12,}"),  # Stripe
        (r"whsec_", r"\w{16,}"),
        (r"npm_", r"\w{30,}"),
        (r"hf_", r"\w{24,}"),
        (r"dop_v1_", r"\w{32,}"),
    ),
    _tokens(
        "-",
        (r"glpat-", r"[\w-]{16,}"),
        (r"sk-", r"[\w-]{16,}"),  # OpenAI, Anthropic
        (r"xox[a-z]-", r"[\w-]{10,}"),  # Slack
        (r"xapp-", r"[\w-]{10,}"),
        (r"GOCSPX-", r"[\w-]{16,}"),
        (r"pypi-", r"[\w-]{40,}"),
    ),
    _alone(  # the userinfo part of a URL, RFC 3986
        "@",
        Shape(re.compile(r"""(://(?<=[\w+.-]://)[^\s/?#:@"']{0,200}:)[^\s/?#@"']{1,500}@"""), rf"\1{MASK}@"),
    ),
)

_NAMED = (
    r"password|passwd|passphrase|(?<=[_-])pass|secret[_-]?key|secret|token"
    r"|(?:api|access|private|account)[_-]?key|credentials?"
)
_REST = r"(?![a-z])[\w-]{0,20}"
"""Of a name, behind what announces a secret."""
_IS = r"\s{0,3}(?:[:=]=?>?|%3[ad])\s{0,3}"
"""As settings, headers, URLs within URLs and programs say it."""
_LENGTH = "{1,32000}"
"""Longer than what is kept of a text."""
_VALUE = "|".join(
    [
        rf"""(\\")(?:[^"\\\n]|\\(?!")[^\n]){_LENGTH}""",  # JSON within JSON
        rf"""(")(?:[^"\\\n]|\\[^\n]){_LENGTH}""",
        rf"""(')[^'\n]{_LENGTH}""",
        r"""[^\s"',;&\\]{3,}""",
    ]
)

_ANNOUNCED = (
    _wordy(r"(?i)(?<!\w)(?<!\w-)(bearer\s{1,4})[\w.~+/=:-]{8,}", rf"\1{MASK}", "bearer"),
    _wordy(r"(?<!\w)(?<!\w-)((?i:basic)\s{1,4})(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/]{8,}={0,2}", rf"\1{MASK}", "basic"),
    _wordy(  # an option of a program, and its value as the next word
        rf"""(?i)(--(?=[a-z])[\w-]{{0,30}}?(?:{_NAMED}){_REST}(?:\\?["']\s{{0,3}},\s{{0,3}}|\s{{1,4}})(?!-))(?:{_VALUE})""",
        rf"\1\2\3\4{MASK}",
        "--(?=[a-z])",
        needed="-",
    ),
)
_NAMED_VALUES = (
    _wordy(
        rf"""(?i)((?:cookie|authorization)\\?["']?{_IS})[^\r\n]{_LENGTH}""",
        rf"\1{MASK}",
        "cookie",
        "authorization",
    ),
    _wordy(
        rf"""(?i)((?:{_NAMED}){_REST}(?:(?:\\?["'])?{_IS}|>(?=[^<\s]{{1,400}}</)))(?:{_VALUE})""",
        rf"\1\2\3\4{MASK}",
        *("pass", "secret", "token", "credential"),
        *(f"{what}[_-]?key" for what in ("api", "access", "private", "account")),
    ),
)

SHAPES = (
    *(shape for family in _FAMILIES for shape in family.shapes),
    *(each.shape for each in _ANNOUNCED + _NAMED_VALUES),
)
"""All of them, in the order in which they are masked."""

_SHORTEST: Final = 8
"""No shape is shorter: ``cookie:a``."""


def announces_secret(name: str) -> bool:
    """True when what stands under this name (of an argument, a field, a variable) is likely a secret.

    ``tokens`` counts something and ``key`` alone is too common; neither does.
    """
    return _announced(name) if len(name) <= _REMEMBERED_CHARACTERS else _announced.__wrapped__(name)


def is_called_secret(name: str) -> bool:
    """True when the name ends in what announces one. One that goes on may be that of a command: PASSWORD_COMMAND."""
    words = _WORD.findall(name)
    return announces_secret("".join(words[-1:])) or (
        announces_secret("_".join(words[-2:])) and words[-1].lower() in _KEYS
    )


@lru_cache(maxsize=256)
def _announced(name: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(name)]
    kinds = itertools.pairwise(words)
    return (
        not _WORDS.isdisjoint(words)
        or words[-1:] == ["pass"]
        or any(word.endswith(_ENDINGS) for word in words)
        or any(first in _KEY_KINDS and second in _KEYS for first, second in kinds)
    )


def mask_shapes(text: str) -> str:
    """The text without what has the shape of a secret."""
    return _without_shapes(text, None)


def mask_words(text: str) -> str:
    """The same for a text that a person decides about: of each secret no more is hidden than runs nothing.

    Who wrote it may want to hide a command in it: a cookie reaches to the end of its line, a value to its closing
    quote. So the first word is hidden, without anything that has a meaning to a shell, and the rest is shown; and
    nothing is where the word may be one to run or to write to.
    """
    return _without_shapes(text, _first_word)


_Replace = Callable[[re.Match[str]], str]
_LINE_END = r"(?:\r?\n|\\n)"
_KEY_LINE = (
    r"(?!/)(?=[A-Z0-9+/]*[a-z])(?=[a-z0-9+/]*[A-Z])(?=[A-Za-z+/]*[0-9])(?:[A-Za-z0-9+]|/(?!/)){60,76}"
    rf"(?={_LINE_END}|\Z)"
)
_KEY_LINES = re.compile(rf"({_LINE_END}){_KEY_LINE}(?:{_LINE_END}{_KEY_LINE})*")
"""Whole lines of a key, which is random. To a shell each line is a command: a short one may be ``make``, and one with
two slashes a path that was made as long as a line."""
_HARMLESS = re.compile(r"""[^\s$`|;&<>(){}@"'\\]+""")
_ENDS = r"pass|password|passwd|passphrase|secret|token|key|credentials?|cookie|authorization|bearer|basic"
_BEFORE_COMMAND = re.compile(rf"""(?i)(?:=\s|[\r\n>])\s*\\?["']?\Z|\A--|\A(?![\w-]*(?:{_ENDS})s?\d*(?![\w-]))[\w-]""")
"""What a shell runs or writes to may stand behind it: behind ``token= `` and on the next line a command, behind
``token=>`` a file. An option may take no value (``systemctl --no-ask-password reboot``), and a name that goes on behind
what announces a secret says what is done for one (``RESTIC_PASSWORD_COMMAND=reboot``)."""

_SCHEME = re.compile(r"(?i)(?:bearer|basic)\s")
_HEADER = re.compile(r":\s{1,3}\Z")
"""Before a scheme. Alone it may be any word, and a command behind it: ``flock bearer /sbin/poweroff``."""


def _first_word(found: re.Match[str]) -> str:
    if found[0].startswith("-----BEGIN"):
        return _KEY_LINES.sub(rf"\1{MASK}", found[0])
    begin = max(map(found.end, range(1, found.re.groups + 1)), default=found.start())
    before = found.string[found.start() : begin]
    word = _HARMLESS.match(found.string, begin, found.end())
    if word is None or _BEFORE_COMMAND.search(before):
        return found[0]
    if _SCHEME.match(before) and not _HEADER.search(found.string[max(found.start() - 4, 0) : found.start()]):
        return found[0]
    return before + MASK + found.string[word.end() : found.end()]


def _without_shapes(text: str, replace: _Replace | None) -> str:
    if len(text) < _SHORTEST:
        return text
    for family in _FAMILIES:
        if family.needed in text and family.look.search(text):
            for shape in family.shapes:
                text = shape.expression.sub(replace or shape.replacement, text)
    lowered = _lowered(text)
    says_values = any(sign in text for sign in (":", "=", "<"))
    for wordy in _ANNOUNCED + _NAMED_VALUES if says_values else _ANNOUNCED:
        if wordy.needed in lowered and (places := _places(wordy.starts, lowered)):
            text, lowered = _masked(wordy.shape, text, lowered, places, replace)
    return text


def _lowered(text: str) -> str:
    """As ``(?i)`` reads it, and as long as the text, so that places in both are the same."""
    return (text if text.isascii() else text.translate(_OF_EITHER_CASE)).lower()


_OF_EITHER_CASE = {0x130: "i", 0x131: "i", 0x17F: "s"}
"""Letters that count as one of ours and are none in lower case."""


def _places(starts: tuple[re.Pattern[str], ...], lowered: str) -> list[int]:
    """Where one of them stands, in order."""
    standing = [start for start in starts if start.search(lowered)]
    return sorted([found.start() for start in standing for found in start.finditer(lowered)]) if standing else []


def _masked(shape: Shape, text: str, lowered: str, places: list[int], replace: _Replace | None) -> tuple[str, str]:
    parts: list[str] = []
    end = 0
    for place in places:
        if place >= end and (found := shape.expression.match(text, place)):
            parts += (text[end:place], replace(found) if replace else found.expand(shape.replacement))
            end = found.end()
    if not parts:
        return text, lowered
    masked = "".join((*parts, text[end:]))
    return masked, _lowered(masked)
