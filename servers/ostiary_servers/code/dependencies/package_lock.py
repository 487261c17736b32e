"""``package-lock.json`` and ``npm-shrinkwrap.json``, lockfileVersion 1 to 3. Pure.

A package's key is its path, and a name is looked up as Node.js does: in the package's own ``node_modules``, then in
those of the folders around it.
"""

from collections.abc import Iterator
from typing import Any

from ostiary_servers.code.dependencies.documents import KEY_LIMIT, json_object, mapping, text_of
from ostiary_servers.code.dependencies.model import Edge, Lock, Package, Scope
from ostiary_servers.code.dependencies.package_json import asked_in

_INSIDE = "node_modules/"


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    document = json_object(text)
    listed = mapping(document.get("packages")) or dict(_version_1(document, ""))
    entries = {path: entry for path, entry in listed.items() if len(path) <= KEY_LIMIT}
    members = {path: path for path in entries if _INSIDE not in path}
    return Lock({path: _package(path, mapping(entry), entries) for path, entry in entries.items()}, members)


def _package(path: str, entry: dict[str, Any], entries: dict[str, Any]) -> Package:
    own_name = text_of(entry, "name") or path.rpartition("/")[2]  # npm leaves out what the folder's name says already
    installed_as = path.rpartition(_INSIDE)[2] if _INSIDE in path else own_name
    name = text_of(entry, "name") or installed_as
    edges = [
        Edge(asked, spec, target, scope)
        for asked, spec, scope in asked_in(entry)
        if scope is not Scope.DEV or _INSIDE not in path
        for target in [_resolve(path, asked, entries)]
        if target is not None or scope is not Scope.OPTIONAL
    ]
    return Package(path, name, text_of(entry, "version"), tuple(edges), installed_as if installed_as != name else "")


def _resolve(path: str, name: str, entries: dict[str, Any]) -> str | None:
    while True:
        found = f"{path}/{_INSIDE}{name}".removeprefix("/")
        if found in entries:
            entry = mapping(entries[found])
            linked = text_of(entry, "resolved")
            return linked if entry.get("link") is True and linked in entries else found
        if not path:
            return None
        path = path.rpartition(_INSIDE)[0].rstrip("/") if _INSIDE in path else path.rpartition("/")[0]


def _version_1(table: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of version 1 in the form of the later ones; what the project itself asks for is not in it."""
    for name, value in mapping(table.get("dependencies")).items():
        entry, key = mapping(value), f"{path}/{_INSIDE}{name}".removeprefix("/")
        version = text_of(entry, "version")
        alias, _, aliased = version.removeprefix("npm:").rpartition("@")
        own = {"name": alias, "version": aliased} if version.startswith("npm:") else {"version": version}
        yield key, {**own, "dependencies": mapping(entry.get("requires"))}
        yield from _version_1(entry, key)
