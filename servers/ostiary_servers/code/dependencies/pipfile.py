"""``Pipfile`` and ``Pipfile.lock`` of pipenv; the lock file does not record who asks for what. Pure."""

from ostiary_servers.code.dependencies.documents import json_object, lines_of, mapping, text_of, toml
from ostiary_servers.code.dependencies.model import Lock, Manifest, Package, Requirement, Scope
from ostiary_servers.code.dependencies.python_names import normal


def parse(text: str) -> Manifest:
    """Raises FormatError."""
    document = toml(text)
    line = lines_of(text)
    tables = (("packages", Scope.RUNTIME), ("dev-packages", Scope.DEV))
    return Manifest(
        "",
        tuple(
            Requirement(normal(name), _spec(value), scope, line(name))
            for table, scope in tables
            for name, value in mapping(document.get(table)).items()
        ),
    )


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    document = json_object(text)
    packages = {}
    for section in ("default", "develop"):
        for name, value in mapping(document.get(section)).items():
            version = text_of(value, "version").removeprefix("==") or text_of(value, "ref", "path", "file")
            packages[normal(name)] = Package(normal(name), normal(name), version)
    return Lock(packages, flat=True)


def _spec(value: object) -> str:
    spec = value if isinstance(value, str) else text_of(value, "version", "git", "path", "file")
    return "" if spec == "*" else spec
