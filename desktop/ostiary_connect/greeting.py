"""What a shim, a command or a tray says first to the gateway, and how it reads the answer: one JSON line each.

The caller gives the range of protocols it knows; the gateway takes the newest that both know, or says why not
(its half is ``ostiary.gateway.greeting``). A hello selects and describes: it cannot define a command or permit
anything.
"""

import json

PROTOCOL = (1, 3)
"""Oldest and newest version of the protocol that this code speaks; old shims outlive updates of the gateway."""

RESUMING_PROTOCOL = 2
"""From here on the gateway gives a note with which the shim comes back after the gateway's death."""

PUMP_RESUMING_PROTOCOL = 3
"""From here on also to a shim that pumps, between the host's lines."""

LINE_LIMIT_BYTES = 256 * 1024
"""Room for a note of 64 KiB, however much of it JSON writes as escapes."""

FAREWELL = b"\0\n"
"""The gateway's last line before it closes on purpose; no JSON line is like it. Without it, the gateway died."""

HOST, CONTROL = "host", "control"
HANDOVER, PUMP = "handover", "pump"


class GreetingError(ValueError):
    """The line is too long, or no hello and no welcome."""


class RefusedError(GreetingError):
    """The gateway said no, with a ``title`` and a ``detail`` for the person."""

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(f"{title}. {detail}")
        self.title, self.detail = title, detail


def encode_hello(
    kind: str,
    version: str,
    *,
    host: str | None = None,
    servers: list[str] | None = None,
    cwd: str = "",
    transport: str = PUMP,
    resume: str | None = None,
) -> bytes:
    """One line. ``servers`` None means all; ``resume`` is what an earlier gateway noted, opaque here."""
    told = {"ostiary": PROTOCOL, "kind": kind, "host": host, "servers": servers, "cwd": cwd, "version": version}
    return encode_line({**told, "transport": transport, "resume": resume})


def decode_welcome(line: bytes) -> int:
    """The agreed protocol. RefusedError when the gateway refused, GreetingError when this is no welcome."""
    match decode_line(line):
        case {"ok": True, "protocol": int(protocol)}:
            return protocol
        case {"ok": False, "title": str(title), "detail": str(detail)}:
            raise RefusedError(title, detail)
    raise GreetingError("This is no welcome of Ostiary's")


def encode_note(note: str) -> bytes:
    """The gateway's line on the connection beside handed-over descriptors. Empty: the session ends with the gateway."""
    return encode_line({"resume": note})


def decode_note(line: bytes) -> str:
    """What to say when coming back. GreetingError when this is no note."""
    match decode_line(line):
        case {"resume": str(note)}:
            return note
    raise GreetingError("This is no note of Ostiary's")


def encode_line(members: dict[str, object]) -> bytes:
    """One JSON object a line, in ASCII. GreetingError when it would be longer than the other side reads."""
    line = json.dumps(members).encode() + b"\n"
    if len(line) > LINE_LIMIT_BYTES:
        raise GreetingError(f"The greeting is longer than {LINE_LIMIT_BYTES} bytes")
    return line


def decode_line(line: bytes) -> object:
    """What the line holds. GreetingError when it is not JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise GreetingError("The greeting is not JSON") from error
