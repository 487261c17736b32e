"""How the gateway introduces itself to hosts: the answers to ``initialize`` and ``server/discover``. Pure.

What is offered does not depend on which servers run: it is answered before any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from ostiary.gateway.asking import SHOWN_CHARACTERS, RefusedRequestError
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import INVALID_PARAMS, UNREADABLE
from ostiary.gateway.wire.messages import Request

CAPABILITIES: dict[str, object] = {
    "tools": {"listChanged": True},
    "resources": {"subscribe": True, "listChanged": True},
    "prompts": {"listChanged": True},
    "completions": {},
    "logging": {},
}
_NONE: Mapping[str, Any] = {}
INSTRUCTIONS_LIMIT = 8000
"""Instructions are the servers' own text and go into the model's context: bounded (our policy)."""


class _Initialize(Struct, rename="camel"):
    protocol_version: str
    capabilities: Any = None
    client_info: Raw = Raw(b"{}")


def read_initialize(request: Request) -> tuple[str, dict[str, Any], Raw]:
    """The version to speak, the host's capabilities and its ``clientInfo``. Raises ``RefusedRequestError``.

    The host's version if it is one of ours, otherwise the newest (MCP 2025-11-25, lifecycle#version-negotiation).
    """
    try:
        hello = msgspec.json.decode(request.params or b"{}", type=_Initialize)
    except UNREADABLE as error:
        raise RefusedRequestError(INVALID_PARAMS, f"initialize cannot be read: {error}") from error
    version = hello.protocol_version if hello.protocol_version in methods.LEGACY else methods.LEGACY[0]
    declared = hello.capabilities if isinstance(hello.capabilities, dict) else {}
    return version, declared, hello.client_info


def read_client_info(info: Raw) -> dict[str, Any] | None:
    """A host's ``clientInfo``; None when it is no object."""
    try:
        return msgspec.json.decode(info, type=dict[str, Any])
    except UNREADABLE:
        return None


def client_name(info: dict[str, Any] | None) -> str:
    """What a host calls itself, at most 100 characters; for show only."""
    name = None if info is None else info.get("name")
    return name[:SHOWN_CHARACTERS] if isinstance(name, str) else ""


def initialized(version: str, own_version: str, instructions: str, extensions: Mapping[str, Any] = _NONE) -> bytes:
    """The result of ``initialize``."""
    result: dict[str, object] = {
        "protocolVersion": version,
        "capabilities": _capabilities(extensions),
        "serverInfo": _server_info(own_version),
    }
    return msgspec.json.encode(_with_instructions(result, instructions))


def discovered(own_version: str, instructions: str, extensions: Mapping[str, Any] = _NONE) -> bytes:
    """The result of ``server/discover``."""
    result: dict[str, object] = {
        "resultType": "complete",
        "supportedVersions": [methods.MODERN],
        "capabilities": _capabilities(extensions),
        "ttlMs": 0,
        "cacheScope": "private",
        "_meta": {methods.SERVER_INFO_KEY: _server_info(own_version)},
    }
    return msgspec.json.encode(_with_instructions(result, instructions))


def _capabilities(extensions: Mapping[str, Any]) -> dict[str, object]:
    """``extensions`` are those of the one server behind the entry that pass; of several servers none do."""
    return CAPABILITIES | {"extensions": dict(extensions)} if extensions else CAPABILITIES


def _server_info(own_version: str) -> dict[str, str]:
    return {"name": "ostiary", "title": "Ostiary", "version": own_version}


def _with_instructions(result: dict[str, object], instructions: str) -> dict[str, object]:
    return result | {"instructions": instructions[:INSTRUCTIONS_LIMIT]} if instructions else result
