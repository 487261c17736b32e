"""Takes a host's file apart, as far as its host would: text, positions without comments, and a value to compare. Pure.

The judge of what parses is the standard library. Raises ``HostFileError``, whose detail names the place.
"""

import codecs
import json
from dataclasses import dataclass
from typing import NoReturn, cast

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.json_spans import WHITESPACE, without_comments, without_trailing_commas
from ostiary.gateway.hosts.parsed import once
from ostiary.gateway.hosts.tolerance import Tolerance

_MOST_DIGITS = 1000
"""Python's own limit is some thousand."""

Pairs = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written: 1E+5 and 100000.0 are not the same edit."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file taken apart. All positions in ``bare`` and ``plain`` are those of ``text``.

    ``bare`` has no comments and ``plain`` no trailing commas either: strict JSON, or blank for an empty file. ``value``
    keeps objects as pairs and numbers as text, so that order, duplicates and spelling count in a comparison.
    """

    bom: bytes
    text: str
    bare: str
    plain: str
    value: Pairs

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but white space."""
        return not self.text.strip(WHITESPACE)


@once
def parse(raw: bytes, tolerance: Tolerance) -> Document:
    """Takes apart a file whose root is an object, or which is empty; anything else is refused."""
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if bom and not tolerance.bom:
        raise HostFileError(
            "The file starts with a byte order mark",
            "This host does not read such a file. Save it as UTF-8 without BOM.",
        )
    text = _decoded(raw.removeprefix(bom))
    bare = without_comments(text) if tolerance.comments else text
    plain = without_trailing_commas(bare) if tolerance.trailing_commas else bare
    value = _judged(text, plain) if text.strip(WHITESPACE) else ()
    if not isinstance(value, tuple):
        raise refusal(text, len(bare) - len(bare.lstrip(WHITESPACE)), "the file is not an object")
    return Document(bom, text, bare, plain, cast(Pairs, value))


def comparable(plain: str) -> object:
    """Gives the value of a strict JSON text in the form of ``Document.value``. Raises as ``json.loads`` does."""
    return cast(
        object,
        json.loads(plain, object_pairs_hook=tuple, parse_int=Number, parse_float=Number, parse_constant=_no_constant),
    )


def value_of(text: str) -> object:
    """Gives the value of a strict JSON text in plain types. A number of a thousand digits is a fraction."""
    return cast(object, json.loads(text, parse_int=_whole))


def refusal(text: str, at: int, reason: str) -> HostFileError:
    """Gives the error for something at a position of the text."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return HostFileError("The file cannot be edited safely", f"Line {line}, column {column}: {reason}.")


def too_deep() -> HostFileError:
    """Gives the error for a file that the parser, or a comparison, cannot follow to the bottom."""
    return HostFileError("The file cannot be edited safely", "It is nested too deeply to be verified.")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise HostFileError("The file does not parse", f"Line {line}: it is not UTF-8.") from error


def _judged(text: str, plain: str) -> object:
    try:
        return comparable(plain)
    except json.JSONDecodeError as error:
        reason = "a comment or a trailing comma, which this host does not read" if _is_jsonc(text) else error.msg
        raise refusal(text, error.pos, reason) from error
    except ValueError as error:
        raise HostFileError("The file does not parse", f"{error}.") from error
    except RecursionError as error:
        raise too_deep() from error


def _is_jsonc(text: str) -> bool:
    try:
        json.loads(without_trailing_commas(without_comments(text)))
    except (ValueError, RecursionError):
        return False
    return True


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
