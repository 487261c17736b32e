"""Control messages to lines and back. Pure; both ends use it."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from ostiary.control.messages import AnyCommand, Command
from ostiary.domain import errors
from ostiary.domain.events import AnyEvent, Event

R = TypeVar("R")


class Asked(Struct, frozen=True):
    """A command and the id its reply will carry."""

    id: int
    command: AnyCommand


class _Numbered(Struct, frozen=True):
    id: int = 0


class Failure(Struct, frozen=True):
    """An error on the wire: the name of its class in ``domain.errors``, and what the person reads."""

    kind: str
    title: str
    detail: str = ""


class Reply(Struct, frozen=True):
    """The end of a command: a result (of the command's own type) or a failure."""

    id: int
    result: Raw | UnsetType = UNSET
    error: Failure | UnsetType = UNSET


class _FromGateway(Struct, frozen=True):
    event: str | UnsetType = UNSET  # an event may have an id of its own: that of its question


_commands = msgspec.json.Decoder(Asked)
_numbers = msgspec.json.Decoder(_Numbered)
_replies = msgspec.json.Decoder(Reply)
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_either = msgspec.json.Decoder(_FromGateway)
_encode = msgspec.json.Encoder().encode


def encode_command(number: int, command: Command[Any]) -> bytes:
    """One line, without its end."""
    return _encode({"id": number, "command": command})


def decode_command(line: bytes) -> Asked:
    """Raises ``UsageError`` for anything that is not a command."""
    try:
        return _commands.decode(line)
    except msgspec.MsgspecError as error:
        raise errors.UsageError("Not a command", str(error)) from error


def number_of(line: bytes) -> int:
    """The id of a line that is no command, so that whoever asked hears why; 0 where none can be read."""
    try:
        return _numbers.decode(line).id
    except msgspec.MsgspecError:
        return 0


def encode_result(number: int, result: object) -> bytes:
    return _encode({"id": number, "result": result})


def encode_failure(number: int, error: errors.OstiaryError) -> bytes:
    return _encode({"id": number, "error": Failure(type(error).__name__, error.title, error.detail)})


def encode_event(event: Event) -> bytes:
    return _encode(event)


def decode_from_gateway(line: bytes) -> Reply | AnyEvent:
    """What the gateway sent. Raises ``UnreachableError`` when it is neither a reply nor an event."""
    try:
        if _either.decode(line).event is UNSET:
            return _replies.decode(line)
        return _events.decode(line)
    except msgspec.MsgspecError as error:
        raise errors.UnreachableError("The gateway sent something unreadable", str(error)) from error


def result_of(command: Command[R], reply: Reply) -> R:
    """The reply's result in the command's own type. Raises the error that the reply carries.

    A result of another shape, as a newer gateway may send, is an ``UnreachableError``.
    """
    if reply.error is not UNSET:
        raise _error(reply.error)
    raw = b"null" if reply.result is UNSET else reply.result
    try:
        return cast(R, msgspec.json.decode(raw, type=command.result))
    except msgspec.MsgspecError as error:
        raise errors.UnreachableError(
            "The gateway answered in another way than this program knows", str(error)
        ) from error


def _error(failure: Failure) -> errors.OstiaryError:
    kind = getattr(errors, failure.kind, errors.OstiaryError)
    if not (isinstance(kind, type) and issubclass(kind, errors.OstiaryError)):
        kind = errors.OstiaryError
    return kind(failure.title, failure.detail)
