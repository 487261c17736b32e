"""The gateway's half of the greeting: what a hello says, and how it is answered.

The callers' half, the protocol range and the lines themselves are ``ostiary_connect.greeting``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ostiary_connect.greeting import PROTOCOL, GreetingError, decode_line, encode_line


class Kind(Enum):
    """What a connection is for."""

    HOST = "host"
    CONTROL = "control"


class Transport(Enum):
    """How a host's lines travel: over the host's own descriptors, or through the connection."""

    HANDOVER = "handover"
    PUMP = "pump"


@dataclass(frozen=True, slots=True)
class Hello:
    """Who arrives and what for. A claim by a process of this user: it selects, and permits nothing."""

    kind: Kind
    host: str | None
    servers: tuple[str, ...] | None
    """Names of configured servers to show; None for all."""
    cwd: str
    version: str
    protocols: tuple[int, int]
    """Oldest and newest protocol that the caller speaks."""
    transport: Transport
    resume: str | None
    """What an earlier gateway noted for a reconnect; opaque and unproved."""


def decode_hello(line: bytes) -> Hello:
    """The hello in a line. Unknown members are passed over: a newer caller may say more. Raises GreetingError."""
    match decode_line(line):
        case {
            "ostiary": [int(oldest), int(newest)],
            "kind": "host" | "control" as kind,
            "host": None | str() as host,
            "servers": None | [*_] as servers,
            "cwd": str(cwd),
            "version": str(version),
            "transport": "handover" | "pump" as transport,
            "resume": None | str() as resume,
        } if all(isinstance(name, str) for name in servers or ()):
            chosen = None if servers is None else tuple(servers)
            return Hello(Kind(kind), host, chosen, cwd, version, (oldest, newest), Transport(transport), resume)
    raise GreetingError("This is no hello of Ostiary's")


def agree(theirs: tuple[int, int]) -> int | None:
    """The newest protocol that both speak, or None."""
    newest = min(PROTOCOL[1], theirs[1])
    return newest if newest >= max(PROTOCOL[0], theirs[0]) else None


def welcome(protocol: int, version: str) -> bytes:
    """The line that lets a caller in."""
    return encode_line({"ok": True, "protocol": protocol, "version": version})


def refusal(title: str, detail: str, version: str) -> bytes:
    """The line that turns a caller away."""
    return encode_line({"ok": False, "title": title, "detail": detail, "version": version})
