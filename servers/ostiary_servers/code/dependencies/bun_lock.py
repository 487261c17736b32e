"""``bun.lock``: JSON with trailing commas. A package's key is the path of names that leads to it. Pure."""

from typing import Any

from ostiary_servers.code.dependencies.documents import KEY_LIMIT, json_object, mapping, text_of
from ostiary_servers.code.dependencies.model import Edge, Lock, Package, Scope
from ostiary_servers.code.dependencies.package_json import asked_in


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    document = json_object(text, commented=True)
    entries = {
        key: value
        for key, value in mapping(document.get("packages")).items()
        if isinstance(value, list) and value and len(key) <= KEY_LIMIT
    }
    workspaces = mapping(document.get("workspaces"))
    packages = {key: _package(key, value, entries) for key, value in entries.items()}
    members = {}
    for place, table in workspaces.items():
        members[place] = own = f"workspace:{place}"
        packages[own] = Package(
            own, text_of(table, "name"), text_of(table, "version"), _edges("", table, entries, own=True)
        )
    return Lock(packages, members)


def _package(key: str, value: list[Any], entries: dict[str, Any]) -> Package:
    name, _, version = str(value[0]).rpartition("@")
    table = next((each for each in value if isinstance(each, dict)), {})
    installed_as = _last(key)
    return Package(
        key, name, version, _edges(key, table, entries, own=False), installed_as if installed_as != name else ""
    )


def _edges(key: str, table: Any, entries: dict[str, Any], *, own: bool) -> tuple[Edge, ...]:
    edges = []
    for name, spec, scope in asked_in(table):
        target = _resolve(key, name, entries)
        if (own or scope is not Scope.DEV) and (target or scope is not Scope.OPTIONAL):
            edges.append(Edge(name, spec, target, scope))
    return tuple(edges)


def _resolve(key: str, name: str, entries: dict[str, Any]) -> str | None:
    while True:
        found = f"{key}/{name}".removeprefix("/")
        if found in entries:
            return found
        if not key:
            return None
        key = key[: -len(_last(key))].rstrip("/")


def _last(key: str) -> str:
    """The last name of a path of names; one with a scope has two parts."""
    parts = key.split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and parts[-2].startswith("@") else parts[-1]
