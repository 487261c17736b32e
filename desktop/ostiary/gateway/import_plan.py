"""Which of the servers that were found would be brought in, under which names, with which secrets moved. Pure.

A value that looks like a secret never leaves this file in the clear but in ``Move.values``, for the keyring alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ostiary.domain.host_import import Candidate
from ostiary.domain.server import ServerSpec
from ostiary.gateway.hosts.offers import Offer

MASKED = "‹masked›"
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_MOST_NAME_CHARACTERS = 32
_MOST_SECRET_CHARACTERS = 64

LooksSecret = Callable[[str, str], bool]
"""Says whether a value looks like a secret, given the name it stands under and itself."""


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
        if known is not None and known.command == move.spec.command:
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
    environment, kept = dict[str, str](), dict[str, str]()
    for variable, value in offer.environment.items():
        environment[variable] = value
        if looks_secret(variable, value):
            secret = _secret_name(variable, name, value, secrets, {**values, **kept})
            kept[secret] = value
            environment[variable] = f"${{secret:{secret}}}"
    shown = Candidate(
        name=name,
        found_in=found.titles,
        command=_shown_command(offer.command, looks_secret),
        environment={key: MASKED if looks_secret(key, value) else value for key, value in offer.environment.items()},
        secrets={secret: variable for variable, secret in _references(environment).items() if secret in kept},
        problem=offer.problem,
    )
    move = Move(found, ServerSpec(name=name, command=offer.command, environment=environment), shown, kept)
    if not offer.problem and shown.command != offer.command:
        return _refused(move, "An argument looks like a secret. Give it in a variable of the environment instead.")
    return move


def _refused(move: Move, problem: str) -> Move:
    shown = Candidate(
        name=move.shown.name,
        found_in=move.shown.found_in,
        command=move.shown.command,
        environment=move.shown.environment,
        problem=problem,
    )
    return Move(move.found, move.spec, shown)


def _shown_command(command: tuple[str, ...], looks_secret: LooksSecret) -> tuple[str, ...]:
    """Masks an argument that looks like a secret: by its shape, in ``--name=value``, or after ``--name``."""
    shown, before = list[str](), ""
    for part in command:
        option, equals, value = part.partition("=")
        if before.startswith("-") and not part.startswith("-") and looks_secret(before.lstrip("-"), part):
            shown.append(MASKED)
        elif equals and looks_secret(option.lstrip("-"), value):
            shown.append(f"{option}={MASKED}")
        else:
            shown.append(MASKED if looks_secret("", part) else part)
        before = part
    return tuple(shown)


def _references(environment: Mapping[str, str]) -> dict[str, str]:
    opening = "${secret:"
    return {
        variable: value.removeprefix(opening).removesuffix("}")
        for variable, value in environment.items()
        if value.startswith(opening)
    }


def _secret_name(variable: str, server: str, value: str, taken: Collection[str], values: Mapping[str, str]) -> str:
    """The variable's own name where it is free or holds the same value, otherwise one with the server's before it."""
    plain = re.sub(r"[^A-Z0-9_]", "_", variable.upper())[:_MOST_SECRET_CHARACTERS] or "SECRET"
    longer = f"{server.upper().replace('-', '_')}_{plain}"[:_MOST_SECRET_CHARACTERS]
    for name in (plain, longer, *(f"{longer[:60]}_{number}" for number in range(2, 1000))):
        if name not in taken and values.get(name, value) == value:
            return name
    raise AssertionError("a thousand secrets of one name")


def _name(name: str) -> str:
    """A server's name made of what it was called: ``[a-z0-9][a-z0-9-]{0,31}``."""
    return _NOT_IN_NAMES.sub("-", name.lower()).strip("-")[:_MOST_NAME_CHARACTERS].rstrip("-") or "server"


def _free(name: str, taken: Collection[str]) -> str:
    numbered = (f"{name[: _MOST_NAME_CHARACTERS - 4]}-{number}" for number in range(2, 1000))
    return next(free for free in (name, *numbered) if free not in taken)
