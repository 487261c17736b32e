"""``package.json``. Pure."""

from collections.abc import Iterator
from typing import Any

from ostiary_servers.code.dependencies.documents import json_object, lines_of, mapping, text_of
from ostiary_servers.code.dependencies.model import Manifest, Requirement, Scope

SECTIONS = (
    ("dependencies", Scope.RUNTIME),
    ("optionalDependencies", Scope.OPTIONAL),
    ("peerDependencies", Scope.PEER),
    ("devDependencies", Scope.DEV),
)


def parse(text: str) -> Manifest:
    """Raises FormatError."""
    document = json_object(text)
    line = lines_of(text)
    asked = {name: (spec, scope) for name, spec, scope in reversed(list(asked_in(document)))}
    return Manifest(
        text_of(document, "name"),
        tuple(Requirement(name, spec, scope, line(name)) for name, (spec, scope) in asked.items()),
    )


def asked_in(table: Any) -> Iterator[tuple[str, str, Scope]]:
    """Name, range and scope of all that a table in the form of package.json asks for, each name once.

    npm: an optional dependency overrides an ordinary one, an ordinary one one of development.
    """
    found = mapping(table)
    optional_peers = {
        name for name, meta in mapping(found.get("peerDependenciesMeta")).items() if mapping(meta).get("optional")
    }
    seen: set[str] = set(mapping(found.get("optionalDependencies")))
    for section, scope in SECTIONS:
        for name, spec in mapping(found.get(section)).items():
            if scope is Scope.OPTIONAL or name not in seen:
                seen.add(name)
                yield name, str(spec), Scope.OPTIONAL if name in optional_peers and scope is Scope.PEER else scope
