"""Proves an edit before anything is written: what comes out must read as what went in plus, or minus, our entry. Pure.

Both sides are read by the standard library's parser. With comments or trailing commas the proof shares the blanking of
those with the splicer; for strict JSON, which both hosts of today need, it shares nothing.
"""

import json
from collections.abc import Sequence
from typing import cast

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.json_document import Document, Pairs, comparable, parse, too_deep
from ostiary.gateway.hosts.tolerance import Tolerance


def proven_with(before: Document, text: str, path: Sequence[str], entry: object, tolerance: Tolerance) -> bytes:
    """Gives the bytes of ``text`` if it is ``before`` with ``entry`` at ``path``. Raises ``HostFileError`` if not."""
    return _proven(before.bom, text, _with(before.value, path, comparable(json.dumps(entry))), tolerance)


def proven_without(before: Document, text: str, path: Sequence[str], tolerance: Tolerance) -> bytes:
    """Gives the bytes of ``text`` if it is ``before`` with nothing at ``path``. Raises ``HostFileError`` if not."""
    return _proven(before.bom, text, _without(before.value, path), tolerance)


def _proven(bom: bytes, text: str, expected: Pairs, tolerance: Tolerance) -> bytes:
    try:
        raw = bom + text.encode()
    except UnicodeEncodeError as error:
        raise HostFileError("The entry cannot be written", "The path of a program is not valid Unicode.") from error
    try:
        same = parse(raw, tolerance).value == expected
    except RecursionError as error:  # a comparison needs more of the stack than the parse did
        raise too_deep() from error
    if not same:
        raise HostFileError("The edit could not be verified", "Nothing was written. Paste the entry by hand instead.")
    return raw


def _with(pairs: Pairs, path: Sequence[str], entry: object) -> Pairs:
    key, *rest = path
    known = dict(pairs)
    value = _with(cast(Pairs, known.get(key, ())), rest, entry) if rest else entry
    if key in known:
        return tuple((name, value if name == key else old) for name, old in pairs)
    return (*pairs, (key, value))


def _without(pairs: Pairs, path: Sequence[str]) -> Pairs:
    key, *rest = path
    if not rest:
        return tuple(pair for pair in pairs if pair[0] != key)
    return tuple((name, _without(cast(Pairs, old), rest) if name == key else old) for name, old in pairs)
