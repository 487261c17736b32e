"""Taking secrets out of what is shown or kept. Pure.

Three things are masked: what stands under a name that announces a secret, what has the shape of a well-known kind
(``secret_patterns``), and the values of known secrets wherever they occur, also encoded. No list of shapes is
complete; a secret of a shape that nobody knows, under an innocent name, stays.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

import msgspec

from ostiary.gateway.calllog.secret_patterns import MASK, announces_secret, is_called_secret, mask_shapes

PARSED_BYTES = 1 << 20
"""Bodies beyond this are not kept at all: reading them would hold up the relay."""
SHORTEST_KNOWN = 4
"""Known values shorter than this are not looked for: they would mask every other word."""
LABEL_CHARACTERS = 100
_WORD_CHARACTERS = 24
"""Members' names and short values come again and again; longer texts would only push them out of memory."""
_SHORTEST_BASE64 = 8
_LINE_OF_KNOWN = 16
_MARGIN = 4096
_LARGEST_INTEGER = 1 << 63
_OPTION = re.compile(r"--?[A-Za-z][\w-]{0,80}")
"""Of a program; the next word is its value."""
_NAMES = ("name", "key", "header", "field", "selector")
# encoding/json (Go) and the usual encoder of System.Text.Json (.NET), which write in upper case
_GO_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&"}
_DOTNET_ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&+'`"}
_UNICODE_ESCAPE = re.compile(r"\\u[0-9a-f]{4}")


class Redactor:
    """Masks secrets; ``known`` are values that must appear nowhere, ``mask`` finds those of well-known shapes."""

    def __init__(self, known: Iterable[str] = (), mask: Callable[[str], str] = mask_shapes) -> None:
        self._mask = mask
        forms = {form for value in known for form in _forms(value)}
        self._forms = sorted(forms, key=len, reverse=True)
        self._margin = max([_MARGIN, *map(len, self._forms)])
        self._label = lru_cache(maxsize=512)(self.text)

    def text(self, text: str) -> str:
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return self._mask(text)

    def label(self, text: str) -> str:
        """What comes again and again: a server's name, a member's name, a reason. What is short is remembered."""
        return self._label(text) if len(text) <= LABEL_CHARACTERS else self.text(text)

    def number(self, number: int | float) -> object:
        """A number stays one, unless it is a known secret or too large for every reader. No shape is made of digits."""
        text = str(number)
        if any(form in text for form in self._forms):
            return self.text(text)
        return number if -_LARGEST_INTEGER <= number < _LARGEST_INTEGER else text

    def value(self, name: str, value: object) -> object:
        """A decoded value as it may be shown, whole, with the name it stands under."""
        return _Walk(self, math.inf, in_question=True).value(name, value)

    def body(self, raw: bytes, limit: int) -> str:
        """JSON as it may be kept: at most ``limit`` characters and a mark where it was cut."""
        if len(raw) > PARSED_BYTES:
            return not_kept(len(raw))
        try:
            value = _Walk(self, limit, in_question=False).value("", msgspec.json.decode(raw))
            text = msgspec.json.encode(value).decode()
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return not_kept(len(raw))
        return text if len(text) <= limit else f"{text[:limit]}…"

    def beginning(self, text: str, limit: float) -> str:
        """The first ``limit`` characters, masked before they are cut so that no secret is cut in half unseen."""
        if len(text) <= limit:
            return self.text(text)
        whole = int(limit)
        masked = self.text(text[: whole + self._margin])
        # What was masked is shorter than it was. So the end, where one may be cut in half, can come within the limit.
        certain = len(masked) - self._margin if len(text) > whole + self._margin else whole
        return f"{masked[: min(whole, max(certain, 0))]}… ({len(text):,} characters)"


def not_kept(size_bytes: int) -> str:
    """What stands in the place of a body that is too long or not sound."""
    return f"(not kept: {size_bytes:,} bytes)"


