"""How one member goes into, and out of, a JSON or JSONC text without a change to any other byte. Pure.

An insertion is one piece of text in the style of what stands around it: line ends, indentation, one-line objects, the
habit of a trailing comma. A comment on the line of the last member stays with that member. A removal takes out what an
insertion puts in, so that one after the other gives the first text again; the one exception is an empty object that
held white space (``{ }``), which becomes ``{}``, since nothing in the text tells the two apart afterwards.

All functions take ``text`` and ``bare``, the same text without its comments (see ``json_spans``).
"""

import json
import re
from dataclasses import dataclass

from ostiary.gateway.hosts.json_spans import WHITESPACE, Member, ObjectSpan

_NEW_LINE = re.compile(r"\r\n|\n|\r")
_COMMENTS_ON_LINE = re.compile(r"(?:[ \t]*(?:(?P<line>//[^\r\n]*)|/\*.*?\*/))*", re.DOTALL)
_DEFAULT_INDENT = "  "


@dataclass(frozen=True, slots=True)
class _Style:
    """How a new member is written: ``indent`` is that of its own line, ``step`` one level more."""

    new_line: str
    indent: str
    step: str
    one_line: bool
    compact: bool

    @property
    def before(self) -> str:
        if self.one_line:
            return "" if self.compact else " "
        return self.new_line + self.indent

    def value(self, value: object) -> str:
        if self.one_line:
            separators = (",", ":") if self.compact else (", ", ": ")
            return json.dumps(value, ensure_ascii=False, separators=separators)
        lines = json.dumps(value, ensure_ascii=False, indent=self.step).split("\n")
        return (self.new_line + self.indent).join(lines)

    def member(self, key: str, value: object) -> str:
        colon = ":" if self.one_line and self.compact else ": "
        return json.dumps(key, ensure_ascii=False) + colon + self.value(value)


def new_document(key: str, value: object) -> str:
    """Gives a file that holds nothing but one member."""
    return json.dumps({key: value}, ensure_ascii=False, indent=2) + "\n"


def insert(text: str, bare: str, objects: list[ObjectSpan], key: str, value: object) -> str:
    """Puts a member at the end of the last of ``objects``, which are those from the root down to it."""
    target = objects[-1]
    if target.members:
        at, piece = _after_last(text, bare, objects, key, value)
    else:
        at, piece = _into_empty(text, bare, objects, key, value)
    return text[:at] + piece + text[at:]


def replace(text: str, bare: str, objects: list[ObjectSpan], member: Member, value: object) -> str:
    """Puts another value in the place of the member's."""
    style = _style_beside(text, bare, objects, member)
    return text[: member.value_start] + style.value(value) + text[member.value_end :]


def remove(text: str, parent: ObjectSpan, member: Member) -> str:
    """Takes a member out, with the one comma that is no longer needed."""
    index = parent.members.index(member)
    if index == 0 and member.comma is not None and len(parent.members) > 1:
        return text[: member.key_start] + text[member.comma + 1 :].lstrip(WHITESPACE)
    end = member.value_end if member.comma is None else member.comma + 1
    without = text[: _blank_start(text, member.key_start)] + text[end:]
    if index > 0 and member.comma is None:
        comma = parent.members[index - 1].comma
        assert comma is not None, "members of valid JSON are parted by commas"
        return without[: _blank_start(text, comma)] + without[comma + 1 :]
    if len(parent.members) == 1:
        return _closed_up(without, parent.start)
    return without


def _after_last(text: str, bare: str, objects: list[ObjectSpan], key: str, value: object) -> tuple[int, str]:
    last = objects[-1].members[-1]
    style = _style_beside(text, bare, objects, last)
    member = style.member(key, value)
    after = last.value_end if last.comma is None else last.comma + 1
    comments = _COMMENTS_ON_LINE.match(text, after)
    assert comments is not None, "the pattern matches nothing as well"
    at = after + len(comments[0].rstrip(" \t"))
    before = style.new_line + style.indent if comments["line"] is not None else style.before
    if last.comma is not None:
        return at, before + member + ","
    # After a line comment the comma comes first on its own line: before the comment it would be a second insertion.
    return at, f"{before}, {member}" if comments["line"] is not None else f",{before}{member}"


def _into_empty(text: str, bare: str, objects: list[ObjectSpan], key: str, value: object) -> tuple[int, str]:
    target = objects[-1]
    inside = text[target.start + 1 : target.end - 1]
    at = target.start + 1 + len(inside.rstrip(WHITESPACE))
    new_line = _new_line(text)
    many_lines = _NEW_LINE.search(inside) is not None
    own_line = target.owner is None or _starts_line(bare, target.owner.key_start)
    outer = _indent(text, target.start)
    step = _step(text, bare, objects[0])
    compact = target.owner is not None and bare[target.owner.value_start - 1] == ":"
    style = _Style(new_line, outer + step, step, one_line=not (own_line or many_lines), compact=compact)
    member = style.member(key, value)
    if style.one_line:
        return at, member
    closing = "" if many_lines or inside.strip(WHITESPACE) else new_line + outer
    return at, style.before + member + closing


def _style_beside(text: str, bare: str, objects: list[ObjectSpan], member: Member) -> _Style:
    one_line = not _starts_line(bare, member.key_start)
    compact = bare[member.value_start - 1] == ":"
    return _Style(_new_line(text), _indent(text, member.key_start), _step(text, bare, objects[0]), one_line, compact)


def _closed_up(text: str, brace: int) -> str:
    """Gives the text with the object at ``brace`` closed to ``{}`` when only white space is left in it."""
    end = brace + 1
    while text[end] in WHITESPACE:
        end += 1
    return text[: brace + 1] + text[end:] if text[end] == "}" else text


def _new_line(text: str) -> str:
    found = _NEW_LINE.search(text)
    return found[0] if found else "\n"


def _step(text: str, bare: str, root: ObjectSpan) -> str:
    """Gives one level of indentation: that of the root's first member when it has a line of its own."""
    if not root.members or not _starts_line(bare, root.members[0].key_start):
        return _DEFAULT_INDENT
    return _indent(text, root.members[0].key_start).removeprefix(_indent(text, root.start))


def _indent(text: str, at: int) -> str:
    line = text[_line_start(text, at) : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _starts_line(bare: str, at: int) -> bool:
    """Says whether nothing but blanks, or a comment, stands before ``at`` on its line."""
    start = _line_start(bare, at)
    return start > 0 and not bare[start:at].strip(" \t")


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _blank_start(text: str, at: int) -> int:
    """Gives where the white space just before ``at`` begins."""
    while at > 0 and text[at - 1] in WHITESPACE:
        at -= 1
    return at
