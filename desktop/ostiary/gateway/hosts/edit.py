"""Reads, sets and removes one entry in the bytes of a host's JSON or JSONC file. Pure; what a file is, ``write`` knows.

Every byte that is not ours stays: byte order mark, line ends, indentation, comments, numbers as they were written. What
comes out is parsed by the standard library and must equal what went in plus, or minus, our entry: nothing unproven
leaves this file. With comments or trailing commas the two share the blanking of those; for strict JSON, which both
hosts of today need, the proof is wholly independent of the splicer.

All raise ``HostFileError``, whose detail names line and column, for a file that cannot be edited safely: it does not
parse, it has duplicate keys on our path, or what should be an object is something else.
"""

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, cast

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts import json_spans, json_splice
from ostiary.gateway.hosts.json_spans import Member, ObjectSpan
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance

Entry = Mapping[str, object]
_Pairs = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was written: 1E+5 and 100000.0 are not the same edit."""

    text: str


@dataclass(frozen=True, slots=True)
class _Document:
    """A file taken apart. ``value`` keeps objects as pairs, so that order and duplicates count in a comparison."""

    bom: bytes
    text: str
    bare: str
    value: _Pairs


def get_entry(raw: bytes, key_path: Sequence[str], name: str, tolerance: Tolerance = STRICT) -> object:
    """Gives the entry's value as plain JSON types, or ``None`` when there is no such entry."""
    document = _parse(raw, tolerance)
    if _is_blank(document):
        return None
    _, member = _locate(document, key_path, name)
    plain = json_spans.without_trailing_commas(document.bare)
    return None if member is None else cast(object, json.loads(plain[member.value_start : member.value_end]))


def set_entry(raw: bytes, key_path: Sequence[str], name: str, entry: Entry, tolerance: Tolerance = STRICT) -> bytes:
    """Gives the file with the entry under ``key_path``, in the place of the one of that name if there is one.

    What is missing of ``key_path`` is made. An empty file, or one of white space only, becomes a new document.
    """
    document = _parse(raw, tolerance)
    if _is_blank(document):
        text = json_splice.new_document(key_path[0], _nested((*key_path[1:], name), entry))
    else:
        text = _with_entry(document, key_path, name, entry)
    expected = _paired_set(document.value, (*key_path, name), _load(json.dumps(entry)))
    return _proven(document.bom, text, expected, tolerance)


def remove_entry(
    raw: bytes, key_path: Sequence[str], name: str, tolerance: Tolerance = STRICT, *, drop_empty: bool = False
) -> bytes:
    """Gives the file without the entry; the same bytes when it has none.

    Nothing in a file tells who made an object that is empty now, so it stays, unless ``drop_empty`` says that the
    objects of ``key_path`` were made by us: then those that hold nothing else go as well.
    """
    document = _parse(raw, tolerance)
    if _is_blank(document):
        return raw
    objects, member = _locate(document, key_path, name)
    if member is None:
        return raw
    path = [*key_path, name]
    while drop_empty and len(objects) > 1 and len(objects[-1].members) == 1:
        owner = objects.pop().owner
        assert owner is not None, "only the root has no owner"
        member = owner
        path.pop()
    text = json_splice.remove(document.text, objects[-1], member)
    return _proven(document.bom, text, _paired_without(document.value, path), tolerance)


def _with_entry(document: _Document, key_path: Sequence[str], name: str, entry: Entry) -> str:
    objects, member = _locate(document, key_path, name)
    if member is not None:
        return json_splice.replace(document.text, document.bare, objects, member, entry)
    key, *rest = (*key_path, name)[len(objects) - 1 :]
    return json_splice.insert(document.text, document.bare, objects, key, _nested(rest, entry))


