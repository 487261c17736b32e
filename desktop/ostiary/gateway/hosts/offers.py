"""What servers a host's entries, or a block that a person pasted, define: program, arguments, environment. Pure.

Every shape that hosts use is read: a command with ``args``, a command as one list, one inside ``transport``, ``cmd``
with ``envs``. What cannot be started by a command is kept with the reason, and its address where it has one.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from ostiary.domain.errors import UsageError
from ostiary.domain.host_import import Wanted
from ostiary.gateway.hosts.json_spans import without_comments, without_trailing_commas
from ostiary.gateway.hosts.our_entries import is_shim
from ostiary.gateway.hosts.sound_text import is_sound, sound

_SECTIONS = ("mcpServers", "mcp_servers", "servers", "context_servers", "mcp", "extensions")
STARTS_US = "It starts Ostiary itself."
"""Why our own entry under another name, or the bundle that we make for a host, is no server to bring in."""
_ADDRESSES = ("url", "httpUrl", "serverUrl", "uri")


@dataclass(frozen=True, slots=True)
class Offer:
    """One server under the name it has there. ``problem`` is a sentence where no command can be had.

    ``url`` and ``headers`` are those of a server that is reached over the network. ``known_secrets`` are texts that
    are secrets whatever they look like. ``bundle`` is the folder that a bundle is unpacked to, ``wanted`` what it asks
    for.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    problem: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    known_secrets: frozenset[str] = frozenset()
    title: str = ""
    description: str = ""
    bundle: str = ""
    wanted: tuple[Wanted, ...] = ()

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two offers the same server."""
        pairs = (tuple(sorted(held.items())) for held in (self.environment, self.headers))
        return self.command, self.url, *pairs, self.problem


def offers(servers: Mapping[str, object], ours: str) -> tuple[Offer, ...]:
    """Gives the servers of a host's entries by their names, but for our own entry."""
    return tuple(_offer(name, entry) for name, entry in servers.items() if name != ours)


def pasted(text: str) -> Mapping[str, object]:
    """Gives the entries of a pasted block: JSON with or without its outer braces, or TOML. Raises ``UsageError``."""
    for read in (_json, lambda block: _json(f"{{{block.strip().rstrip(',')}}}"), tomllib.loads):
        found = _parsed(read, text)
        if found is not None:
            return _entries(found)
    raise UsageError("This is no list of servers", "Paste the block with “mcpServers”, as a server's page shows it.")


def _offer(name: str, entry: object) -> Offer:
    """A server that nobody could say or show is kept under a name that can be."""
    said = sound(name)
    offer = _read(said, entry)
    texts = (*offer.command, *_pairs(offer.environment), offer.url, *_pairs(offer.headers))
    if all(map(is_sound, (name, *texts))):
        return offer
    return Offer(said, (), {}, "There is something in it that is no valid text.")


def _pairs(held: Mapping[str, str]) -> tuple[str, ...]:
    return (*held, *held.values())


def _read(name: str, entry: object) -> Offer:
    if not isinstance(entry, dict):
        return Offer(name, (), {}, "Its entry is not an object.")
    inner = entry.get("transport")
    shape = cast("dict[str, object]", inner if isinstance(inner, dict) else entry)
    command = [*_texts(shape.get("command", shape.get("cmd"))), *_texts(shape.get("args"))]
    raw = next((shape[key] for key in ("env", "environment", "envs") if isinstance(shape.get(key), dict)), {})
    environment = {str(key): _text(value) for key, value in cast("dict[str, object]", raw).items()}
    url, headers = ("", {}) if command else _address(shape)
    return Offer(name, tuple(command), environment, _problem(shape, command, environment), url, headers)


def _address(shape: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """Gives where a server is reached over the network, and with which headers; blank when it says nothing of it."""
    url = next((shape[key] for key in _ADDRESSES if isinstance(shape.get(key), str)), "")
    options = shape.get("requestOptions")
    within = cast("dict[str, object]", options if isinstance(options, dict) else shape)
    found = next((within[key] for key in ("headers", "http_headers") if isinstance(within.get(key), dict)), {})
    return _text(url), {str(key): _text(value) for key, value in cast("dict[str, object]", found).items()}


def _problem(shape: Mapping[str, object], command: list[str], environment: Mapping[str, str]) -> str:
    if not command or not command[0]:
        remote = any(key in shape for key in _ADDRESSES)
        return "It is reached over the network, not started by a command." if remote else "It has no command."
    if any(map(is_shim, command)):
        return STARTS_US
    if any("${" in text for text in (*command, *environment.values())):
        return "It refers to a value that only its host fills in. Put the value itself there, then try again."
    if any("\0" in text for text in (*command, *environment.values())):
        return "A zero byte is in it."
    return ""


def _texts(value: object) -> list[str]:
    match value:
        case None:
            return []
        case list():
            return [_text(item) for item in value]
        case _:
            return [_text(value)]


def _text(value: object) -> str:
    """TOML and YAML have values that JSON has not, such as dates."""
    return value if isinstance(value, str) else json.dumps(value, default=str).strip('"')


def _json(text: str) -> object:
    return cast(object, json.loads(without_trailing_commas(without_comments(text.removeprefix("\ufeff")))))


def _parsed(read: Callable[[str], object], text: str) -> dict[str, object] | None:
    try:
        found = read(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", found) if isinstance(found, dict) and found else None


def _entries(found: dict[str, object]) -> Mapping[str, object]:
    for key in _SECTIONS:
        section = found.get(key)
        if isinstance(section, dict):
            return cast("dict[str, object]", section)
    if "command" in found or "url" in found:
        return {"server": found}
    if all(isinstance(entry, dict) for entry in found.values()):
        return found
    raise UsageError("This is no list of servers", "Paste the block with “mcpServers”, as a server's page shows it.")
