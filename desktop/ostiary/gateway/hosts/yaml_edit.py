"""Reads, sets and removes one entry in the bytes of a host's YAML file. Pure; what a file is, ``write`` knows.

An entry is whole lines with the indentation of its siblings, put after the last of them. No text is written anew.
Before anything leaves this file it is parsed, and its events must be those of before with our entry's between them, or
without. What cannot be edited by lines alone, such as servers in ``{…}``, is refused.

All raise ``HostFileError`` for a file that cannot be edited safely.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yaml import events as ev

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.parsed import once
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance
from ostiary.gateway.hosts.yaml_document import (
    Node,
    YamlDocument,
    end_of,
    is_nothing,
    parse,
    reads_as,
    start_of,
)
from ostiary.gateway.hosts.yaml_values import plain

_STEP = 2
_EMPTY = 2
"""Events of a mapping that holds nothing."""

_NOTHING = parse(b"key:\n", STRICT).events[2]
"""What a key without a value reads as."""


@dataclass(frozen=True, slots=True)
class _Section:
    """Where entries stand: its key and value, and our entry in it."""

    key: Node
    value: Node
    ours: Node | None


@dataclass(frozen=True, slots=True)
class YamlEditor:
    """Edits the entry ``name`` under the root's key ``section``; its methods are those of ``formats.Editor``.

    With ``is_list`` entries are items of a list and carry their name; otherwise they stand under it.
    """

    section: str
    name: str
    tolerance: Tolerance
    is_list: bool

    def servers(self, raw: bytes) -> Mapping[str, object]:
        document = parse(raw, self.tolerance)
        found = self._section(document)
        if found is None:
            return {}
        return _Servers(document, dict(_named(document, found.value, self.is_list)))

    def get(self, raw: bytes) -> object:
        return self._get(parse(raw, self.tolerance))

    def _get(self, document: YamlDocument) -> object:
        found = self._section(document)
        if found is None or found.ours is None:
            return None
        ours = found.ours if self.is_list else document.node(document.node(found.ours.first).last)
        return plain(document, ours)

    def has_section(self, raw: bytes) -> bool:
        return self._section(parse(raw, self.tolerance)) is not None

    def set(self, raw: bytes, entry: Mapping[str, object]) -> bytes:
        return _set_once(self, raw, json.dumps(entry))

    def _set(self, raw: bytes, entry: Mapping[str, object]) -> bytes:
        document = parse(raw, self.tolerance)
        found = self._section(document)
        if found is not None and found.ours is not None:
            document = parse(self.remove(raw), self.tolerance)
            found = self._section(document)
        if found is None:
            return self._with_section(document, entry)
        self._require_lines(document, found.value)
        return self._with_entry(document, found, entry)

    def remove(self, raw: bytes, *, drop_empty: bool = False) -> bytes:
        document = parse(raw, self.tolerance)
        found = self._section(document)
        if found is None or found.ours is None:
            return raw
        self._require_lines(document, found.value)
        alone = found.ours == Node(found.value.first + 1, found.value.last - 1)
        whole = alone and drop_empty
        gone = Node(found.key.first, found.value.last) if whole else found.ours
        _require_unreferred(document, gone)
        start, end = self._lines_of(document, gone)
        text = document.text[:start] + document.text[end:]
        if end == len(document.text) and not _ends_line(document.text):
            text = text.removesuffix("\n").removesuffix("\r")
        return self._proven(document, text, _events_without(document, found, alone=alone, whole=whole))

    def _section(self, document: YamlDocument) -> _Section | None:
        if not document.events:
            return None
        found = document.member(Node(0, len(document.events)), self.section)
        return None if found is None else _Section(*found, self._ours(document, found[1]))

    def _ours(self, document: YamlDocument, value: Node) -> Node | None:
        event = document.events[value.first]
        if isinstance(event, ev.SequenceStartEvent if self.is_list else ev.MappingStartEvent):
            found = [entry for name, entry in _named(document, value, self.is_list) if name == self.name]
            if len(found) > 1:
                line = start_of(document.events[found[1].first]).line + 1
                raise HostFileError("The file cannot be edited", f'Line {line}: the name "{self.name}" is there twice.')
            return _with_key(found[0], self.is_list) if found else None
        if is_nothing(event) or _is_empty_flow(document, value):
            return None
        expected = "a list" if self.is_list else "a mapping"
        raise HostFileError(
            "The file cannot be edited", f'Line {start_of(event).line + 1}: "{self.section}" is not {expected}.'
        )

    def _require_lines(self, document: YamlDocument, value: Node) -> None:
        event = document.events[value.first]
        if is_nothing(event) or not getattr(event, "flow_style", False):
            return
        raise HostFileError(
            "The file cannot be edited",
            f'Line {start_of(event).line + 1}: "{self.section}" stands in brackets; write one server a line there.',
        )

    def _with_section(self, document: YamlDocument, entry: Mapping[str, object]) -> bytes:
        indent = start_of(document.events[1]).column if document.events else 0
        lines = [f"{' ' * indent}{self.section}:", *self._lines(entry, indent + _STEP)]
        root, alone = document.events, self._alone(entry)
        expected = (*root[:-1], *alone[1:-1], root[-1]) if root else alone
        return self._proven(document, _with_lines(document, len(document.text), lines), expected)

    def _with_entry(self, document: YamlDocument, found: _Section, entry: Mapping[str, object]) -> bytes:
        events, value, alone = document.events, found.value, self._alone(entry)
        if is_nothing(document.events[value.first]):
            indent = start_of(document.events[found.key.first]).column + _STEP
            at = _line_end(document.text, end_of(document.events[found.key.first]).index)
            expected = (*events[: value.first], *alone[2:-1], *events[value.last :])
        else:
            indent = _column(document, value)
            at = _node_end(document, value.last - 1)
            expected = (*events[: value.last - 1], *alone[3:-2], *events[value.last - 1 :])
        return self._proven(document, _with_lines(document, at, self._lines(entry, indent)), expected)

    def _lines(self, entry: Mapping[str, object], indent: int) -> list[str]:
        outer = " " * indent
        if self.is_list:
            first, *rest = _member_lines(entry)
            return [f"{outer}- {first}", *(f"{outer}  {line}" for line in rest)]
        return [f"{outer}{self.name}:", *(f"{outer}{' ' * _STEP}{line}" for line in _member_lines(entry))]

    def _alone(self, entry: Mapping[str, object]) -> Sequence[ev.Event]:
        """What our entry reads as in a file that holds nothing else: root, section, its value, in it the entry."""
        lines = "\n".join([f"{self.section}:", *self._lines(entry, _STEP)])
        document = parse(_encoded(f"{lines}\n"), STRICT)
        if self._get(document) != entry:  # a character that YAML folds in the path of a program
            raise _unverified()
        return document.events

    def _lines_of(self, document: YamlDocument, node: Node) -> tuple[int, int]:
        """Gives where the lines of some events begin and end; nothing else may stand on the first."""
        text, start = document.text, start_of(document.events[node.first]).index
        line = text.rfind("\n", 0, start) + 1
        if text[line:start].strip(" ") not in ("", "-"):
            raise HostFileError("The file cannot be edited", "Our entry shares its line. Take it out by hand.")
        return line, _node_end(document, node.last)

    def _proven(self, before: YamlDocument, text: str, expected: Sequence[ev.Event]) -> bytes:
        raw = before.bom + _encoded(text)
        try:
            same = reads_as(raw, self.tolerance, expected)
        except HostFileError as error:
            raise _unverified() from error
        if not same:
            raise _unverified()
        return raw


@dataclass(frozen=True, slots=True)
class _Servers(Mapping[str, object]):
    """Entries by their names, each taken apart only when it is asked for: mostly the names are all that matters."""

    document: YamlDocument
    nodes: Mapping[str, Node]

    def __getitem__(self, name: str) -> object:
        return plain(self.document, self.nodes[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)


@once
def _set_once(editor: YamlEditor, raw: bytes, entry: str) -> bytes:
    """Makes and proves an edit once, for what is shown and what is written; ``entry`` is JSON."""
    return editor._set(raw, json.loads(entry))


@once
def _named(document: YamlDocument, value: Node, is_list: bool) -> tuple[tuple[str, Node], ...]:
    """Gives the servers that a section holds, with their names: items of a list, values of a mapping."""
    event = document.events[value.first]
    if is_list and isinstance(event, ev.SequenceStartEvent):
        items = (at for at in document.firsts(value) if isinstance(document.events[at], ev.MappingStartEvent))
        return tuple((_name_of(document, item), item) for item in map(document.node, items))
    if not is_list and isinstance(event, ev.MappingStartEvent):
        return tuple((name, entry) for name, _, entry in document.members(value) if name is not None)
    return ()


def _with_key(entry: Node, is_list: bool) -> Node:
    """Gives all of an entry; a name that is a plain text is one event."""
    return entry if is_list else Node(entry.first - 1, entry.last)


def _name_of(document: YamlDocument, item: Node) -> str:
    found = document.member(item, "name")
    event = None if found is None else document.events[found[1].first]
    return event.value if isinstance(event, ev.ScalarEvent) else ""


def _events_without(document: YamlDocument, found: _Section, *, alone: bool, whole: bool) -> Sequence[ev.Event]:
    """What the document reads as without our entry, which may be ``alone``, or without the ``whole`` section."""
    assert found.ours is not None
    events = document.events
    if whole:
        rest = (*events[: found.key.first], *events[found.value.last :])
        return rest if len(rest) > _EMPTY else ()  # a root that holds nothing is nothing
    if alone:
        return (*events[: found.value.first], _NOTHING, *events[found.value.last :])
    return (*events[: found.ours.first], *events[found.ours.last :])


def _require_unreferred(document: YamlDocument, gone: Node) -> None:
    """What other places take from it has to stay: the proof compares aliases, and follows none."""
    names = {getattr(event, "anchor", None) for event in document.events[gone.first : gone.last]} - {None}
    if not names:
        return
    for event in document.events[gone.last :]:
        if isinstance(event, ev.AliasEvent) and event.anchor in names:
            line = start_of(event).line + 1
            raise HostFileError("The file cannot be edited", f"Line {line} refers to what would go: *{event.anchor}.")


def _unverified() -> HostFileError:
    return HostFileError("The edit could not be verified", "Nothing was written. Paste the entry by hand instead.")


def _with_lines(document: YamlDocument, at: int, lines: list[str]) -> str:
    """Puts whole lines in; at the end of a text without a last line end, that end goes before them."""
    text, block = document.text, document.new_line.join(lines)
    if text[:at] and not _ends_line(text[:at]):
        return text[:at] + document.new_line + block + text[at:]
    return text[:at] + block + document.new_line + text[at:]


def _member_lines(entry: Mapping[str, object]) -> list[str]:
    """Each value is JSON, which YAML 1.2 reads as it is and every YAML 1.1 parser reads for these kinds too."""
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]


def _node_end(document: YamlDocument, last: int) -> int:
    """Gives the end of the line on which what stands before the event ``last`` ends."""
    inner = last - 1
    while isinstance(document.events[inner], _BLOCK_ENDS) and not _is_flow_end(document, inner):
        inner -= 1
    end = end_of(document.events[inner]).index
    return end if end and document.text[end - 1] == "\n" else _line_end(document.text, end)


_BLOCK_ENDS = (ev.MappingEndEvent, ev.SequenceEndEvent)


def _is_flow_end(document: YamlDocument, index: int) -> bool:
    event = document.events[index]
    return end_of(event).index > start_of(event).index


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _ends_line(text: str) -> bool:
    return text.endswith("\n")


def _column(document: YamlDocument, value: Node) -> int:
    """Gives the indentation of a collection's members: that of the first key, or of the first dash."""
    start = start_of(document.events[value.first])
    line = document.text.rfind("\n", 0, start.index) + 1
    return start.index - line


def _is_empty_flow(document: YamlDocument, value: Node) -> bool:
    return value.last - value.first == _STEP and bool(getattr(document.events[value.first], "flow_style", False))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise HostFileError("The entry cannot be written", "The path of a program is not valid Unicode.") from error
