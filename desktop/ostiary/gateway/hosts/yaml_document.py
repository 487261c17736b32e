"""Takes a host's YAML file apart into what its parser saw, in order, with places in the text. Pure.

A file is compared as the flat row of its parser's events, never as values: an alias is not followed, so a small file
cannot become a large one, and a comparison sees the order, the spelling and the kind of every scalar.
"""

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import cast

import yaml
from yaml import events as ev

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.parsed import once
from ostiary.gateway.hosts.tolerance import Tolerance

# libyaml where PyYAML was built with it, as its wheels are: 1 MB in 0.13 s instead of some seconds.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Shape = object
"""An event in a form that can be compared, without its place."""

_COLLECTION = attrgetter("__class__", "anchor", "tag", "implicit", "flow_style")
_SHAPES: Mapping[type[ev.Event], Callable[[ev.Event], Shape]] = {
    ev.ScalarEvent: attrgetter("__class__", "anchor", "tag", "implicit", "value", "style"),
    ev.MappingStartEvent: _COLLECTION,
    ev.SequenceStartEvent: _COLLECTION,
    ev.MappingEndEvent: attrgetter("__class__"),
    ev.SequenceEndEvent: attrgetter("__class__"),
    ev.AliasEvent: attrgetter("__class__", "anchor"),
}
"""Without a call of Python's for each of a large file's hundred thousand events."""

_FIRST = 2
"""Of the root: the stream and its document begin before it."""
_OPENING = (ev.MappingStartEvent, ev.SequenceStartEvent)
_CLOSING = (ev.MappingEndEvent, ev.SequenceEndEvent)


@dataclass(frozen=True, slots=True)
class Node:
    """A value in the document: its events from ``first`` to just before ``last``."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class YamlDocument:
    """A file of one document, whose root is a block mapping, or which is empty: then there are no ``events``.

    ``events`` are those of the root alone. Marks in them are positions in ``text``; ``shapes`` are their shapes.
    ``ends`` tells of each collection, by its first event, where it is over.
    """

    bom: bytes
    text: str
    events: tuple[ev.Event, ...]
    shapes: tuple[Shape, ...]
    ends: Mapping[int, int]

    @property
    def new_line(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def members(self, node: Node) -> Iterator[tuple[str | None, Node, Node]]:
        """Gives the members of a mapping: the key's text, or ``None`` where it is no plain text; key and value."""
        inner = self.items(node)
        for key, value in zip(inner, inner, strict=True):
            event = self.events[key.first]
            yield (event.value if isinstance(event, ev.ScalarEvent) else None), key, value

    def items(self, node: Node) -> Iterator[Node]:
        """Gives the items of a sequence, or keys and values of a mapping in turn."""
        at = node.first + 1
        while at < node.last - 1:
            last = self.ends.get(at, at + 1)
            yield Node(at, last)
            at = last

    def node(self, first: int) -> Node:
        """Gives the value that begins at an event."""
        return Node(first, self.ends.get(first, first + 1))

    def member(self, node: Node, key: str) -> tuple[Node, Node] | None:
        """Gives key and value of a member. Raises ``HostFileError`` when the key is there twice."""
        found = [(name, value) for text, name, value in self.members(node) if text == key]
        if len(found) > 1:
            line = start_of(self.events[found[1][0].first]).line + 1
            raise HostFileError("The file cannot be edited", f'Line {line}: the key "{key}" is there twice.')
        return found[0] if found else None


@once
def parse(raw: bytes, tolerance: Tolerance) -> YamlDocument:
    """Takes a file apart. Raises ``HostFileError`` for anything but one document with a block mapping."""
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if bom and not tolerance.bom:
        raise HostFileError("The file starts with a byte order mark", "This host does not read such a file.")
    try:
        text = raw.removeprefix(bom).decode()
        events = tuple(iter(LOADER(text).get_event, None))
    except UnicodeDecodeError as error:
        raise HostFileError("The file does not parse", "It is not UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        raise HostFileError("The file does not parse", f"{where}{error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise HostFileError("The file does not parse", f"{error}.") from error
    root = _root(events)
    return YamlDocument(bom, text, root, tuple([_SHAPES[type(event)](event) for event in root]), _ends(root))


def start_of(event: ev.Event) -> yaml.Mark:
    """Gives where an event begins; a parser marks all it sees."""
    assert event.start_mark is not None
    return cast("yaml.Mark", event.start_mark)


def end_of(event: ev.Event) -> yaml.Mark:
    """Gives where an event ends."""
    assert event.end_mark is not None
    return cast("yaml.Mark", event.end_mark)


def is_nothing(event: ev.Event) -> bool:
    """Says whether an event is what a key without a value reads as."""
    return (
        isinstance(event, ev.ScalarEvent)
        and not event.value
        and bool(event.implicit[0])
        and event.tag is None
        and event.anchor is None
    )


def _ends(events: tuple[ev.Event, ...]) -> dict[int, int]:
    ends, opened = dict[int, int](), list[int]()
    for at, event in enumerate(events):
        kind = type(event)
        if kind in _OPENING:
            opened.append(at)
        elif kind in _CLOSING:
            ends[opened.pop()] = at + 1
    return ends


def _root(events: tuple[ev.Event, ...]) -> tuple[ev.Event, ...]:
    documents = [*map(type, events)].count(ev.DocumentStartEvent)
    if not documents:
        return ()
    end = events[-2]
    if documents > 1 or not isinstance(end, ev.DocumentEndEvent) or end.explicit:
        raise HostFileError("The file cannot be edited", "It holds more than one document, or an end mark.")
    inner = events[_FIRST:-2]
    if len(inner) == 1 and is_nothing(inner[0]):
        return ()
    if not isinstance(inner[0], ev.MappingStartEvent) or inner[0].flow_style:
        raise HostFileError("The file cannot be edited", "It is not a mapping of one key a line.")
    return inner
