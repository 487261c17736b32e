"""Takes a host's YAML file apart into what its parser saw, in order, with places in the text. Pure.

A file is compared as the flat row of its parser's events, never as values: an alias is not followed, so a small file
cannot become a large one, and a comparison sees the order, the spelling and the kind of every scalar.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import yaml
from yaml import events as ev

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.parsed import once
from ostiary.gateway.hosts.tolerance import Tolerance

# libyaml where PyYAML was built with it: 1 MB in about half a second instead of twenty.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Shape = tuple[object, ...]
_OPENING = (ev.MappingStartEvent, ev.SequenceStartEvent)
_CLOSING = (ev.MappingEndEvent, ev.SequenceEndEvent)
NOTHING: Shape = ("ScalarEvent", None, None, (True, False), "", None)
"""What a key without a value reads as."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value in the document: its events from ``first`` to just before ``last``."""

    first: int
    last: int


Member = tuple[str | None, Node, Node]


@dataclass(frozen=True, slots=True, eq=False)
class YamlDocument:
    """A file of one document, whose root is a block mapping, or which is empty: then there are no ``events``.

    ``events`` are those of the root alone. Marks in them are positions in ``text``. ``ends`` tells for each where the
    value that begins with it is over; ``shapes`` are the events in a form that can be compared.
    """

    bom: bytes
    text: str
    events: tuple[ev.Event, ...]
    ends: tuple[int, ...]
    shapes: tuple[Shape, ...]

    @property
    def new_line(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def members(self, node: Node) -> tuple[Member, ...]:
        """Gives the members of a mapping: the key's text, or ``None`` where it is no plain text; key and value."""
        return _members(self, node)

    def items(self, node: Node) -> Iterator[Node]:
        """Gives the items of a sequence."""
        at = node.first + 1
        while at < node.last - 1:
            item = self.node(at)
            yield item
            at = item.last

    def node(self, first: int) -> Node:
        """Gives the value that begins at an event."""
        return Node(first, self.ends[first])

    def member(self, node: Node, key: str) -> tuple[Node, Node] | None:
        """Gives key and value of a member. Raises ``HostFileError`` when the key is there twice."""
        found = [(name, value) for text, name, value in self.members(node) if text == key]
        if len(found) > 1:
            line = start_of(self.events[found[1][0].first]).line + 1
            raise HostFileError("The file cannot be edited", f'Line {line}: the key "{key}" is there twice.')
        return found[0] if found else None


@once
def _members(document: YamlDocument, node: Node) -> tuple[Member, ...]:
    found, at = list[Member](), node.first + 1
    while at < node.last - 1:
        key = document.node(at)
        value = document.node(key.last)
        event = document.events[at]
        found.append(((event.value if isinstance(event, ev.ScalarEvent) else None), key, value))
        at = value.last
    return tuple(found)


@once
def parse(raw: bytes, tolerance: Tolerance) -> YamlDocument:
    """Takes a file apart. Raises ``HostFileError`` for anything but one document with a block mapping."""
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if bom and not tolerance.bom:
        raise HostFileError("The file starts with a byte order mark", "This host does not read such a file.")
    try:
        text = raw.removeprefix(bom).decode()
        events = tuple(yaml.parse(text, Loader=LOADER))
    except UnicodeDecodeError as error:
        raise HostFileError("The file does not parse", "It is not UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        raise HostFileError("The file does not parse", f"{where}{error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise HostFileError("The file does not parse", f"{error}.") from error
    root = _root(events)
    return YamlDocument(bom, text, root, _ends(root), tuple(map(shape, root)))


def start_of(event: ev.Event) -> yaml.Mark:
    """Gives where an event begins; a parser marks all it sees."""
    assert event.start_mark is not None
    return cast("yaml.Mark", event.start_mark)


def end_of(event: ev.Event) -> yaml.Mark:
    """Gives where an event ends."""
    assert event.end_mark is not None
    return cast("yaml.Mark", event.end_mark)


def shape(event: ev.Event) -> Shape:
    """Gives an event in a form that can be compared, without its place."""
    match event:  # the commonest first: a large file has hundreds of thousands
        case ev.ScalarEvent():
            return ("ScalarEvent", event.anchor, event.tag, event.implicit, event.value, event.style or None)
        case ev.CollectionStartEvent():
            return (type(event).__name__, event.anchor, event.tag, event.implicit, event.flow_style)
        case ev.AliasEvent():
            return ("AliasEvent", event.anchor)
        case _:
            return (type(event).__name__,)


def _ends(events: tuple[ev.Event, ...]) -> tuple[int, ...]:
    ends, opened = list(range(1, len(events) + 1)), list[int]()
    for at, event in enumerate(events):
        if isinstance(event, _OPENING):
            opened.append(at)
        elif isinstance(event, _CLOSING):
            ends[opened.pop()] = at + 1
    return tuple(ends)


def _root(events: tuple[ev.Event, ...]) -> tuple[ev.Event, ...]:
    starts = [index for index, event in enumerate(events) if isinstance(event, ev.DocumentStartEvent)]
    if not starts:
        return ()
    end = events[-2]
    if len(starts) > 1 or not isinstance(end, ev.DocumentEndEvent) or end.explicit:
        raise HostFileError("The file cannot be edited", "It holds more than one document, or an end mark.")
    inner = events[starts[0] + 1 : -2]
    if len(inner) == 1 and shape(inner[0]) == NOTHING:
        return ()
    if not isinstance(inner[0], ev.MappingStartEvent) or inner[0].flow_style:
        raise HostFileError("The file cannot be edited", "It is not a mapping of one key a line.")
    return inner
