"""``yarn.lock``: the text of yarn 1, and the YAML of yarn 2 and later. Pure.

An entry names every range that it was chosen for (``a@^1.0.0, a@^1.2.0``), so a name and a range find it.
"""

import re
from collections.abc import Iterator
from typing import Any

from ostiary_servers.code.dependencies.documents import mapping, text_of, yaml
from ostiary_servers.code.dependencies.model import Edge, FormatError, Lock, Package, Scope
from ostiary_servers.code.dependencies.package_json import asked_in

_LINE = re.compile(r'( *)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+?))(?:\s+(?:"((?:[^"\\]|\\.)*)"|(\S+)))?:?$')


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    return _lock(yaml(text), berry=True) if "__metadata:" in text else _lock(dict(_entries(text)), berry=False)


def _lock(entries: dict[str, Any], *, berry: bool) -> Lock:
    chosen: dict[str, str] = {}
    tables = {}
    for heading, value in entries.items():
        if heading != "__metadata":
            wanted = [each.strip().strip('"') for each in heading.split(",")]
            tables[wanted[0]] = mapping(value)
            chosen.update(dict.fromkeys(wanted, wanted[0]))
    members = {place: key for key in tables if (place := _member(key)) is not None} if berry else {}
    packages = {key: _package(key, table, chosen, berry) for key, table in tables.items()}
    return Lock(packages, members)


def _member(key: str) -> str | None:
    _, found, place = key.partition("@workspace:")
    return ("" if place == "." else place) if found else None


def _package(key: str, table: dict[str, Any], chosen: dict[str, str], berry: bool) -> Package:
    asked_as = _name(key)
    name = _name(text_of(table, "resolution")) if berry and table.get("resolution") else asked_as
    if "@npm:" in key and not berry:
        name = _name(key.partition("@npm:")[2])
    edges = []
    for asked, spec, scope in asked_in(table):
        target = chosen.get(f"{asked}@{spec}") or chosen.get(f"{asked}@npm:{spec}")
        if scope is not Scope.PEER and (target or scope is not Scope.OPTIONAL):
            edges.append(Edge(asked, spec, target, scope))
    return Package(key, name, text_of(table, "version"), tuple(edges), asked_as if asked_as != name else "")


def _name(key: str) -> str:
    """Of ``@scope/name@range`` and ``name@range``."""
    return key[: key.find("@", 1)] if "@" in key[1:] else key


def _entries(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of yarn 1: indented text that looks like YAML and is none. Raises FormatError."""
    heading, table, section = "", dict[str, Any](), ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            if not line.endswith(":") or "@" not in line:
                raise FormatError("It is not a lock file of yarn.")
            if heading:
                yield heading, table
            heading, table, section = line.rstrip(":").replace('"', ""), {}, ""
            continue
        found = _LINE.fullmatch(line)
        if found is None or not heading:
            raise FormatError("It is not a lock file of yarn.")
        indent, name, value = len(found[1]), found[2] or found[3] or "", found[4] or found[5]
        if indent <= 2:
            section = name if value is None else ""
            table[name] = {} if value is None else value
        elif section:
            table[section][name] = value or ""
    if heading:
        yield heading, table
