"""The id of a message that was too long to keep, sought in its first and last 4 KB at depth 1."""

from __future__ import annotations

import re

from ostiary.gateway.wire.envelope import read_key
from ostiary.gateway.wire.framing import Oversize
from ostiary.gateway.wire.messages import Key

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_ID_AT_END = re.compile(rb'[,{]\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*\}\s*$')
_ID_VALUE = re.compile(rb'\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*[,}]')


def find_id(line: Oversize) -> bytes | None:
    """The raw id, or None where it cannot be told with certainty.

    From the front every token is followed, so depth is known. From the back only an id that is the very last
    member counts: anything earlier could lie deeper.
    """
    raw = _from_front(line.head) or _from_back(line.tail)
    return raw if raw is not None and read_key(raw) is not None else None


def find_key(line: Oversize) -> Key | None:
    """The id as a value."""
    raw = find_id(line)
    return None if raw is None else read_key(raw)


def _from_front(head: bytes) -> bytes | None:
    depth, place = 0, 0
    while place < len(head):
        char = head[place : place + 1]
        if char == b'"':
            string = _STRING.match(head, place)
            if string is None:
                return None
            place = string.end()
            if depth == 1 and string.group() == b'"id"' and (value := _ID_VALUE.match(head, place)):
                return value.group(1)
            continue
        depth += (char in b"{[") - (char in b"}]")
        place += 1
    return None


def _from_back(tail: bytes) -> bytes | None:
    found = _ID_AT_END.search(tail)
    return found.group(1) if found else None
