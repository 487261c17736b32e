"""``poetry.lock``. It does not say what the project itself asks for. Pure."""

import re
from typing import Any

from ostiary_servers.code.dependencies.documents import mapping, tables, text_of, texts, toml
from ostiary_servers.code.dependencies.model import Lock, Scope
from ostiary_servers.code.dependencies.python_locks import Asked, Raw, joined
from ostiary_servers.code.dependencies.python_names import normal


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    return joined(map(_package, tables(toml(text).get("package"))))


def _package(table: dict[str, Any]) -> Raw:
    raw = Raw(normal(text_of(table, "name")), text_of(table, "version"))
    optional: dict[str, Asked] = {}
    for name, value in mapping(table.get("dependencies")).items():
        for one in value if isinstance(value, list) else [value]:
            spec = one if isinstance(one, str) else text_of(one, "version")
            asked = Asked(normal(name), "" if spec == "*" else spec, extras=tuple(texts(mapping(one).get("extras"))))
            if mapping(one).get("optional") is True:
                optional[asked.name] = asked
            else:
                raw.asked.append(asked)
    for extra, names in mapping(table.get("extras")).items():
        found = [normal(re.split(r"[^\w.-]", name)[0]) for name in texts(names)]
        raw.extras[extra] = [optional.get(name, Asked(name, scope=Scope.RUNTIME)) for name in found]
    return raw
