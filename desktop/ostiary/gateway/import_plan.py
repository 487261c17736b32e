"""Which of the servers that were found would be brought in, under which names, with which secrets moved. Pure.

What ``import_secrets`` parts from a server leaves this file in the clear in ``Move.values`` alone, for the keyring.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from ostiary.domain.host_import import Candidate
from ostiary.domain.server import ServerSpec
from ostiary.gateway.hosts.offers import Offer
from ostiary.gateway.import_secrets import LooksSecret, Parted, parted

EXPOSED = (
    "It takes a secret as an argument. It is kept in your keyring, but while the server runs, "
    "other programs on this computer can read it in the list of processes."
)
_REFERENCE = re.compile(r"\$\{secret:\w+\}")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_MOST_NAME_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Found:
    """An offer and the places that have the very same: hosts by their name, and what a person reads of each."""

    offer: Offer
    hosts: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A server to add, the values to keep in the keyring by their names, and what is shown of it."""

    found: Found
    spec: ServerSpec
    shown: Candidate
    values: Mapping[str, str] = field(default_factory=dict)


def merged(offers: Iterable[tuple[str, str, Offer]]) -> tuple[Found, ...]:
    """Puts the same servers of several places together; each comes with the place's name and title."""
    same: dict[tuple[object, ...], list[tuple[str, str, Offer]]] = {}
    for place in offers:
        same.setdefault((place[2].name, *place[2].identity), []).append(place)
    return tuple(
        Found(places[0][2], tuple(host for host, _, _ in places if host), tuple(title for _, title, _ in places))
        for places in same.values()
    )


def moves(
    found: Iterable[Found], existing: Iterable[ServerSpec], secrets: Collection[str], looks_secret: LooksSecret
) -> tuple[Move, ...]:
    """Decides for each server. ``existing`` are those we have, ``secrets`` the names that are taken."""
    servers = {spec.name: spec for spec in existing}
    taken, values = set(servers), dict[str, str]()
    decided = []
    for one in found:
        name = _free(_name(one.offer.name), taken)
        move = _move(one, name, secrets, values, looks_secret)
        known = servers.get(_name(one.offer.name))
        if known is not None and _compared(known.command) == _compared(move.spec.command):
            move = _refused(move, f"There is a server “{known.name}” with this command already.")
        if not move.shown.problem:
            taken.add(name)
            values.update(move.values)
        decided.append(move)
    return tuple(decided)


def _move(
    found: Found, name: str, secrets: Collection[str], values: Mapping[str, str], looks_secret: LooksSecret
) -> Move:
    offer = found.offer
    kept = parted(offer, name, secrets, values, looks_secret)
    spec = ServerSpec(
        name=name,
        title=offer.title,
        description=offer.description,
        command=kept.command,
        environment=kept.environment,
        bundle=offer.bundle,
    )
    move = Move(found, spec, _shown(found, name, kept), {} if offer.problem else kept.values)
    if not offer.problem and offer.command[0] not in kept.shown_command[:1]:
        return _refused(move, "The name of its program looks like a secret. Give it in a variable instead.")
    return move


def _compared(command: tuple[str, ...]) -> tuple[str, ...]:
    """The same secret may have another name the second time."""
    return tuple(_REFERENCE.sub("", part) for part in command)


def _shown(found: Found, name: str, kept: Parted) -> Candidate:
    problem = found.offer.problem
    return Candidate(
        name=name,
        found_in=found.titles,
        title=found.offer.title,
        description=found.offer.description,
        wanted=found.offer.wanted,
        command=kept.shown_command,
        environment=kept.shown_environment,
        secrets={} if problem else kept.secrets,
        note=EXPOSED if kept.exposed and not problem else "",
        problem=problem,
    )


def _refused(move: Move, problem: str) -> Move:
    return Move(move.found, move.spec, msgspec.structs.replace(move.shown, secrets={}, note="", problem=problem))


def _name(name: str) -> str:
    """A server's name made of what it was called: ``[a-z0-9][a-z0-9-]{0,31}``."""
    return _NOT_IN_NAMES.sub("-", name.lower()).strip("-")[:_MOST_NAME_CHARACTERS].rstrip("-") or "server"


def _free(name: str, taken: Collection[str]) -> str:
    numbered = (f"{name[: _MOST_NAME_CHARACTERS - 4]}-{number}" for number in range(2, 1000))
    return next(free for free in (name, *numbered) if free not in taken)
