"""``go.mod`` and ``go.sum``. Which module asks for which is in the modules, which are not here. Pure."""

import re
from collections.abc import Iterator

from ostiary_servers.code.dependencies.model import FormatError, Lock, Manifest, Package, Requirement, Scope

_REQUIRE = re.compile(r"(?:require\s+)?([^\s\"()]+)\s+(v\S+)(\s*//\s*indirect\b)?")
_REPLACE = re.compile(r"(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)(?:\s+(v\S+))?")
_SUM = re.compile(r"(\S+) (v[^\s/]+)(/go\.mod)? h1:\S+")
_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)


def parse(text: str) -> Manifest:
    """Raises FormatError."""
    module = _MODULE.search(text)
    if module is None:
        raise FormatError("It names no module.")
    replaced = {found[1]: found[3] or found[2] for found in _in_blocks(text, "replace", _REPLACE)}
    requirements = [
        Requirement(
            found[1],
            replaced.get(found[1], found[2]),
            Scope.INDIRECT if found[3] else Scope.RUNTIME,
            text.count("\n", 0, text.find(f"{found[1]} {found[2]}")) + 1,
        )
        for found in _in_blocks(text, "require", _REQUIRE)
    ]
    return Manifest(module[1], tuple(requirements), pinned=True)


def parse_lock(text: str) -> Lock:
    """Raises FormatError. Hashes of a go.mod alone are of versions that were weighed, not chosen."""
    found = [_SUM.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    if any(each is None for each in found):
        raise FormatError("It holds a line that is no hash.")
    packages = {
        f"{each[1]}@{each[2]}": Package(f"{each[1]}@{each[2]}", each[1], each[2])
        for each in found
        if each and not each[3]
    }
    return Lock(packages, flat=True)


def _in_blocks(text: str, word: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith((f"{word} (", f"{word}(")):
            inside = True
        elif inside and line.startswith(")"):
            inside = False
        elif (inside or line.startswith(f"{word} ")) and (found := pattern.match(line)):
            yield found