class _Walk:
    """One pass over a decoded value, until ``limit`` characters of texts are used up.

    A value is masked by a name that announces a secret anywhere in it, and by one that stands beside or before it. Not
    ``in_question``: there it would be a way to hide a command. Its own name has to end so.
    """

    def __init__(self, redactor: Redactor, limit: float, *, in_question: bool) -> None:
        self._redactor = redactor
        self._left = limit
        self._in_question = in_question
        self._hides = is_called_secret if in_question else announces_secret

    def value(self, name: str, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if self._hides(name):
            return MASK
        match value:
            case str():
                return self._text(value)
            case int() | float():
                self._left -= 1
                return self._redactor.number(value)
            case list():
                return self._list(value)
            case dict():
                return self._object(value)
            case _:
                raise ValueError("not a JSON value")

    def _text(self, text: str) -> str:
        if len(text) <= min(self._left, _WORD_CHARACTERS):
            shown = self._redactor.label(text)
        else:
            shown = self._redactor.beginning(text, max(self._left, 0))
        self._left -= len(shown)
        return shown

    def _list(self, items: list[object]) -> list[object]:
        shown: list[object] = []
        option = ""
        for item in items:
            if self._left <= 0:
                return [*shown, f"… ({len(items) - len(shown):,} more)"]
            shown.append(self.value(option, item))
            if not self._in_question:
                option = item if isinstance(item, str) and _OPTION.fullmatch(item) else ""
        return shown

    def _object(self, fields: dict[str, object]) -> dict[str, object]:
        shown: dict[str, object] = {}
        for key, item in fields.items():
            if self._left <= 0:
                return {**shown, "…": f"({len(fields) - len(shown):,} more)"}
            name = self._text(key)
            while name in shown:  # others were masked to the same: nothing is left out
                name = f"{name} ({len(shown) + 1})"
            shown[name] = self.value(_told_by(fields) if key == "value" and not self._in_question else key, item)
        return shown


def _told_by(fields: dict[str, object]) -> str:
    """What an entry of a list of headers, variables or fields of a form is called: the name of its value."""
    names = (name for key in _NAMES if isinstance(name := fields.get(key), str))
    return next((name for name in names if len(name) <= LABEL_CHARACTERS), "")


def _forms(value: str) -> set[str]:
    """How a known value may be written down. Its longer lines count by themselves, as a diff would show them."""
    if len(value) < SHORTEST_KNOWN:
        return set()
    lines = [line for line in value.splitlines() if len(line) >= _LINE_OF_KNOWN]
    forms = {form for part in (value, *lines) for form in _written(part)}
    return {form for form in forms | _base64(value.encode()) if len(form) >= SHORTEST_KNOWN}


def _written(text: str) -> set[str]:
    quoted = {quote(text, safe=""), quote(text), quote_plus(text)}
    return {text, text.strip(), *_escaped(text), *_in_markup(text), *quoted, *map(_lower_escapes, quoted)}


def _escaped(text: str) -> set[str]:
    """As JSON within a text says it: every encoder escapes what must be, some of them more."""
    plain = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    of_go = {form.translate(_GO_ESCAPES) for form in plain}
    of_php = {form.replace("/", r"\/") for form in plain}
    of_dotnet = _UNICODE_ESCAPE.sub(lambda found: found[0].upper().replace("U", "u"), json.dumps(text)[1:-1])
    return {*plain, *of_go, *of_php, of_dotnet.replace(r"\"", r"\u0022").translate(_DOTNET_ESCAPES)}


def _in_markup(text: str) -> set[str]:
    """As HTML and XML say it; quotes in each of the usual ways."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quotes = (("&quot;", "&#x27;"), ("&quot;", "&#39;"), ("&#34;", "&#39;"), ("&quot;", "&apos;"), ("&quot;", "'"))
    return {escaped, *(escaped.replace('"', double).replace("'", single) for double, single in quotes)}


def _lower_escapes(quoted: str) -> str:
    first, *others = quoted.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in others)])


def _base64(raw: bytes) -> set[str]:
    """The characters that the value alone decides, at each of the three places it may begin within a longer text."""
    forms = set()
    for offset, first in ((0, 0), (1, 2), (2, 3)):
        certain = (offset + len(raw)) * 8 // 6
        encoded = base64.b64encode(bytes(offset) + raw).decode()[first:certain]
        forms |= {encoded, encoded.translate(str.maketrans("+/", "-_"))}
    return {form for form in forms if len(form) >= _SHORTEST_BASE64}
