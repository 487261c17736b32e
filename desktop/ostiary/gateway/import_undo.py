"""What the undo of an import takes back, and what stays because the person has made it theirs since. Pure.

A server stays where its settings are not those it was brought in with; that it was switched on or off since says
nothing. A secret stays while a server that stays refers to it, and where its value is not known to be the one
that was brought in. The file has its own value again in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import assert_never

import msgspec

from ostiary.domain.host_import import Imported
from ostiary.domain.server import ServerSpec
from ostiary.gateway.secret_names import referred


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, with its servers as they were added. No value of a secret and no diff is in it.

    ``digests`` are those of its secrets' values, by name (``import_digests``).
    """

    done: Imported
    specs: tuple[ServerSpec, ...] = ()
    digests: dict[str, str] = {}


class Held(Enum):
    """What the keyring holds under the name of a secret that was brought in."""

    SAME = auto()
    REPLACED = auto()
    UNREAD = auto()
    """It is locked, or holds nothing there."""


def taking_back(record: Record, servers: Iterable[ServerSpec], secrets: Mapping[str, Held]) -> Imported:
    """Gives what would be taken back of what there is now; ``kept`` tells of each server and secret that stays.

    ``secrets`` are those of the import that are still set.
    """
    servers = tuple(servers)
    added = {spec.name: spec for spec in record.specs}
    mine = {spec.name for spec in servers if spec.name in record.done.servers}
    going = {spec.name for spec in servers if spec.name in mine and _is_as_added(spec, added.get(spec.name))}
    used = {name for spec in servers if spec.name not in going for name in referred(spec.texts)}
    changed = [f"{name} stays: it was changed since it was brought in." for name in sorted(mine - going)]
    staying = {name: _why_it_stays(name, held, is_used=name in used) for name, held in secrets.items()}
    return Imported(
        servers=tuple(name for name in record.done.servers if name in going),
        secrets=tuple(name for name, why in staying.items() if not why),
        changes=record.done.changes,
        kept=(*changed, *filter(None, staying.values())),
    )


def told(host: str, back: Imported) -> str:
    """Gives what the undo of one host's file takes back besides it, in sentences."""
    others = sorted({change.path for change in back.changes if change.host != host})
    files = f"Also changed back: {', '.join(others)}." if others else ""
    gone = [*back.servers, *(f"the secret {name}" for name in back.secrets)]
    removed = f"It was an import. Taken out of Ostiary again: {', '.join(gone)}." if gone else "It was an import."
    return " ".join(filter(None, [removed, files, *back.kept]))


def _why_it_stays(name: str, held: Held, *, is_used: bool) -> str:
    """Gives the sentence; empty for a secret that goes."""
    if is_used:
        return f"The secret {name} stays: a server that stays refers to it."
    match held:
        case Held.SAME:
            return ""
        case Held.REPLACED:
            return f"The secret {name} stays: its value was replaced since it was brought in."
        case Held.UNREAD:
            return f"The secret {name} stays: its value cannot be read, so it may have been replaced."
    assert_never(held)


def _is_as_added(spec: ServerSpec, added: ServerSpec | None) -> bool:
    """What is not known to be as it was added counts as changed."""
    return added is not None and msgspec.structs.replace(spec, enabled=added.enabled) == added
