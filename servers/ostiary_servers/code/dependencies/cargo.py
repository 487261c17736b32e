"""``Cargo.toml`` and ``Cargo.lock``, versions 1 to 4. Pure."""

from collections.abc import Callable, Iterator
from typing import Any

from ostiary_servers.code.dependencies.documents import lines_of, mapping, tables, text_of, texts, toml
from ostiary_servers.code.dependencies.model import Edge, Lock, Manifest, Package, Requirement, Scope

_SECTIONS = (("dependencies", Scope.RUNTIME), ("build-dependencies", Scope.BUILD), ("dev-dependencies", Scope.DEV))


def parse(text: str) -> Manifest:
    """Raises FormatError."""
    document = toml(text)
    shared = mapping(mapping(document.get("workspace")).get("dependencies"))
    line = lines_of(text)
    found = list(_requirements(document, shared, line))
    for target in mapping(document.get("target")).values():
        found += _requirements(mapping(target), shared, line)
    return Manifest(text_of(document.get("package"), "name"), tuple(dict.fromkeys(found)))


def parse_lock(text: str) -> Lock:
    """The project's own packages are those without a source. Raises FormatError."""
    found = tables(toml(text).get("package"))
    keys = {_key(table): table for table in found}
    by_name: dict[str, list[str]] = {}
    for key, table in keys.items():
        by_name.setdefault(text_of(table, "name"), []).append(key)
    packages = {
        key: Package(key, text_of(table, "name"), text_of(table, "version"), tuple(_edges(table, keys, by_name)))
        for key, table in keys.items()
    }
    return Lock(packages, {text_of(table, "name"): key for key, table in keys.items() if not text_of(table, "source")})


def _requirements(
    document: dict[str, Any], shared: dict[str, Any], line: Callable[[str], int]
) -> Iterator[Requirement]:
    for section, scope in _SECTIONS:
        for asked, value in mapping(document.get(section)).items():
            table = mapping(shared.get(asked)) if mapping(value).get("workspace") is True else mapping(value)
            spec = value if isinstance(value, str) else text_of(table, "version", "git", "path")
            if mapping(value).get("workspace") is True and isinstance(shared.get(asked), str):
                spec = str(shared[asked])
            optional = mapping(value).get("optional") is True
            name = text_of(value, "package") or asked
            yield Requirement(name, spec, Scope.OPTIONAL if optional else scope, line(asked))


def _key(table: dict[str, Any]) -> str:
    return " ".join(filter(None, [text_of(table, "name"), text_of(table, "version"), text_of(table, "source")]))


def _edges(table: dict[str, Any], keys: dict[str, Any], by_name: dict[str, list[str]]) -> Iterator[Edge]:
    """``name``, ``name version`` where there are several, ``name version (source)`` where that is not enough."""
    for written in texts(table.get("dependencies")):
        name, version, source = [*written.split(" ", 2), "", ""][:3]
        wanted = " ".join(filter(None, [name, version, source.strip("()")]))
        found = [key for key in by_name.get(name, []) if key == wanted or key.startswith(f"{wanted} ")]
        yield Edge(name, version, found[0] if found else None)