def _locate(document: _Document, key_path: Sequence[str], name: str) -> tuple[list[ObjectSpan], Member | None]:
    """Gives the objects along the path as far as they exist, and our member when it is there."""
    objects = json_spans.descend(document.bare, key_path)
    for span, key in zip(objects, (*key_path, name), strict=False):
        if len(span.named(key)) > 1:
            _refuse(document.text, span.named(key)[1].key_start, f'the key "{key}" is there twice')
    last = (*key_path, name)[len(objects) - 1]
    found = objects[-1].named(last)
    if found and len(objects) <= len(key_path):
        _refuse(document.text, found[0].value_start, f'"{last}" is not an object')
    return objects, found[0] if found else None


def _parse(raw: bytes, tolerance: Tolerance) -> _Document:
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if bom and not tolerance.bom:
        raise HostFileError(
            "The file starts with a byte order mark",
            "This host does not read such a file. Save it as UTF-8 without BOM.",
        )
    text = _decoded(raw.removeprefix(bom))
    bare = json_spans.without_comments(text) if tolerance.comments else text
    if not text.strip(json_spans.WHITESPACE):
        return _Document(bom, text, bare, ())
    value = _judged(text, json_spans.without_trailing_commas(bare) if tolerance.trailing_commas else bare)
    if not isinstance(value, tuple):
        _refuse(text, len(bare) - len(bare.lstrip(json_spans.WHITESPACE)), "the file is not an object")
    return _Document(bom, text, bare, cast(_Pairs, value))


def _judged(text: str, plain: str) -> object:
    try:
        return _load(plain)
    except json.JSONDecodeError as error:
        reason = "a comment or a trailing comma, which this host does not read" if _is_jsonc(text) else error.msg
        _refuse(text, error.pos, reason)
    except ValueError as error:
        raise HostFileError("The file does not parse", f"{error}.") from error
    except RecursionError as error:
        raise _too_deep() from error


def _load(plain: str) -> object:
    return cast(
        object,
        json.loads(plain, object_pairs_hook=tuple, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant),
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _is_jsonc(text: str) -> bool:
    try:
        json.loads(json_spans.without_trailing_commas(json_spans.without_comments(text)))
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise HostFileError("The file does not parse", f"Line {line}: it is not UTF-8.") from error


def _proven(bom: bytes, text: str, expected: object, tolerance: Tolerance) -> bytes:
    try:
        raw = bom + text.encode()
    except UnicodeEncodeError as error:
        raise HostFileError("The entry cannot be written", "The path of a program is not valid Unicode.") from error
    if not _same(_parse(raw, tolerance).value, expected):
        raise HostFileError("The edit could not be verified", "Nothing was written. Paste the entry by hand instead.")
    return raw


def _same(one: object, other: object) -> bool:
    try:
        return one == other
    except RecursionError as error:  # a comparison needs more of the stack than the parse did
        raise _too_deep() from error


def _is_blank(document: _Document) -> bool:
    return not document.text.strip(json_spans.WHITESPACE)


def _nested(path: Sequence[str], value: object) -> object:
    for key in reversed(path):
        value = {key: value}
    return value


def _paired_set(pairs: _Pairs, path: Sequence[str], entry: object) -> _Pairs:
    key, *rest = path
    inner = dict(pairs).get(key, ())
    value = _paired_set(cast(_Pairs, inner), rest, entry) if rest else entry
    if key in dict(pairs):
        return tuple((known, value if known == key else old) for known, old in pairs)
    return (*pairs, (key, value))


def _paired_without(pairs: _Pairs, path: Sequence[str]) -> _Pairs:
    key, *rest = path
    if not rest:
        return tuple(pair for pair in pairs if pair[0] != key)
    return tuple((known, _paired_without(cast(_Pairs, old), rest) if known == key else old) for known, old in pairs)


def _too_deep() -> HostFileError:
    return HostFileError("The file cannot be edited safely", "It is nested too deeply to be verified.")


def _refuse(text: str, at: int, reason: str) -> NoReturn:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    raise HostFileError("The file cannot be edited safely", f"Line {line}, column {column}: {reason}.")
