"""Takes a host's YAML file apart into what its parser saw, in order, with places in the text. Pure.

A file is compared as the flat row of its parser's events, never as values: an alias is not followed, so a small file
cannot become a large one, and a comparison sees the order, the spelling and the kind of every scalar.
"""

import codecs
import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, starmap, zip_longest
from operator import attrgetter, eq
from typing import NamedTuple, cast

import yaml
from yaml import events as ev

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.parsed import once
from ostiary.gateway.hosts.tolerance import Tolerance

# libyaml where PyYAML was built with it, as its wheels are: 1 MB in 0.13 s instead of some seconds.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Shape = object
"""An event in a form that can be compared, without its place."""

_SCALAR = attrgetter("anchor", "tag", "implicit", "value", "style")
_COLLECTION = attrgetter("__class__", "anchor", "tag", "implicit", "flow_style")
_SHAPES: Mapping[type[ev.Event], Callable[[ev.Event], Shape]] = {
    ev.StreamStartEvent: attrgetter("__class__"),
    ev.DocumentStartEvent: attrgetter("__class__"),
    ev.MappingStartEvent: _COLLECTION,
    ev.SequenceStartEvent: _COLLECTION,
    ev.MappingEndEvent: attrgetter("__class__"),
    ev.SequenceEndEvent: attrgetter("__class__"),
    ev.AliasEvent: attrgetter("__class__", "anchor"),
    ev.DocumentEndEvent: attrgetter("__class__", "explicit"),
    ev.StreamEndEvent: attrgetter("__class__"),
}
"""Without a call of Python's for each of a large file's hundred thousand events. What has no class is a scalar."""

_BEGIN: Sequence[Shape] = (ev.StreamStartEvent, ev.DocumentStartEvent)
_END: Sequence[Shape] = ((ev.DocumentEndEvent, False), ev.StreamEndEvent)
"""Of a file of one document without an end mark."""

_FIRST = 2
"""Of the root: the stream and its document begin before it."""
_OPENING = (ev.MappingStartEvent, ev.SequenceStartEvent)
_CLOSING = (ev.MappingEndEvent, ev.SequenceEndEvent)


class Node(NamedTuple):
    """A value in the document: its events from ``first`` to just before ``last``. A tuple, for there are thousands."""

    first: int
    last: int


@dataclass(frozen=True, eq=False)
class YamlDocument:
    """A file of one document, whose root is a block mapping, or which is empty: then there are no ``events``.

    ``events`` are those of the root alone. Marks in them are positions in ``text``.
    """

    bom: bytes
    text: str
    events: Sequence[ev.Event]

    @property
    def new_line(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def ends(self) -> Sequence[int]:
        """Tells of each value, by its first event, where it is over."""
        ends, opened = list(range(1, len(self.events) + 1)), list[int]()
        for at, event in enumerate(self.events):
            kind = type(event)
            if kind in _OPENING:
                opened.append(at)
            elif kind in _CLOSING:
                ends[opened.pop()] = at + 1
        return ends

    def members(self, node: Node) -> Iterator[tuple[str | None, Node, Node]]:
        """Gives the members of a mapping: the key's text, or ``None`` where it is no plain text; key and value."""
        firsts = [*self.firsts(node), node.last - 1]
        for key, value, last in zip(firsts[::2], firsts[1::2], firsts[2::2], strict=False):
            event = self.events[key]
            yield (event.value if isinstance(event, ev.ScalarEvent) else None), Node(key, value), Node(value, last)

    def firsts(self, node: Node) -> list[int]:
        """Gives the first events of the items of a sequence, or of keys and values of a mapping in turn."""
        ends, found, at, last = self.ends, list[int](), node.first + 1, node.last - 1
        while at < last:
            found.append(at)
            at = ends[at]
        return found

    def node(self, first: int) -> Node:
        """Gives the value that begins at an event."""
        return Node(first, self.ends[first])

    def member(self, node: Node, key: str) -> tuple[Node, Node] | None:
        """Gives key and value of a member. Raises ``HostFileError`` when the key is there twice."""
        events, ends, found, at, last = self.events, self.ends, list[int](), node.first + 1, node.last - 1
        while at < last:  # not by ``members``: a list of ten thousand servers has each looked through for its name
            if getattr(events[at], "value", None) == key:
                found.append(at)
            at = ends[ends[at]]
        if len(found) > 1:
            line = start_of(events[found[1]]).line + 1
            raise HostFileError("The file cannot be edited", f'Line {line}: the key "{key}" is there twice.')
        if not found:
            return None
        name = self.node(found[0])
        return name, self.node(name.last)


@once
def parse(raw: bytes, tolerance: Tolerance) -> YamlDocument:
    """Takes a file apart. Raises ``HostFileError`` for anything but one document with a block mapping."""
    bom, text = _text(raw, tolerance)
    with _refusals():
        return YamlDocument(bom, text, _root(list(iter(LOADER(text).get_event, None))))


def reads_as(raw: bytes, tolerance: Tolerance, expected: Sequence[ev.Event]) -> bool:
    """Says whether all of a file is one document with these events for its root. Raises ``HostFileError`` as ``parse``.

    Each event is compared when the parser gives it and kept by nobody: a large file's would take as long to keep.
    """
    if not expected:
        return not parse(raw, tolerance).events
    _, text = _text(raw, tolerance)
    with _refusals():
        found = _shapes(iter(LOADER(text).get_event, None))
        return all(starmap(eq, zip_longest(found, chain(_BEGIN, _shapes(expected), _END))))


def _shapes(events: Iterable[ev.Event]) -> Iterator[Shape]:
    scalar = ev.ScalarEvent
    return (_SCALAR(event) if type(event) is scalar else _SHAPES[type(event)](event) for event in events)


def _text(raw: bytes, tolerance: Tolerance) -> tuple[bytes, str]:
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if bom and not tolerance.bom:
        raise HostFileError("The file starts with a byte order mark", "This host does not read such a file.")
    try:
        return bom, raw.removeprefix(bom).decode()
    except UnicodeDecodeError as error:
        raise HostFileError("The file does not parse", "It is not UTF-8.") from error


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Puts what the parser refuses in our words."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        raise HostFileError("The file does not parse", f"{where}{error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise HostFileError("The file does not parse", f"{error}.") from error


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


def _root(events: Sequence[ev.Event]) -> Sequence[ev.Event]:
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
