"""``pdm.lock``. A package has an entry of its own for each set of extras. Pure."""

from ostiary_servers.code.dependencies.documents import tables, text_of, texts, toml
from ostiary_servers.code.dependencies.model import Lock, Scope
from ostiary_servers.code.dependencies.python_locks import Asked, Raw, joined
from ostiary_servers.code.dependencies.python_names import normal, requirement


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    found: dict[str, Raw] = {}
    for table in tables(toml(text).get("package")):
        raw = Raw(normal(text_of(table, "name")), text_of(table, "version"))
        raw = found.setdefault(raw.key, raw)
        asked = filter(None, (requirement(each, Scope.RUNTIME) for each in texts(table.get("dependencies"))))
        raw.asked += [Asked(each.name, each.spec) for each in asked]
    return joined(found.values())
