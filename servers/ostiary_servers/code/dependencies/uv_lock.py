"""``uv.lock``. Pure."""

from typing import Any

from ostiary_servers.code.dependencies.documents import mapping, tables, text_of, texts, toml
from ostiary_servers.code.dependencies.model import Lock, Scope
from ostiary_servers.code.dependencies.python_locks import Asked, Raw, joined
from ostiary_servers.code.dependencies.python_names import normal


def parse_lock(text: str) -> Lock:
    """Members are the packages whose source is a folder of the project. Raises FormatError."""
    return joined(map(_package, tables(toml(text).get("package"))))


def _package(table: dict[str, Any]) -> Raw:
    specs = {
        normal(text_of(each, "name")): text_of(each, "specifier")
        for each in tables(mapping(table.get("metadata")).get("requires-dist"))
    }
    raw = Raw(normal(text_of(table, "name")), text_of(table, "version"), _asked(table.get("dependencies"), specs))
    raw.member = bool({"editable", "virtual"} & set(mapping(table.get("source"))))
    for extra, asked in mapping(table.get("optional-dependencies")).items():
        raw.extras[extra] = _asked(asked, specs)
    for group in mapping(table.get("dev-dependencies")).values():
        raw.asked += _asked(group, specs, Scope.DEV)
    return raw


def _asked(value: Any, specs: dict[str, str], scope: Scope = Scope.RUNTIME) -> list[Asked]:
    return [
        Asked(name, specs.get(name, ""), text_of(each, "version"), tuple(texts(each.get("extra"))), scope)
        for each in tables(value)
        for name in [normal(text_of(each, "name"))]
    ]
