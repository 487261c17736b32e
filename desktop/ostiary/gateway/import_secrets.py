"""Where the secrets stand in what a host would start, and what stands there instead. Pure.

The environment is the better place: the arguments of a process can be read in the list of processes. So a secret moves
there where a program is documented to take it from there (docker's ``-e NAME``, mcp-remote's ``${NAME}`` in a header);
otherwise it stays an argument, by reference.
"""

from __future__ import annotations

import ntpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ostiary.gateway.hosts.offers import Offer

MASKED = "‹masked›"
LooksSecret = Callable[[str, str], bool]
"""Says whether a value looks like a secret, given the name it stands under and itself."""

_MOST_CHARACTERS = 64
_HEADER = re.compile(r"([A-Za-z][\w-]*):\s*")
_REFERENCE = re.compile(r"\$\{\w+\}")
_NAMED = re.compile(r"(-{0,2}[A-Za-z][\w.-]*)=")
_HEADER_OPTIONS = ("--header", "-H")
_VARIABLE_OPTIONS = ("--env", "-e")
_CONTAINERS = ("docker", "podman", "nerdctl")
_BRIDGE = "mcp-remote"
_NAMELESS = "ARGUMENT"
"""What an argument is called that stands under no name; the server's goes before it."""


@dataclass(slots=True)
class Parted:
    """A server's command and environment with references in place of secrets, and the same as it is shown.

    ``values`` are the secrets by their names, ``secrets`` says of each where it stood. ``exposed`` tells that one of
    them stays an argument.
    """

    command: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    shown_command: tuple[str, ...] = ()
    shown_environment: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    exposed: bool = False


def parted(
    offer: Offer, server: str, taken: Collection[str], known: Mapping[str, str], looks_secret: LooksSecret
) -> Parted:
    """Parts a server from its secrets. ``taken`` are names of secrets that are set, ``known`` values already named."""

    def is_secret(name: str, value: str) -> bool:
        return looks_secret(name, value) or any(secret in value for secret in offer.known_secrets)

    def keep(wanted: str, value: str, place: str) -> str:
        name = secret_name(wanted, server, value, taken, {**known, **found.values})
        found.values[name], found.secrets[name] = value, place
        return f"${{secret:{name}}}"

    found = Parted()
    for variable, value in offer.environment.items():
        secret = is_secret(variable, value)
        found.environment[variable] = keep(variable, value, variable) if secret else value
        found.shown_environment[variable] = MASKED if secret else value
    program, *arguments = offer.command or ("",)
    command, shown = [program], [MASKED if is_secret("", program) else program]
    for part, before in zip(arguments, offer.command, strict=False):
        name, prefix, value = _secret_part(part, before, is_secret)
        variable = _variable(name, offer.command, before) if value else ""
        if variable and variable not in offer.environment:
            found.environment[variable] = keep(variable, value, variable)
            found.shown_environment[variable] = MASKED
            command.append(variable if before in _VARIABLE_OPTIONS else f"{prefix.rstrip()}${{{variable}}}")
            shown.append(command[-1])
            continue
        found.exposed = found.exposed or bool(value)
        kept = keep(name or _NAMELESS, value, f"argument {len(command)}") if value else ""
        command.append(prefix + kept)
        shown.append(prefix + (MASKED if value else ""))
    if offer.command:
        found.command, found.shown_command = tuple(command), tuple(shown)
    return found


def _secret_part(part: str, before: str, is_secret: LooksSecret) -> tuple[str, str, str]:
    """Gives the name a secret in an argument stands under, what of the argument is no secret, and the secret."""
    header = _HEADER.match(part) if before in _HEADER_OPTIONS else None
    if header is not None:
        value = part[header.end() :]
        is_ours = not _REFERENCE.fullmatch(value) and is_secret(header[1], value)
        return (header[1], header[0], value) if is_ours else ("", part, "")
    named = _NAMED.match(part)
    if named is not None and is_secret(named[1].lstrip("-"), part[named.end() :]):
        return named[1].lstrip("-"), named[0], part[named.end() :]
    option = before.lstrip("-") if before.startswith("-") and not part.startswith("-") else ""
    return (option, "", part) if is_secret(option, part) else ("", part, "")


def _variable(name: str, command: Iterable[str], before: str) -> str:
    """Gives the variable that a program takes this argument from, by its documentation; empty where it takes none."""
    programs = {ntpath.basename(part).partition("@")[0].removesuffix(".exe") for part in command}
    if before in _VARIABLE_OPTIONS and not programs.isdisjoint(_CONTAINERS):
        return name
    if before in _HEADER_OPTIONS and _BRIDGE in programs:
        return _plain(name)
    return ""


def secret_name(wanted: str, server: str, value: str, taken: Collection[str], known: Mapping[str, str]) -> str:
    """The wanted name where it is free or holds the same value, otherwise one with the server's before it."""
    plain = _plain(wanted)
    longer = f"{_plain(server)}_{plain}"[:_MOST_CHARACTERS]
    names = [longer] if wanted == _NAMELESS else [plain, longer]
    for name in names + [f"{longer[:60]}_{number}" for number in range(2, 1000)]:
        if name not in taken and known.get(name, value) == value:
            return name
    raise AssertionError("a thousand secrets of one name")


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())[:_MOST_CHARACTERS] or "SECRET"
