"""What the lock files of Python share: packages by name and version, extras that add edges. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ostiary_servers.code.dependencies.model import Edge, Lock, Package, Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """One entry under ``dependencies``; ``version`` only where the name alone is not enough."""

    name: str
    spec: str = ""
    version: str = ""
    extras: tuple[str, ...] = ()
    scope: Scope = Scope.RUNTIME


@dataclass(slots=True)
class Raw:
    """A package as it is written, before names are resolved."""

    name: str
    version: str
    asked: list[Asked] = field(default_factory=list)
    extras: dict[str, list[Asked]] = field(default_factory=dict)
    member: bool = False

    @property
    def key(self) -> str:
        """Unique in its lock file."""
        return f"{self.name}@{self.version}"


def joined(raws: Iterable[Raw]) -> Lock:
    """The lock file. An extra of a package counts once anybody asks for it, or when the package is the project's."""
    entries = {raw.key: raw for raw in raws}
    by_name: dict[str, list[Raw]] = defaultdict(list)
    for raw in entries.values():
        by_name[raw.name].append(raw)
    wanted = _extras(entries, by_name)
    packages = {
        key: Package(key, raw.name, raw.version, tuple(_edges(raw, wanted[key], by_name)))
        for key, raw in entries.items()
    }
    return Lock(packages, {raw.name: raw.key for raw in entries.values() if raw.member})


def _extras(entries: dict[str, Raw], by_name: dict[str, list[Raw]]) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = defaultdict(set)
    pending = [each for raw in entries.values() for each in _all_asked(raw)]
    while pending:
        asked = pending.pop()
        target = _target(asked, by_name)
        for extra in asked.extras if target else ():
            if target is not None and extra not in wanted[target.key]:
                wanted[target.key].add(extra)
                pending += target.extras.get(extra, [])
    return wanted


def _all_asked(raw: Raw) -> list[Asked]:
    return raw.asked + [each for asked in raw.extras.values() for each in asked if raw.member]


def _edges(raw: Raw, extras: set[str], by_name: dict[str, list[Raw]]) -> Iterable[Edge]:
    optional = [
        (each, Scope.OPTIONAL)
        for extra, asked in raw.extras.items()
        if raw.member
        for each in asked
        if extra not in extras
    ]
    chosen = [(each, each.scope) for extra in sorted(extras) for each in raw.extras.get(extra, [])]
    found: dict[tuple[str, str | None], Edge] = {}
    for asked, scope in [*((each, each.scope) for each in raw.asked), *chosen, *optional]:
        target = _target(asked, by_name)
        key = target.key if target else None
        if key != raw.key:
            found.setdefault((asked.name, key), Edge(asked.name, asked.spec, key, scope))
    return found.values()


def _target(asked: Asked, by_name: dict[str, list[Raw]]) -> Raw | None:
    found = by_name.get(asked.name, [])
    return next(
        (raw for raw in found if raw.version == asked.version), found[0] if found and not asked.version else None
    )
