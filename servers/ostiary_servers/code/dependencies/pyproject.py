"""``pyproject.toml``: PEP 621, PEP 735, and the tables of poetry, pdm and uv. Pure."""

from collections.abc import Iterator
from typing import Any

from ostiary_servers.code.dependencies.documents import lines_of, mapping, text_of, texts, toml
from ostiary_servers.code.dependencies.model import Manifest, Requirement, Scope
from ostiary_servers.code.dependencies.python_names import normal, requirement


def parse(text: str) -> Manifest:
    """Raises FormatError."""
    document = toml(text)
    project, tool = mapping(document.get("project")), mapping(document.get("tool"))
    found = [*_standard(document, project), *_poetry(mapping(tool.get("poetry"))), *_others(tool)]
    line = lines_of(text)
    lined = [Requirement(each.name, each.spec, each.scope, line(each.name), each.marker) for each in found]
    name = text_of(project, "name") or text_of(tool.get("poetry"), "name")
    return Manifest(normal(name), tuple(dict.fromkeys(lined)))


def _standard(document: dict[str, Any], project: dict[str, Any]) -> Iterator[Requirement]:
    yield from _all(texts(project.get("dependencies")), Scope.RUNTIME)
    for extra in mapping(project.get("optional-dependencies")).values():
        yield from _all(texts(extra), Scope.OPTIONAL)
    for group in mapping(document.get("dependency-groups")).values():
        yield from _all(texts(group), Scope.DEV)
    yield from _all(texts(mapping(document.get("build-system")).get("requires")), Scope.BUILD)


def _poetry(poetry: dict[str, Any]) -> Iterator[Requirement]:
    yield from _poetry_table(poetry.get("dependencies"), Scope.RUNTIME)
    yield from _poetry_table(poetry.get("dev-dependencies"), Scope.DEV)
    for group in mapping(poetry.get("group")).values():
        yield from _poetry_table(mapping(group).get("dependencies"), Scope.DEV)


def _poetry_table(table: Any, scope: Scope) -> Iterator[Requirement]:
    for name, value in mapping(table).items():
        if name != "python":
            optional = mapping(value).get("optional") is True
            spec = value if isinstance(value, str) else text_of(value, "version", "git", "path", "url")
            yield Requirement(normal(name), spec, Scope.OPTIONAL if optional else scope)


def _others(tool: dict[str, Any]) -> Iterator[Requirement]:
    yield from _all(texts(mapping(tool.get("uv")).get("dev-dependencies")), Scope.DEV)
    for group in mapping(mapping(tool.get("pdm")).get("dev-dependencies")).values():
        yield from _all(texts(group), Scope.DEV)


def _all(written: list[str], scope: Scope) -> Iterator[Requirement]:
    yield from filter(None, (requirement(each, scope) for each in written))
