"""``pylock.toml`` (PEP 751). Who asks for what is optional in it. Pure."""

from ostiary_servers.code.dependencies.documents import tables, text_of, toml
from ostiary_servers.code.dependencies.model import Lock
from ostiary_servers.code.dependencies.python_locks import Asked, Raw, joined
from ostiary_servers.code.dependencies.python_names import normal


def parse_lock(text: str) -> Lock:
    """Raises FormatError."""
    raws = [
        Raw(
            normal(text_of(table, "name")),
            text_of(table, "version"),
            [
                Asked(normal(text_of(each, "name")), version=text_of(each, "version"))
                for each in tables(table.get("dependencies"))
            ],
        )
        for table in tables(toml(text).get("packages"))
    ]
    lock = joined(raws)
    return Lock(lock.packages, flat=not any(package.edges for package in lock.packages.values()))
