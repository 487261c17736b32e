"""Reads, sets and removes one table in the bytes of a host's TOML file. Pure; what a file is, ``write`` knows.

Our table is a block of lines at the end of the file, found again by its header. The judge of every edit is ``tomli``,
the parser that the standard library took over, in its compiled form (1 MB in 0.09 s instead of 0.28). It shares nothing
with what finds and writes the block: nothing leaves this file that does not read as what came in plus, or minus, our
entry. Where servers stand in an inline table or under dotted keys the edit is refused: no block can be added to those.

All raise ``HostFileError`` for a file that cannot be edited safely.
"""

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import cast

import tomli

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.parsed import once
from ostiary.gateway.hosts.tolerance import Tolerance

_QUOTED = r"\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*'"
_HEADER = re.compile(rf"^[ \t]*\[+[ \t]*((?:{_QUOTED}|[^\]\r\n#\"'])+?)[ \t]*\]", re.MULTILINE)
_PART = re.compile(rf"{_QUOTED}|[A-Za-z0-9_-]+", re.ASCII)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Text:
    """A file taken apart. Numbers with a fraction are kept in ``value`` as they are spelled: NaN then equals itself."""

    bom: bytes
    text: str
    value: dict[str, object]

    @property
    def new_line(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"


@dataclass(frozen=True, slots=True)
class TomlEditor:
    """Edits the table ``[section.name]``; what its methods give stands at ``formats.Editor``."""

    section: str
    name: str
    tolerance: Tolerance

    def servers(self, raw: bytes) -> Mapping[str, object]:
        return _plain_table(raw, self.section, self.tolerance)

    def get(self, raw: bytes) -> object:
        return self.servers(raw).get(self.name)

    def has_section(self, raw: bytes) -> bool:
        return self.section in _parse(raw, self.tolerance).value

    def set(self, raw: bytes, entry: Mapping[str, object]) -> bytes:
        before = _parse(raw, self.tolerance)
        self._require_tables(before)
        bare = self._without(before) if self.name in _table(before.value, self.section) else before.text
        block = before.new_line.join([f"[{self.section}.{self.name}]", *_lines(entry)])
        expected = {**before.value, self.section: {**_table(before.value, self.section), self.name: dict(entry)}}
        return self._proven(before.bom, _appended(bare, block, before.new_line), expected)

    def remove(self, raw: bytes, *, drop_empty: bool = False) -> bytes:
        """``drop_empty`` makes no difference: a section of headers is there only while one of its tables is."""
        before = _parse(raw, self.tolerance)
        servers = dict(_table(before.value, self.section))
        if servers.pop(self.name, None) is None:
            return raw
        self._require_tables(before)
        text = self._without(before)
        expected = {**before.value, self.section: servers}
        if not servers and self.section not in _headers(text):
            del expected[self.section]
        return self._proven(before.bom, text, expected)

    def _require_tables(self, before: _Text) -> None:
        """Servers under a header of their own are what we can add to; an equal sign makes them something else."""
        if self.section not in before.value:
            return
        if not any(_parts(header)[:1] == [self.section] for header in _headers(before.text)):
            raise HostFileError(
                "The servers are not in tables of their own",
                f"{self.section} is an inline table or has dotted keys; no table can be added to that.",
            )

    def _without(self, before: _Text) -> str:
        """Gives the text without our block and the blank line before it."""
        headers = list(_HEADER.finditer(before.text))
        ours = [index for index, match in enumerate(headers) if self._is_ours(match[1])]
        if not ours or ours != list(range(ours[0], ours[-1] + 1)):
            raise HostFileError(
                "Our table was not found as one block", f"Take [{self.section}.{self.name}] out by hand."
            )
        start = headers[ours[0]].start()
        following = headers[ours[-1] + 1].start() if ours[-1] + 1 < len(headers) else len(before.text)
        end = start + len(_without_trailing_asides(before.text[start:following]))
        return _joined(before.text[:start], before.text[end:], before.new_line)

    def _is_ours(self, header: str) -> bool:
        return _parts(header)[:2] == [self.section, self.name]

    def _proven(self, bom: bytes, text: str, expected: Mapping[str, object]) -> bytes:
        try:
            raw = bom + text.encode()
        except UnicodeEncodeError as error:
            raise HostFileError("The entry cannot be written", "The path of a program is not valid Unicode.") from error
        if not self._reads_as(raw, expected):
            raise HostFileError(
                "The edit could not be verified", "Nothing was written. Paste the entry by hand instead."
            )
        return raw

    def _reads_as(self, raw: bytes, expected: Mapping[str, object]) -> bool:
        try:
            return is_same(_parse(raw, self.tolerance).value, expected)
        except HostFileError:
            return False


@once
def _parse(raw: bytes, tolerance: Tolerance) -> _Text:
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if bom and not tolerance.bom:
        raise HostFileError("The file starts with a byte order mark", "This host does not read such a file.")
    try:
        text = raw.removeprefix(bom).decode()
        value = tomli.loads(text, parse_float=lambda number: ("float", number))
    except UnicodeDecodeError as error:
        raise HostFileError("The file does not parse", "It is not UTF-8.") from error
    except ValueError as error:  # tomli's own, and that of a number with thousands of digits
        raise HostFileError("The file does not parse", f"{error}.") from error
    except RecursionError as error:
        raise HostFileError("The file does not parse", "It is nested too deeply.") from error
    return _Text(bom, text, cast("dict[str, object]", value))


@once
def _plain_table(raw: bytes, section: str, tolerance: Tolerance) -> Mapping[str, object]:
    return {name: _plain(entry) for name, entry in _table(_parse(raw, tolerance).value, section).items()}


def _plain(value: object) -> object:
    """Gives a value as plain JSON types, a date or a time as its text."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case ("float", str(number)):
            return float(number)
        case date() | time():
            return value.isoformat()
        case _:
            return value


def is_same(found: object, expected: object) -> bool:
    """Whether two values are one, by kind and spelling too.

    To Python ``true`` is 1 and 08:00+01:00 is 07:00Z; as JSON they differ.
    """
    return found == expected and _spelled(found) == _spelled(expected)


def _spelled(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _table(value: Mapping[str, object], section: str) -> Mapping[str, object]:
    found = value.get(section, {})
    if not isinstance(found, dict):
        raise HostFileError("The file cannot be edited", f"{section} is not a table.")
    return cast("dict[str, object]", found)


def _headers(text: str) -> list[str]:
    return [match[1] for match in _HEADER.finditer(text)]


def _parts(header: str) -> list[str]:
    """Gives the keys of a header without their quotes; in these a dot or a bracket is a letter like others."""
    return [part.strip("\"'") for part in _PART.findall(header)]


def _appended(text: str, block: str, new_line: str) -> str:
    """Puts the block at the end after a blank line; whether the text ended its last line shows at the block's end."""
    if not text:
        return block + new_line
    if text.endswith("\n"):
        return text + new_line + block + new_line
    return text + new_line * 2 + block


def _joined(before: str, after: str, new_line: str) -> str:
    """Undoes ``_appended``: ``after`` begins with the end of our block's last line.

    The line end before our block goes where it is a blank line's; otherwise it is that of a line of somebody else's.
    """
    if not after:
        return before.removesuffix(new_line * 2)
    without_blank = before.removesuffix(new_line)
    return (without_blank if without_blank.endswith("\n") else before) + after.removeprefix(new_line)


def _without_trailing_asides(block: str) -> str:
    """Gives the block up to its last line that is neither blank nor a comment, without that line's end."""
    lines = _LINE.findall(block)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "".join(lines).rstrip("\r\n")


def _lines(entry: Mapping[str, object]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in entry.items()]


def _key(key: str) -> str:
    return key if _SAFE_NAME.fullmatch(key) else json.dumps(key)


def _value(value: object) -> str:
    """Writes a value; a string of JSON is one of TOML too but for the character 7F."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Mapping():
            return "{" + ", ".join(_lines(cast("Mapping[str, object]", value))) + "}"
        case Sequence():
            return "[" + ", ".join(_value(item) for item in value) + "]"
        case _:
            raise HostFileError("The entry cannot be written", f"TOML has no form for {value!r}.")
