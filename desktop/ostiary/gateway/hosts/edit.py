"""Reads, sets and removes one entry in the bytes of a host's JSON or JSONC file. Pure; what a file is, ``write`` knows.

Every byte that is not ours stays: byte order mark, line ends, indentation, comments, numbers as they were written.
``json_splice`` makes the text, ``json_proof`` proves it: nothing unproven leaves this file.

All raise ``HostFileError``, whose detail names line and column, for a file that cannot be edited safely: it does not
parse, it has duplicate keys on our path, or what should be an object is something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ostiary.gateway.hosts import json_splice
from ostiary.gateway.hosts.json_document import Document, parse, refusal, value_of
from ostiary.gateway.hosts.json_proof import proven_with, proven_without
from ostiary.gateway.hosts.json_spans import Member, ObjectSpan, descend
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class JsonEditor:
    """The functions of this file for one entry; what its methods give stands at ``formats.Editor``."""

    key_path: tuple[str, ...]
    name: str
    tolerance: Tolerance

    def servers(self, raw: bytes) -> Mapping[str, object]:
        found = get_entry(raw, self.key_path[:-1], self.key_path[-1], self.tolerance)
        return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}

    def get(self, raw: bytes) -> object:
        return get_entry(raw, self.key_path, self.name, self.tolerance)

    def has_section(self, raw: bytes) -> bool:
        return get_entry(raw, self.key_path[:-1], self.key_path[-1], self.tolerance) is not None

    def set(self, raw: bytes, entry: Entry) -> bytes:
        return set_entry(raw, self.key_path, self.name, entry, self.tolerance)

    def remove(self, raw: bytes, *, drop_empty: bool = False) -> bytes:
        return remove_entry(raw, self.key_path, self.name, self.tolerance, drop_empty=drop_empty)


def get_entry(raw: bytes, key_path: Sequence[str], name: str, tolerance: Tolerance = STRICT) -> object:
    """Gives the entry's value as plain JSON types, or ``None`` when there is no such entry."""
    document = parse(raw, tolerance)
    if document.is_empty:
        return None
    _, member = _locate(document, key_path, name)
    return None if member is None else value_of(document.plain[member.value_start : member.value_end])


def set_entry(raw: bytes, key_path: Sequence[str], name: str, entry: Entry, tolerance: Tolerance = STRICT) -> bytes:
    """Gives the file with the entry under ``key_path``, in the place of the one of that name if there is one.

    What is missing of ``key_path`` is made. An empty file, or one of white space only, becomes a new document.
    """
    document = parse(raw, tolerance)
    if document.is_empty:
        text = json_splice.new_document(key_path[0], _nested((*key_path[1:], name), entry))
    else:
        text = _with_entry(document, key_path, name, entry)
    return proven_with(document, text, (*key_path, name), entry, tolerance)


def remove_entry(
    raw: bytes, key_path: Sequence[str], name: str, tolerance: Tolerance = STRICT, *, drop_empty: bool = False
) -> bytes:
    """Gives the file without the entry; the same bytes when it has none.

    Nothing in a file tells who made an object that is empty now, so it stays, unless ``drop_empty`` says that the
    objects of ``key_path`` were made by us: then those that hold nothing else go as well.
    """
    document = parse(raw, tolerance)
    if document.is_empty:
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
    return proven_without(document, text, path, tolerance)


def _with_entry(document: Document, key_path: Sequence[str], name: str, entry: Entry) -> str:
    objects, member = _locate(document, key_path, name)
    if member is not None:
        return json_splice.replace(document.text, document.bare, objects, member, entry)
    key, *rest = (*key_path, name)[len(objects) - 1 :]
    return json_splice.insert(document.text, document.bare, objects, key, _nested(rest, entry))


def _locate(document: Document, key_path: Sequence[str], name: str) -> tuple[list[ObjectSpan], Member | None]:
    """Gives the objects along the path as far as they exist, and our member when it is there."""
    objects = list(descend(document.bare, document.plain, tuple(key_path)))
    for span, key in zip(objects, (*key_path, name), strict=False):
        if len(span.named(key)) > 1:
            raise refusal(document.text, span.named(key)[1].key_start, f'the key "{key}" is there twice')
    last = (*key_path, name)[len(objects) - 1]
    found = objects[-1].named(last)
    if found and len(objects) <= len(key_path):
        raise refusal(document.text, found[0].value_start, f'"{last}" is not an object')
    return objects, found[0] if found else None


def _nested(path: Sequence[str], value: object) -> object:
    for key in reversed(path):
        value = {key: value}
    return value
