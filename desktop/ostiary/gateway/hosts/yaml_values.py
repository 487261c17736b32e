"""The values of a YAML document as plain JSON types. Pure; where they stand is ``yaml_document``.

Read as YAML 1.2 says (core schema, 10.3.2), which the hosts' parsers follow: ``no`` and ``12:30`` are texts, and so is
a date. Nothing is made of what a tag names, so there is no scalar that cannot be read.
"""

from __future__ import annotations

import re

from yaml import events as ev

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.yaml_document import Node, YamlDocument

_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_MOST_DIGITS = 1000
"""A longer number is left a text: Python makes none of some thousand digits."""
_BASES = {"0o": 8, "0x": 16}
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)


def plain(document: YamlDocument, node: Node) -> object:
    """Gives a value as plain JSON types.

    Raises ``HostFileError`` for one that refers to another place, has a key that is no text, or has no bottom.
    """
    try:
        return _value(document, node)
    except RecursionError as error:
        raise HostFileError("The file cannot be read", "It is nested too deeply.") from error


def _value(document: YamlDocument, node: Node) -> object:
    match document.events[node.first]:
        case ev.ScalarEvent() as event:
            return _scalar(event)
        case ev.SequenceStartEvent():
            return [_value(document, document.node(first)) for first in document.firsts(node)]
        case ev.MappingStartEvent():
            return {_key(name): _value(document, value) for name, _, value in document.members(node)}
        case _:
            raise HostFileError("The file cannot be read", "A server there refers to another place of the file.")


def _key(name: str | None) -> str:
    if name is None:
        raise HostFileError("The file cannot be read", "A server there has a key that is no text.")
    return name


def _scalar(event: ev.ScalarEvent) -> object:
    text = event.value
    if event.tag is not None or not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text, _BASES.get(text[:2], 10)) if len(text) <= _MOST_DIGITS else text
    return float(text) if _FRACTION.fullmatch(text) else text
