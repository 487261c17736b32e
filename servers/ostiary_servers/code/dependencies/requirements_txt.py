"""``requirements*.txt`` of pip: includes (``-r``), constraints (``-c``), continued lines, hashes, editable ones."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ostiary_servers.code.dependencies.model import Manifest, Requirement, Scope
from ostiary_servers.code.dependencies.python_names import requirement

INCLUDE_DEPTH = 10

_OPTION = re.compile(r"(?:-(r|c)\s*|--(requirement|constraint)[ =]\s*)(\S+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[ =]?\s*\S*#egg=([\w.-]+)")
_COMMENT = re.compile(r"(^|\s)#(?!egg=).*$")

Read = Callable[[str], str | None]
"""Gives the text of a file named relative to the folder of the first one; None when there is none in reach."""


def parse(text: str, read: Read, *, scope: Scope = Scope.RUNTIME) -> Manifest:
    """What an included file asks for stands on the line that includes it; constraints only narrow what is asked for."""
    constraints: dict[str, str] = {}
    found = list(_requirements(text, "", read, scope, constraints, {""}))
    narrowed = [
        Requirement(
            each.name,
            ",".join(filter(None, [each.spec, constraints.get(each.name, "")])),
            each.scope,
            each.line,
            each.marker,
        )
        for each in found
    ]
    return Manifest(
        "", tuple(dict.fromkeys(narrowed)), pinned=bool(found) and all("==" in each.spec for each in narrowed)
    )


def _requirements(
    text: str, folder: str, read: Read, scope: Scope, constraints: dict[str, str], seen: set[str]
) -> Iterator[Requirement]:
    for number, line in _lines(text):
        if option := _OPTION.match(line):
            path = posixpath.normpath(posixpath.join(folder, option[3]))
            included = read(path) if path not in seen and len(seen) <= INCLUDE_DEPTH else None
            if included is not None:
                seen.add(path)
                deeper = _requirements(included, posixpath.dirname(path), read, scope, constraints, seen)
                if "c" in {option[1], (option[2] or "")[:1]}:
                    constraints.update({each.name: each.spec for each in deeper})
                else:
                    yield from (replace(each, line=number) for each in deeper)
        elif editable := _EDITABLE.match(line):
            yield Requirement(editable[1].lower(), "(editable)", scope, number)
        elif not line.startswith("-") and (asked := requirement(re.split(r"\s--", line)[0], scope, number)):
            yield asked


def _lines(text: str) -> Iterator[tuple[int, str]]:
    pending, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        pending += _COMMENT.sub("", line).rstrip("\\") if line.rstrip().endswith("\\") else _COMMENT.sub("", line)
        if not line.rstrip().endswith("\\"):
            if pending.strip():
                yield first, pending.strip()
            pending, first = "", 0
