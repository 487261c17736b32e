"""``pnpm-lock.yaml``, lockfileVersion 5.4 to 9. Pure.

A key holds name, version and, in brackets, the peers it was chosen with. From 9 on the edges are in ``snapshots``.
"""

import re
from typing import Any

from ostiary_servers.code.dependencies.documents import mapping, text_of, yaml
from ostiary_servers.code.dependencies.model import Edge, Lock, Package, Scope

_SECTIONS = (("dependencies", Scope.RUNTIME), ("optionalDependencies", Scope.OPTIONAL), ("devDependencies", Scope.DEV))

_KEY = re.compile(r"(@[^/@]+/[^/@]+|[^/@]+)[@/]([^(_]+)")


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    document = yaml(text)
    entries = mapping(document.get("snapshots")) or mapping(document.get("packages"))
    importers = mapping(document.get("importers")) or {".": document}
    keys = {key.removeprefix("/"): key for key in entries}
    packages = {key: _package(key, mapping(entry), keys) for key, entry in entries.items()}
    members = {}
    for place, importer in importers.items():
        own = f"importer:{place}"
        members["" if place == "." else place] = own
        packages[own] = Package(
            own, "" if place == "." else place, "", tuple(_edges(mapping(importer), keys, importers, place))
        )
    return Lock(packages, members)


def _package(key: str, entry: dict[str, Any], keys: dict[str, str]) -> Package:
    name, version = _split(key.removeprefix("/"))
    return Package(
        key, text_of(entry, "name") or name, text_of(entry, "version") or version, tuple(_edges(entry, keys, {}, ""))
    )


def _split(key: str) -> tuple[str, str]:
    """``name@1.0.0(peer@2.0.0)``, and ``name/1.0.0_peer@2.0.0`` before version 6."""
    found = _KEY.match(key)
    return (found[1], found[2]) if found else (key, "")


def _edges(table: dict[str, Any], keys: dict[str, str], importers: dict[str, Any], place: str) -> list[Edge]:
    specifiers = mapping(table.get("specifiers"))
    edges = []
    for section, scope in _SECTIONS:
        for name, value in mapping(table.get(section)).items():
            version = text_of(value, "version") or str(value)
            spec = text_of(value, "specifier") or text_of(specifiers, name)
            target = _linked(version, importers, place) or _target(name, version, keys)
            if target or scope is not Scope.OPTIONAL:
                edges.append(Edge(name, spec, target, scope))
    return edges


def _target(name: str, version: str, keys: dict[str, str]) -> str | None:
    """A version of an alias begins with the real name."""
    wanted = version.removeprefix("/")
    candidates = (f"{name}@{wanted}", f"{name}/{wanted}", wanted)
    return next((keys[each] for each in candidates if each in keys), None)


def _linked(version: str, importers: dict[str, Any], place: str) -> str | None:
    if not version.startswith("link:"):
        return None
    parts = [part for part in place.split("/") if part not in {"", "."}]
    for part in version.removeprefix("link:").split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    found = "/".join(parts) or "."
    return f"importer:{found}" if found in importers else None
