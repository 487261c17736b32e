"""What the undo of an import takes back, and what stays because the person has made it theirs since. Pure.

A server stays where its settings are not those it was brought in with; that it was switched on or off since says
nothing. A secret stays while a server that stays refers to it. The file has its own value again in any case.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ostiary.domain.host_import import Imported
from ostiary.domain.server import ServerSpec
from ostiary.gateway.secret_names import referred


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, with its servers as they were added. No value of a secret and no diff is in it."""

    done: Imported
    specs: tuple[ServerSpec, ...] = ()


def taking_back(record: Record, servers: Iterable[ServerSpec], secrets: Iterable[str]) -> Imported:
    """Gives what would be taken back of what there is now; ``kept`` tells of each server and secret that stays."""
    servers, set_now = tuple(servers), frozenset(secrets)
    added = {spec.name: spec for spec in record.specs}
    mine = {spec.name for spec in servers if spec.name in record.done.servers}
    going = {spec.name for spec in servers if spec.name in mine and _is_as_added(spec, added.get(spec.name, spec))}
    used = {name for spec in servers if spec.name not in going for name in referred(spec.texts)}
    there = [name for name in record.done.secrets if name in set_now]
    changed = [f"{name} stays: it was changed since it was brought in." for name in sorted(mine - going)]
    needed = [f"The secret {name} stays: a server that stays refers to it." for name in there if name in used]
    return Imported(
        servers=tuple(name for name in record.done.servers if name in going),
        secrets=tuple(name for name in there if name not in used),
        changes=record.done.changes,
        kept=(*changed, *needed),
    )


def told(host: str, back: Imported) -> str:
    """Gives what the undo of one host's file takes back besides it, in sentences."""
    others = sorted({change.path for change in back.changes if change.host != host})
    files = f"Also changed back: {', '.join(others)}." if others else ""
    gone = [*back.servers, *(f"the secret {name}" for name in back.secrets)]
    removed = f"It was an import. Taken out of Ostiary again: {', '.join(gone)}." if gone else "It was an import."
    return " ".join(filter(None, [removed, files, *back.kept]))


def _is_as_added(spec: ServerSpec, added: ServerSpec) -> bool:
    return msgspec.structs.replace(spec, enabled=added.enabled) == added
