"""What a line says: a message as it goes on, and the members of its envelope as they are decoded. Values only."""

from __future__ import annotations

from msgspec import UNSET, Raw, Struct, UnsetType

Key = str | int
"""A request id as a value: ``1`` and ``"1"`` are two ids (JSON-RPC 2.0; MCP 2026-07-28, basic#requests)."""


class Request(Struct, frozen=True):
    """A message that wants an answer. ``id`` is the sender's own JSON, to be given back to the letter."""

    id: bytes
    key: Key
    method: str
    params: bytes | None


class Notification(Struct, frozen=True):
    """A message that wants no answer."""

    method: str
    params: bytes | None


class Response(Struct, frozen=True):
    """The end of a request: either a result or an error, both raw."""

    key: Key
    result: bytes | None
    error: bytes | None


Message = Request | Notification | Response


class Envelope(Struct):
    """The members that JSON-RPC 2.0 gives a message, raw but for what says which one it is."""

    jsonrpc: str | UnsetType = UNSET
    id: Raw | UnsetType = UNSET
    method: str | UnsetType = UNSET
    params: Raw | UnsetType = UNSET
    result: Raw | UnsetType = UNSET
    error: Raw | UnsetType = UNSET


class JustId(Struct):
    """Of a message that is not as it should be, what it can be answered to by."""

    id: Raw | UnsetType = UNSET
